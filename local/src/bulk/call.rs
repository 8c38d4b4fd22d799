//! Invokes a function and reads its answer.

use bytes::Bytes;
use serde::Deserialize;

use super::BulkError;
use crate::{FunctionError, Lambda};

/// An answer: `{"data": …}`.
#[derive(Debug, Deserialize)]
pub(super) struct Answer<T> {
    pub(super) data: T,
}

/// Invokes a function. The inner error is the function's own.
pub(super) async fn call(
    lambda: &Lambda,
    function: &str,
    event: String,
) -> Result<Result<Bytes, FunctionError>, BulkError> {
    let invocation = lambda.invoke(function, event).await?;
    Ok(match invocation.error() {
        Some(error) => Err(error),
        None => Ok(invocation.payload),
    })
}

/// Reads the `data` of an answer.
pub(super) fn data<'a, T: Deserialize<'a>>(function: &'static str, payload: &'a [u8]) -> Result<T, BulkError> {
    match serde_json::from_slice(payload) {
        Ok(Answer { data }) => Ok(data),
        Err(error) => Err(BulkError::Function {
            function,
            error: FunctionError { error_type: "Internal".into(), error_message: format!("its answer: {error}") },
            remark: String::new(),
        }),
    }
}

/// `text` as JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
