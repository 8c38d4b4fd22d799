//! What goes wrong on the way, and what the caller, the table and the next invocation see of it.
//!
//! - `refusals`: the service's own codes, and answers that stay broken
//! - `operations`: one of every kind
//! - `table`: every fault with every kind of operation: what is in the table afterwards
//! - `tables`: every fault with every operation on a table's settings
//! - `upstream`: no way to DynamoDB, answers without end
//! - `renewal`: credentials that are slow to come
//! - `soak`: many invocations, with a random fault in every tenth
//! - `runtime_api`: Lambda itself in trouble
//! - `payloads`: the largest and most awkward events
//! - `freeze`: connections that are gone when a stopped process goes on

mod freeze;
mod operations;
mod payloads;
mod refusals;
mod renewal;
mod runtime_api;
mod soak;
mod table;
mod tables;
mod upstream;
