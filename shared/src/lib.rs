//! The actions of a DynamoDB component.
pub mod error;
pub mod json;
pub mod path;
