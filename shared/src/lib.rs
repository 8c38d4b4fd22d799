//! The actions of a DynamoDB component.
pub mod actions;
pub mod answer;
pub mod call;
pub mod connection;
pub mod error;
pub mod event;
pub mod expression;
pub mod input;
pub mod json;
pub mod keys;
pub mod path;
pub mod runtime;
pub mod sources;
pub mod value;

mod log;

pub use runtime::{run, run_offline};
