//! Everybody and everything that the services know.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::http::HeaderMap;

use super::{
    call::{Call, Operation},
    caller::{Caller, session_arn},
    random,
    refusal::Fault,
    role::{Role, SessionState},
    secrets_manager::Secret,
    signature::Signature,
};

/// The services' memory. No `Debug`: it is full of secrets.
#[derive(Default)]
pub(super) struct Directory {
    /// By access key id.
    pub(super) users: HashMap<String, User>,
    /// By access key id.
    pub(super) sessions: HashMap<String, Session>,
    /// By ARN.
    pub(super) roles: HashMap<String, Role>,
    pub(super) secrets: Vec<Secret>,
    /// How long sessions last, whatever is asked for.
    pub(super) session_lifetime: Option<Duration>,
    pub(super) failures: Vec<Failure>,
    pub(super) calls: Vec<Call>,
}

pub(super) struct User {
    pub(super) secret_access_key: String,
    pub(super) arn: String,
}

/// A session with its temporary credentials.
pub(super) struct Session {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) token: String,
    pub(super) arn: String,
    pub(super) expiration: SystemTime,
    role_arn: String,
    assumed_by: String,
    /// Ended before its time.
    pub(super) ended: bool,
}

impl Session {
    fn is_live(&self, now: SystemTime) -> bool {
        !self.ended && now < self.expiration
    }

    pub(super) fn state(&self, now: SystemTime) -> SessionState {
        SessionState {
            arn: self.arn.clone(),
            role_arn: self.role_arn.clone(),
            assumed_by: self.assumed_by.clone(),
            expiration: self.expiration,
            is_live: self.is_live(now),
        }
    }
}

/// An answer that a test has ordered.
pub(super) struct Failure {
    pub(super) operation: Operation,
    pub(super) code: String,
    pub(super) times: usize,
}

impl Directory {
    /// Who signed a request for `service`, where the signature holds.
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
            // The token is looked at before the signature.
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

    /// The session with this key and this token.
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
        let access_key_id = format!("ASIA{}", random::id(16));
        let session = Session {
            access_key_id: access_key_id.clone(),
            secret_access_key: random::text(30),
            token: random::text(256),
            arn: session_arn(role_arn, session_name),
            expiration: whole_milliseconds(now + self.session_lifetime.unwrap_or(duration)),
            role_arn: role_arn.to_owned(),
            assumed_by: assumed_by.to_owned(),
            ended: false,
        };
        self.sessions.entry(access_key_id).insert_entry(session).into_mut()
    }

    /// The error that a test has ordered for this call.
    pub(super) fn ordered(&mut self, operation: Operation) -> Option<Fault> {
        let at = self.failures.iter().position(|failure| failure.operation == operation)?;
        let failure = &mut self.failures[at];
        failure.times -= 1;
        let code = failure.code.clone();
        if failure.times == 0 {
            self.failures.remove(at);
        }
        Some(Fault::Ordered(code))
    }
}

/// A time that is told exactly, and so can be held exactly.
fn whole_milliseconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + Duration::new(since.as_secs(), since.subsec_millis() * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_good_until_the_time_that_was_told() {
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
    fn ordered_failures_come_in_order_and_end() {
        let failure = |operation, code: &str, times| Failure { operation, code: code.to_owned(), times };
        let mut directory = Directory {
            failures: vec![failure(Operation::AssumeRole, "A", 2), failure(Operation::AssumeRole, "B", 1)],
            ..Directory::default()
        };
        assert_eq!(directory.ordered(Operation::GetSecretValue), None);
        for code in [Some("A"), Some("A"), Some("B"), None] {
            let expected = code.map(|code| Fault::Ordered(code.to_owned()));
            assert_eq!(directory.ordered(Operation::AssumeRole), expected);
        }
    }
}
