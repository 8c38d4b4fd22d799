//! The result of an invocation.

use std::time::Duration;

use bytes::Bytes;

use super::function_error::FunctionError;

/// How much of the log `X-Amz-Log-Result` carries, in bytes
/// (<https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>).
const TAIL: usize = 4096;

/// The result of one invocation: the function's answer, or the error that Lambda reports in its place.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The answer's bytes as the function sent them, or an error object if the invocation failed.
    pub payload: Bytes,
    /// Whether the function failed. The Invoke API then sends `X-Amz-Function-Error: Unhandled`.
    pub failed: bool,
    /// The request id that the function was given.
    pub request_id: String,
    /// What the process printed since its previous invocation, with Lambda's `START`, `END` and `REPORT` lines.
    pub log: String,
    /// The time from handing the event to the function to its answer.
    pub duration: Duration,
    /// The time from the process's start until it asked for an event. `None` after the first invocation of a process.
    pub init: Option<Duration>,
}

impl Invocation {
    /// The error of a failed invocation. If the payload is no error object, the message is the whole payload.
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

#[cfg(test)]
mod tests {
    use super::{super::function_error::error_object, *};

    fn failed(payload: Bytes, log: String) -> Invocation {
        Invocation { payload, failed: true, request_id: String::new(), log, duration: Duration::ZERO, init: None }
    }

    #[test]
    fn the_error_of_an_error_object_is_its_members() {
        let error = failed(error_object("InvalidInput", "`limit`: no"), String::new()).error().unwrap();
        assert_eq!((error.error_type.as_str(), error.error_message.as_str()), ("InvalidInput", "`limit`: no"));
    }

    #[test]
    fn the_error_of_any_other_payload_is_the_payload() {
        let error = failed(Bytes::from_static(b"oh"), String::new()).error().unwrap();
        assert_eq!((error.error_type.as_str(), error.error_message.as_str()), ("", "oh"));
    }

    #[test]
    fn the_tail_starts_at_a_whole_character() {
        let log = format!("a{}b", "é".repeat(TAIL));
        let invocation = failed(Bytes::new(), log);
        assert_eq!(invocation.tail().len(), TAIL - 1);
        assert!(invocation.tail().ends_with("éb"));
    }
}
