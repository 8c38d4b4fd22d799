//! STS and Secrets Manager, as a client sees them that signs with the AWS SDK's own signer.

#![expect(clippy::disallowed_methods, reason = "the clock of this AWS is the machine's")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, and does not see that a test's own functions are tests"
)]

mod client;
mod secrets;
mod sessions;
mod signatures;

use local::{Identity, Role};

const READER: &str = "arn:aws:iam::123456789012:role/team/reader";
const ADA: &str = "arn:aws:iam::123456789012:user/ada";

/// An identity that knows Ada, and the role that she may assume with an external ID.
async fn identity() -> Identity {
    let identity = Identity::start().await.unwrap();
    identity.user("ada", "ada-secret", ADA);
    identity.role(Role::new(READER, ["ada"]).external_id("ours"));
    identity
}
