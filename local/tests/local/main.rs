//! The crate as its users see it: the embedded DynamoDB, STS and Secrets Manager, Lambda and its APIs.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests may read the clock and unwrap, but clippy does not take the functions of a test crate for tests"
)]

mod dynamodb;
mod http_client;
mod identity;
mod lambda;
mod page;
