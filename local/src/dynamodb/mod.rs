//! DynamoDB on one machine: an embedded database, and the wire format for servers that stand in for DynamoDB.

mod backups;
mod embedded;
mod front;
pub mod wire;

pub use backups::Backups;
pub use embedded::DynamoDb;
