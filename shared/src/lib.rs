//! The actions of a DynamoDB component.
pub mod answer;
pub mod error;

pub mod input;
pub mod json;
pub mod path;
pub mod value;
