//! Connections: the identities that sign calls to AWS.
//!
//! | `type` | inputs | also accepted |
//! |---|---|---|
//! | `accessKey` | `accessKeyId`, `secretAccessKey`, `sessionToken`? | `{"key": "apiKeySecret", "fields": {…}}` |
//! | `role` | `roleArn` (also `roleARN`), `externalId`?, `sessionName`?, `durationSeconds`?, and optionally an access key pair: the identity that assumes the role | `{"key": "awsAssumeRole", "fields": {…}}` |
//! | `secret` | `secretId`, `secretRegion`? | |
//! | (left out) | the function's execution role | `{}` and `null` |
//!
//! - [`access_key`], [`role`], [`secret`]: one kind of connection each
//! - [`renewal`]: keeps temporary credentials and renews them
//! - [`region`]: the names of regions
//! - [`cache`]: one client for each identity
//! - [`client`]: DynamoDB for one identity in one region; `base`: the configuration that all clients share
//! - `bounded`: a size limit for the answers of STS and Secrets Manager
//! - `inputs`: reads a connection's inputs, flat or wrapped
//! - `sdk`: the SDK's configuration: endpoints, retries, the function's own credentials
//! - `trust`: the certificates that TLS accepts, and the SDK's HTTP clients
//! - `warm_up`: opens a connection before the first event
//! - [`sensitive`]: the type for secrets
//!
//! Errors about the inputs are [`Error::InvalidConnection`]. They name the inputs and never show their values.

pub mod access_key;
pub mod cache;
pub mod client;
pub mod region;
pub mod renewal;
pub mod role;
pub mod secret;
pub mod sensitive;

mod base;
mod bounded;
mod inputs;
mod sdk;
mod trust;
mod warm_up;

pub use access_key::AccessKey;
pub use cache::IdentityKey;
pub use client::{Client, Clients};
pub use region::Region;
pub use role::Role;
pub use secret::SecretReference;
pub use sensitive::Sensitive;

use std::borrow::Cow;

/// An identity, as the event gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The function's execution role.
    Own,
    /// An access key pair.
    AccessKey(AccessKey),
    /// A role to assume.
    Role(Role),
    /// A secret that holds one of the two above.
    Secret(SecretReference),
}

impl Connection {
    /// The kind, for a log line.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::AccessKey(_) => "accessKey",
            Self::Role(_) => "role",
            Self::Secret(_) => "secret",
        }
    }

    /// All values that distinguish this identity from others, for [`cache::Cache::identity`].
    fn parts(&self) -> Vec<Option<Cow<'_, str>>> {
        match self {
            Self::Own => vec![Some("own".into())],
            Self::AccessKey(pair) => pair.parts(),
            Self::Role(role) => role.parts(),
            Self::Secret(reference) => reference.parts(),
        }
    }
}

#[cfg(test)]
mod tests;
