//! The error object of a failed invocation.

use bytes::Bytes;
use serde::Deserialize;

/// The error object of a failed invocation
/// (<https://docs.aws.amazon.com/lambda/latest/dg/rust-handler.html>).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// The name that a state machine's `Retry` and `Catch` match.
    pub error_type: String,
    /// One line for a person.
    pub error_message: String,
}

/// The JSON of an error object that Lambda itself writes.
pub(super) fn error_object(error_type: &str, error_message: &str) -> Bytes {
    serde_json::json!({"errorType": error_type, "errorMessage": error_message}).to_string().into()
}
