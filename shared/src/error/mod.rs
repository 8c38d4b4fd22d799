//! Everything that can go wrong, by what the caller can do about it.
//!
//! This is the only place that chooses an `errorType`, the word that a state machine's `Retry` and `Catch` match on. It never
//! changes once released.

mod invalid_input;
mod sdk;
mod throttling;

use std::{borrow::Cow, fmt};

pub use self::{
    invalid_input::{InvalidInput, Problem},
    throttling::{ThrottlingReason, throttling_reasons},
};
use crate::{json::Json, path::Path};

/// Codes of the services' own that this component acts on.
pub mod code {
    /// The credentials may not do this.
    pub const ACCESS_DENIED: &str = "AccessDeniedException";
    /// The condition of a write does not hold.
    pub const CONDITIONAL_CHECK_FAILED: &str = "ConditionalCheckFailedException";
    /// There is no such table, secret or index.
    pub const RESOURCE_NOT_FOUND: &str = "ResourceNotFoundException";
    /// DynamoDB cannot read the request.
    pub const VALIDATION: &str = "ValidationException";
}

/// Why an invocation failed.
///
/// `Display` is the `errorMessage`: one line that says what is wrong, where, the offending value, the rule and the remedy. It
/// never holds a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// An input is missing, unknown, of the wrong shape or cannot be coerced. The caller must change the event.
    InvalidInput(InvalidInput),
    /// The connection inputs do not make an identity. The caller must change the connection.
    InvalidConnection(String),
    /// AWS answered with an error of its own, whose code is the `errorType`.
    Service(Box<Refusal>),
    /// A write was sent, and whether it took effect is not known; or it took effect and its answer was lost. Trying again can do it
    /// twice, except with a `requestToken`.
    OutcomeUnknown(String),
    /// No answer came before the invocation's deadline, and nothing was written. Trying again can help.
    Timeout(String),
    /// No connection could be made, or the answer was broken. Trying again can help.
    ConnectionFailed(String),
    /// One item alone is larger than an answer may be.
    ResponseTooLarge(String),
    /// A bug in this component.
    Internal(String),
}

/// An error that a service answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The service's own error code: `ConditionalCheckFailedException`.
    pub code: String,
    /// The service's own message.
    pub message: String,
    /// The call that was refused.
    pub call: CallSite,
    /// AWS's id of the refused request.
    pub request_id: Option<String>,
    /// The answer's body, which says more for some codes.
    pub body: Vec<u8>,
    /// The item that made a condition fail, as JSON text, where the caller asked for it.
    pub item: Option<String>,
}

/// One call to a service, named for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSite {
    /// `DynamoDB`, `STS`.
    pub service: &'static str,
    /// The API's name of the operation, for the message only: `PutItem`.
    pub operation: &'static str,
    /// The table, where the operation has one.
    pub table: Option<String>,
    /// The region that was called.
    pub region: String,
}

impl fmt::Display for CallSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.operation)?;
        if let Some(table) = &self.table {
            write!(f, ", table `{}`", shorten(table))?;
        }
        write!(f, ", region {}", self.region)
    }
}

impl Error {
    /// An [`Error::InvalidInput`] at `path`: the problem, the rule and the remedy in `message`.
    #[must_use]
    pub fn input(path: &Path<'_>, message: impl fmt::Display) -> Self {
        Self::at(path, Problem::Other(message.to_string().into()))
    }

    /// An [`Error::InvalidInput`] for a value that is not what it must be: `` `item.age`: `"x"` is not a number ``.
    #[must_use]
    pub fn invalid(path: &Path<'_>, value: &Json, rule: impl fmt::Display) -> Self {
        Self::at(path, Problem::not_a(value, rule))
    }

    /// An [`Error::InvalidInput`] for a required input that was left out.
    #[must_use]
    pub fn missing(path: &Path<'_>) -> Self {
        Self::at(path, Problem::Missing)
    }

    /// An [`Error::InvalidInput`] with this problem.
    #[must_use]
    pub fn at(path: &Path<'_>, problem: Problem) -> Self {
        Self::InvalidInput(InvalidInput::at(path, problem))
    }

    /// An [`Error::InvalidInput`] for the event as a whole.
    #[must_use]
    pub fn event(message: impl Into<Cow<'static, str>>) -> Self {
        Self::InvalidInput(InvalidInput::of_event(message.into()))
    }

    /// An [`Error::ConnectionFailed`] for a response that is not what DynamoDB writes.
    #[must_use]
    pub fn broken_answer(problem: impl fmt::Display) -> Self {
        Self::ConnectionFailed(format!("DynamoDB's answer is broken: {problem}"))
    }

    /// The contract's `errorType`.
    #[must_use]
    pub fn error_type(&self) -> &str {
        match self {
            Self::InvalidInput(_) => "InvalidInput",
            Self::InvalidConnection(_) => "InvalidConnection",
            Self::Service(refusal) => &refusal.code,
            Self::OutcomeUnknown(_) => "OutcomeUnknown",
            Self::Timeout(_) => "Timeout",
            Self::ConnectionFailed(_) => "ConnectionFailed",
            Self::ResponseTooLarge(_) => "ResponseTooLarge",
            Self::Internal(_) => "Internal",
        }
    }

    /// Whether a service refused with this code.
    #[must_use]
    pub fn is_refusal(&self, code: &str) -> bool {
        matches!(self, Self::Service(refusal) if refusal.code == code)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidInput(invalid) => f.write_str(&one_line(&invalid.to_string())),
            Self::InvalidConnection(message)
            | Self::OutcomeUnknown(message)
            | Self::Timeout(message)
            | Self::ConnectionFailed(message)
            | Self::ResponseTooLarge(message)
            | Self::Internal(message) => f.write_str(&one_line(message)),
            Self::Service(refusal) => {
                write!(f, "{} ({}", one_line(&refusal.message), refusal.call)?;
                if let Some(id) = &refusal.request_id {
                    write!(f, ", request id {id}")?;
                }
                f.write_str(")")?;
                for (index, reason) in throttling_reasons(&refusal.body).iter().enumerate() {
                    let before = if index == 0 { "; throttling reasons: " } else { ", " };
                    write!(f, "{before}{}", one_line(&reason.to_string()))?;
                }
                match &refusal.item {
                    Some(item) => write!(f, ", the item: {item}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for Error {}

/// How much of an offending value an error shows, in characters.
const SHOWN: usize = 80;

/// A value as an error shows it: compact JSON between backticks, cut.
#[must_use]
pub fn quote(value: &Json) -> String {
    format!("`{}`", shorten(&value.to_string()))
}

/// `text` cut to what an error shows of a value, on one line.
#[must_use]
pub fn shorten(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.into_owned(),
    }
}

fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        Cow::Owned(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_call_says_where_it_was_refused() {
        let error = Error::Service(Box::new(Refusal {
            code: "ResourceNotFoundException".into(),
            message: "Requested resource\nnot found".into(),
            call: CallSite {
                service: "DynamoDB",
                operation: "GetItem",
                table: Some("Users".into()),
                region: "eu-west-1".into(),
            },
            request_id: Some("ABC".into()),
            body: Vec::new(),
            item: None,
        }));
        assert_eq!(error.error_type(), "ResourceNotFoundException");
        assert_eq!(
            error.to_string(),
            "Requested resource not found (DynamoDB GetItem, table `Users`, region eu-west-1, request id ABC)"
        );
    }

    #[test]
    fn a_throttled_call_says_why() {
        let mut refusal = Refusal {
            code: "ThrottlingException".into(),
            message: "slow down".into(),
            call: CallSite { service: "DynamoDB", operation: "Query", table: None, region: "eu-west-1".into() },
            request_id: None,
            body: br#"{"throttlingReasons":[{"reason":"TableReadKeyRangeThroughputExceeded","resource":"arn:a"},{"reason":"B"}]}"#
                .to_vec(),
            item: None,
        };
        assert_eq!(
            Error::Service(Box::new(refusal.clone())).to_string(),
            "slow down (DynamoDB Query, region eu-west-1); throttling reasons: TableReadKeyRangeThroughputExceeded of arn:a, B"
        );
        refusal.body.clear();
        assert_eq!(Error::Service(Box::new(refusal)).to_string(), "slow down (DynamoDB Query, region eu-west-1)");
    }

    #[test]
    fn shows_the_path_and_a_cut_value() {
        let long = Json::String("x".repeat(500));
        let message = Error::invalid(&Path::Input("limit"), &long, "a whole number").to_string();
        assert!(message.starts_with("`limit`: `\"xxx"), "{message}");
        assert!(message.ends_with("…` is not a whole number"), "{message}");
        assert!(message.len() < 150, "{message}");
    }
}
