//! A role and its trust policy.

use std::{fmt, time::Duration};

use super::caller::Caller;

/// A role that can be assumed. `Debug` hides the external ID.
#[derive(Clone, PartialEq, Eq)]
pub struct Role {
    /// The ARN: `arn:aws:iam::123456789012:role/reader`.
    pub arn: String,
    /// The identities that may assume the role: access key ids, or ARNs of users, roles and sessions.
    pub trusted: Vec<String>,
    /// The external ID that a caller must send. With `None`, a caller may send any or none.
    pub external_id: Option<String>,
    /// The longest session that a caller may ask for.
    pub max_session: Duration,
}

impl Role {
    /// A role without an external ID and with sessions of up to one hour.
    pub fn new<T: Into<String>>(arn: impl Into<String>, trusted: impl IntoIterator<Item = T>) -> Self {
        Self {
            arn: arn.into(),
            trusted: trusted.into_iter().map(Into::into).collect(),
            external_id: None,
            max_session: Duration::from_hours(1),
        }
    }

    /// Sets the external ID that a caller must send.
    #[must_use]
    pub fn external_id(mut self, external_id: impl Into<String>) -> Self {
        self.external_id = Some(external_id.into());
        self
    }

    /// Sets the longest session that a caller may ask for.
    #[must_use]
    pub fn max_session(mut self, duration: Duration) -> Self {
        self.max_session = duration;
        self
    }

    /// Whether `caller` may assume the role with this external ID.
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
