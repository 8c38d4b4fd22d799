//! The state of both services: users, roles, sessions, secrets and calls.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};

use axum::http::HeaderMap;

use super::{
    call::{Call, Operation},
    caller::Caller,
    fault::Fault,
    role::Role,
    secret::Secret,
    session::Session,
    signature::Signature,
};

/// The state of both services. It has no `Debug`, because it holds secrets.
#[derive(Default)]
pub(super) struct Directory {
    /// By access key id.
    pub(super) users: HashMap<String, User>,
    /// By access key id.
    pub(super) sessions: HashMap<String, Session>,
    /// By ARN.
    pub(super) roles: HashMap<String, Role>,
    pub(super) secrets: Vec<Secret>,
    /// How long new sessions last, whatever duration is requested.
    pub(super) session_lifetime: Option<Duration>,
    pub(super) failures: Vec<ScriptedFailure>,
    pub(super) calls: Vec<Call>,
}

pub(super) struct User {
    pub(super) secret_access_key: String,
    pub(super) arn: String,
}

/// An error that a test asked for.
pub(super) struct ScriptedFailure {
    pub(super) operation: Operation,
    pub(super) code: String,
    pub(super) times: usize,
}

impl Directory {
    /// Checks the signature of a request for `service` and returns the identity that signed it.
    pub(super) fn authenticate(
        &self,
        service: &str,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<Caller, Fault> {
        let signature = Signature::read(headers)?;
        let access_key_id = signature.access_key_id.to_owned();
        let (secret_access_key, arn, role_arn) = if let Some(token) = signature.token {
            let session = self.session(signature.access_key_id, token).ok_or(Fault::UnknownKey)?;
            // As in AWS, the token is checked before the signature.
            if !session.is_live(now) {
                return Err(Fault::Expired);
            }
            (&session.secret_access_key, &session.arn, Some(session.role_arn.clone()))
        } else {
            let user = self.users.get(signature.access_key_id).ok_or(Fault::UnknownKey)?;
            (&user.secret_access_key, &user.arn, None)
        };
        signature.check(service, secret_access_key, headers, body, now)?;
        Ok(Caller { access_key_id, arn: arn.clone(), role_arn })
    }

    /// The session with this key and this token, whether or not it is still valid.
    pub(super) fn session(&self, access_key_id: &str, token: &str) -> Option<&Session> {
        self.sessions.get(access_key_id).filter(|session| session.token == token)
    }

    /// Starts a session of the role at `role_arn`.
    pub(super) fn start_session(
        &mut self,
        role_arn: &str,
        session_name: &str,
        assumed_by: &str,
        duration: Duration,
        now: SystemTime,
    ) -> &Session {
        let expiration = now + self.session_lifetime.unwrap_or(duration);
        let session = Session::new(role_arn, session_name, assumed_by, expiration);
        self.sessions.entry(session.access_key_id.clone()).insert_entry(session).into_mut()
    }

    /// Creates the secret `name`, or replaces its text. Returns its ARN.
    pub(super) fn put_secret(&mut self, region: &str, name: &str, text: String, now: SystemTime) -> String {
        let known = self.secrets.iter_mut().find(|secret| secret.name == name && secret.region == region);
        if let Some(secret) = known {
            secret.rotate(text, now);
            return secret.arn.clone();
        }
        let secret = Secret::new(region, name, text, now);
        let arn = secret.arn.clone();
        self.secrets.push(secret);
        arn
    }

    /// Returns the error that a test asked for as the answer to the next call of `operation`, and counts it.
    pub(super) fn take_failure(&mut self, operation: Operation) -> Option<Fault> {
        let at = self.failures.iter().position(|failure| failure.operation == operation)?;
        let failure = &mut self.failures[at];
        failure.times -= 1;
        let code = failure.code.clone();
        if failure.times == 0 {
            self.failures.remove(at);
        }
        Some(Fault::Scripted(code))
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_session_is_valid_until_the_expiration_that_the_caller_is_told() {
        let mut directory = Directory { session_lifetime: Some(Duration::from_millis(1500)), ..Directory::default() };
        let now = UNIX_EPOCH + Duration::new(1_000_000, 2_999_999);
        let session = directory.start_session("arn:aws:iam::123456789012:role/r", "one", "key", Duration::ZERO, now);
        assert_eq!(session.expiration, UNIX_EPOCH + Duration::from_millis(1_000_001_502));
        assert!(session.is_live(session.expiration - Duration::from_nanos(1)));
        assert!(!session.is_live(session.expiration));
        let (id, token) = (session.access_key_id.clone(), session.token.clone());
        assert!(id.starts_with("ASIA") && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
        assert_eq!(directory.session(&id, &token).map(|session| session.state(now).is_live), Some(true));
        assert!(directory.session(&id, "another").is_none());
    }

    #[test]
    fn scripted_failures_come_in_order_and_end() {
        let failure = |operation, code: &str, times| ScriptedFailure { operation, code: code.to_owned(), times };
        let mut directory = Directory {
            failures: vec![failure(Operation::AssumeRole, "A", 2), failure(Operation::AssumeRole, "B", 1)],
            ..Directory::default()
        };
        assert_eq!(directory.take_failure(Operation::GetSecretValue), None);
        for code in [Some("A"), Some("A"), Some("B"), None] {
            let expected = code.map(|code| Fault::Scripted(code.to_owned()));
            assert_eq!(directory.take_failure(Operation::AssumeRole), expected);
        }
    }
}
