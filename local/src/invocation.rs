//! What came of an invocation.

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

/// How much of the log `X-Amz-Log-Result` carries, in bytes
/// (<https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>).
const TAIL: usize = 4096;

/// The end of one invocation: the function's answer, or what Lambda says instead of one.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The answer's bytes, as the function gave them; for a failure, Lambda's error object.
    pub payload: Bytes,
    /// Whether the function failed: the Invoke API says `X-Amz-Function-Error: Unhandled` then.
    pub failed: bool,
    /// The id under which the function knew the invocation.
    pub request_id: String,
    /// What the process printed since the invocation before, between Lambda's `START`, `END` and `REPORT` lines.
    pub log: String,
    /// From the moment the function took the event to its answer.
    pub duration: Duration,
    /// For the first invocation of a process: from its start to its first question for an event.
    pub init: Option<Duration>,
}

/// Lambda's error object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// What a state machine's `Retry` and `Catch` match.
    pub error_type: String,
    /// One line for a person.
    pub error_message: String,
}

impl Invocation {
    /// The error of a failed invocation; a body that is no error object is shown whole as the message.
    #[must_use]
    pub fn error(&self) -> Option<FunctionError> {
        self.failed.then(|| {
            serde_json::from_slice(&self.payload).unwrap_or_else(|_| FunctionError {
                error_type: String::new(),
                error_message: String::from_utf8_lossy(&self.payload).into_owned(),
            })
        })
    }

    /// The last 4 KB of the log.
    #[must_use]
    pub fn tail(&self) -> &str {
        let mut start = self.log.len().saturating_sub(TAIL);
        while !self.log.is_char_boundary(start) {
            start += 1;
        }
        &self.log[start..]
    }
}

/// The error object that Lambda itself makes.
pub(crate) fn error_object(error_type: &str, error_message: &str) -> Bytes {
    serde_json::json!({"errorType": error_type, "errorMessage": error_message}).to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(payload: Bytes, log: String) -> Invocation {
        Invocation { payload, failed: true, request_id: String::new(), log, duration: Duration::ZERO, init: None }
    }

    #[test]
    fn reads_the_error_object() {
        let error = failed(error_object("InvalidInput", "`limit`: no"), String::new()).error().unwrap();
        assert_eq!((error.error_type.as_str(), error.error_message.as_str()), ("InvalidInput", "`limit`: no"));
    }

    #[test]
    fn shows_a_body_that_is_no_error_object() {
        let error = failed(Bytes::from_static(b"oh"), String::new()).error().unwrap();
        assert_eq!((error.error_type.as_str(), error.error_message.as_str()), ("", "oh"));
    }

    #[test]
    fn cuts_the_tail_between_characters() {
        let log = format!("a{}b", "é".repeat(TAIL));
        let invocation = failed(Bytes::new(), log);
        assert_eq!(invocation.tail().len(), TAIL - 1);
        assert!(invocation.tail().ends_with("éb"));
    }
}
