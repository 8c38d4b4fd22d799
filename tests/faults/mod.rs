//! What goes wrong on the way, and what the caller, the table and the next invocation see of it.
//!
//! - `refusals`: the service's own codes, and answers that stay broken
//! - `table`: every fault with every kind of operation: what is in the table afterwards

mod refusals;
mod table;
