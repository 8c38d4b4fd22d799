//! What flows, forms and serializers really send.
//!
//! - `reports`: inputs that users reported, each with the answer that it must have
//! - `tables`: capacities, and descriptions that go back in
//! - `statements`: `rawRequest` over several pages
//! - `consumption`: what every action tells of the capacity that it used
//! - `conditions`: an update that only checks
//! - `debug`: DEBUG for one event
//! - `throttling`: DynamoDB's reasons

mod conditions;
mod consumption;
mod debug;
mod reports;
mod statements;
mod tables;
mod throttling;
