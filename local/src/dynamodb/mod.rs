//! DynamoDB on one machine: an embedded database, and the wire format for servers that stand in for DynamoDB.

mod embedded;
pub mod wire;

pub use embedded::DynamoDb;
