//! A session of a role, with temporary credentials.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    caller::session_arn,
    ids::{random_id, random_secret},
};

/// A session. It has no `Debug`, because it holds secrets.
pub(super) struct Session {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) token: String,
    pub(super) arn: String,
    pub(super) role_arn: String,
    pub(super) expiration: SystemTime,
    assumed_by: String,
    /// Whether the session was ended before its expiration.
    pub(super) ended: bool,
}

impl Session {
    pub(super) fn new(role_arn: &str, session_name: &str, assumed_by: &str, expiration: SystemTime) -> Self {
        Self {
            access_key_id: format!("ASIA{}", random_id(16)),
            secret_access_key: random_secret(30),
            token: random_secret(256),
            arn: session_arn(role_arn, session_name),
            role_arn: role_arn.to_owned(),
            expiration: whole_milliseconds(expiration),
            assumed_by: assumed_by.to_owned(),
            ended: false,
        }
    }

    pub(super) fn is_live(&self, now: SystemTime) -> bool {
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

    pub(super) fn credentials(&self) -> SessionCredentials {
        SessionCredentials {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            session_token: self.token.clone(),
        }
    }
}

/// Answers carry times in milliseconds. A time without a smaller part is the same in the answer and in the check.
fn whole_milliseconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + Duration::new(since.as_secs(), since.subsec_millis() * 1_000_000)
}

/// The state of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionState {
    /// The ARN: `arn:aws:sts::123456789012:assumed-role/reader/SESSION`.
    pub arn: String,
    /// The ARN of the role.
    pub role_arn: String,
    /// The access key id that assumed the role, or the service that started the session.
    pub assumed_by: String,
    /// The expiration time that the caller was told.
    pub expiration: SystemTime,
    /// Whether the credentials are still accepted.
    pub is_live: bool,
}

/// Temporary credentials. `Debug` hides the secret and the token.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionCredentials {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The session token.
    pub session_token: String,
}

impl fmt::Debug for SessionCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionCredentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}
