//! A role and the sessions of roles.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use super::caller::Caller;

/// A role that can be assumed. Its `Debug` hides the external ID.
#[derive(Clone, PartialEq, Eq)]
pub struct Role {
    /// `arn:aws:iam::123456789012:role/reader`
    pub arn: String,
    /// Who may assume it: access key ids, or ARNs of users, roles and sessions.
    pub trusted: Vec<String>,
    /// The external ID that must be given; without one, any will do and none is needed.
    pub external_id: Option<String>,
    /// The longest session that can be asked for.
    pub max_session: Duration,
}

impl Role {
    /// A role for whom `trusted` names, without an external ID, with sessions of up to an hour.
    pub fn new<T: Into<String>>(arn: impl Into<String>, trusted: impl IntoIterator<Item = T>) -> Self {
        Self {
            arn: arn.into(),
            trusted: trusted.into_iter().map(Into::into).collect(),
            external_id: None,
            max_session: Duration::from_hours(1),
        }
    }

    /// Asks for this external ID.
    #[must_use]
    pub fn external_id(mut self, external_id: impl Into<String>) -> Self {
        self.external_id = Some(external_id.into());
        self
    }

    /// Allows sessions as long as this.
    #[must_use]
    pub fn max_session(mut self, duration: Duration) -> Self {
        self.max_session = duration;
        self
    }

    /// Whether its trust policy lets `caller` in with this external ID.
    pub(super) fn trusts(&self, caller: &Caller, external_id: Option<&str>) -> bool {
        let is_caller = |name: &String| {
            *name == caller.access_key_id || *name == caller.arn || caller.role_arn.as_ref() == Some(name)
        };
        self.trusted.iter().any(is_caller)
            && self.external_id.as_deref().is_none_or(|needed| external_id == Some(needed))
    }
}

impl fmt::Debug for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Role")
            .field("arn", &self.arn)
            .field("trusted", &self.trusted)
            .field("external_id", &self.external_id.as_ref().map(|_| "hidden"))
            .field("max_session", &self.max_session)
            .finish()
    }
}

/// What is known of temporary credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionState {
    /// `arn:aws:sts::123456789012:assumed-role/reader/SESSION`
    pub arn: String,
    /// The role.
    pub role_arn: String,
    /// The key that assumed it.
    pub assumed_by: String,
    /// When they end, as the issuer told it.
    pub expiration: SystemTime,
    /// Whether they are good still.
    pub is_live: bool,
}
