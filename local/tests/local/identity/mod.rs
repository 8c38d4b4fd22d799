//! STS and Secrets Manager, called by a client that signs with the signer of the AWS SDK.

mod client;
mod secrets;
mod sessions;
mod signatures;

use local::{Identity, Role};

const READER: &str = "arn:aws:iam::123456789012:role/team/reader";
const ADA: &str = "arn:aws:iam::123456789012:user/ada";

/// Services with the user Ada and a role that she may assume with an external ID.
async fn identity() -> Identity {
    let identity = Identity::start().await.unwrap();
    identity.user("ada", "ada-secret", ADA);
    identity.role(Role::new(READER, ["ada"]).external_id("ours"));
    identity
}
