//! All errors, grouped by what the caller can do about them.
//!
//! Only this module chooses an `errorType`, the word that `Retry` and `Catch` of a state machine match on. A released
//! `errorType` never changes.

mod invalid_input;
mod sdk;
mod throttling;

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

pub use self::{
    invalid_input::{InvalidInput, Problem},
    sdk::never_connected,
    throttling::{ThrottlingReason, throttling_reasons},
};
use crate::{json::Json, path::Path};

/// Error codes of the services that this component acts on.
pub mod code {
    /// The credentials do not permit the action.
    pub const ACCESS_DENIED: &str = "AccessDeniedException";
    /// The condition of a write does not hold.
    pub const CONDITIONAL_CHECK_FAILED: &str = "ConditionalCheckFailedException";
    /// The backups of a new table are not ready yet.
    pub const CONTINUOUS_BACKUPS_UNAVAILABLE: &str = "ContinuousBackupsUnavailableException";
    /// Too many changes of tables are under way, or another limit is reached.
    pub const LIMIT_EXCEEDED: &str = "LimitExceededException";
    /// The table is being changed.
    pub const RESOURCE_IN_USE: &str = "ResourceInUseException";
    /// The table, secret or index does not exist.
    pub const RESOURCE_NOT_FOUND: &str = "ResourceNotFoundException";
    /// DynamoDB refused a transaction.
    pub const TRANSACTION_CANCELED: &str = "TransactionCanceledException";
    /// Another transaction works on the same item.
    pub const TRANSACTION_CONFLICT: &str = "TransactionConflictException";
    /// DynamoDB considers the request invalid.
    pub const VALIDATION: &str = "ValidationException";
}

/// The reason why an invocation failed.
///
/// `Display` is the `errorMessage`: one line with the problem, the path, the value, the rule and the remedy. It never
/// holds a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// An input is missing, unknown, of the wrong shape, or cannot be coerced. The caller must change the event.
    InvalidInput(InvalidInput),
    /// The connection inputs do not describe an identity. The caller must change the connection.
    InvalidConnection(String),
    /// AWS answered with an error. Its code is the `errorType`.
    Service(Box<Refusal>),
    /// A write was sent and it is not known whether it took effect, or it took effect and its answer was lost. A
    /// repetition may take effect a second time, unless the event has a `requestToken`.
    OutcomeUnknown(String),
    /// No answer came before the invocation's deadline, and nothing was written. A repetition can succeed.
    Timeout(String),
    /// No connection could be opened, or the answer was broken. A repetition can succeed.
    ConnectionFailed(String),
    /// A single item is larger than the largest answer.
    ResponseTooLarge(String),
    /// A bug in this component.
    Internal(String),
}

/// An error that a service answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The service's error code: `ConditionalCheckFailedException`.
    pub code: String,
    /// The service's error message.
    pub message: String,
    /// The refused call.
    pub call: CallSite,
    /// AWS's ID of the refused request.
    pub request_id: Option<String>,
    /// The body of the answer. For some codes it holds details.
    pub body: Vec<u8>,
    /// The item that made a condition fail, as JSON text. `None` unless the caller asked for it.
    pub item: Option<String>,
}

/// Identifies one call to a service in messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSite {
    /// The service: `DynamoDB`, `STS`.
    pub service: &'static str,
    /// The API's name of the operation, for messages only: `PutItem`.
    pub operation: &'static str,
    /// The table, if the operation has one.
    pub table: Option<String>,
    /// The region of the call.
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
    /// An [`Error::InvalidInput`] at `path`. `message` says the problem, the rule and the remedy.
    #[must_use]
    pub fn input(path: &Path<'_>, message: impl fmt::Display) -> Self {
        Self::at(path, Problem::Other(message.to_string().into()))
    }

    /// An [`Error::InvalidInput`] for a value that breaks a rule: `` `item.age`: `"x"` is not a number ``.
    #[must_use]
    pub fn invalid(path: &Path<'_>, value: &Json, rule: impl fmt::Display) -> Self {
        Self::at(path, Problem::not_a(value, rule))
    }

    /// An [`Error::InvalidInput`] for a required input that is missing.
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

    /// This error of an input that is part of a larger one. `place` is the path of the larger input: `actions[7].put`.
    /// Errors of other kinds stay as they are.
    #[must_use]
    pub fn within(self, place: impl fmt::Display) -> Self {
        match self {
            Self::InvalidInput(invalid) => Self::InvalidInput(invalid.within(place)),
            other => other,
        }
    }

    /// An [`Error::ConnectionFailed`] for a response that does not have DynamoDB's form.
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

    /// Whether a service refused the request with this code.
    #[must_use]
    pub fn is_refusal(&self, code: &str) -> bool {
        matches!(self, Self::Service(refusal) if refusal.code == code)
    }
}

/// The most bytes of an `errorMessage`. The item of a failed condition follows after these.
const LONGEST_MESSAGE: usize = 4_096;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, item) = match self {
            Self::InvalidInput(invalid) => (invalid.to_string(), None),
            Self::InvalidConnection(message)
            | Self::OutcomeUnknown(message)
            | Self::Timeout(message)
            | Self::ConnectionFailed(message)
            | Self::ResponseTooLarge(message)
            | Self::Internal(message) => (message.clone(), None),
            Self::Service(refusal) => (refusal.to_string(), refusal.item.as_ref()),
        };
        let line = one_line(&message);
        f.write_str(&line[..line.floor_char_boundary(LONGEST_MESSAGE - CUT.len_utf8())])?;
        if line.len() > LONGEST_MESSAGE - CUT.len_utf8() {
            write!(f, "{CUT}")?;
        }
        match item {
            Some(item) => write!(f, ", the item: {item}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The message always shows the whole call, however long the service's own message is.
        write!(f, "{} ({}", cut(&self.message, LONGEST_MESSAGE / 2), self.call)?;
        if let Some(id) = &self.request_id {
            write!(f, ", request id {}", cut(id, SHOWN))?;
        }
        f.write_str(")")?;
        for (index, reason) in throttling_reasons(&self.body).iter().enumerate() {
            let before = if index == 0 { "; throttling reasons: " } else { ", " };
            write!(f, "{before}{}", cut(&reason.to_string(), SHOWN * 4))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The most characters of a value that an error shows.
const SHOWN: usize = 80;

/// Marks the end of a text that was cut.
const CUT: char = '…';

/// A value as an error shows it: compact JSON in backticks, cut.
#[must_use]
pub fn quote(value: &Json) -> String {
    format!("`{}`", shorten_json(value))
}

/// A value as an error shows it, without the backticks. Only the shown part is formatted.
fn shorten_json(value: &Json) -> String {
    let mut shown = Shown::default();
    // Writing fails once enough text is written. That is not an error here.
    let _ = write!(shown, "{value}");
    shorten(&shown.0)
}

/// `text` on one line, cut to the length that an error shows.
#[must_use]
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}{CUT}", one_line(&text[..end])),
        None => one_line(text).into_owned(),
    }
}

/// The beginning of a text, slightly longer than an error shows.
#[derive(Default)]
struct Shown(String);

impl fmt::Write for Shown {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        const ENOUGH: usize = 4 * (SHOWN + 1);
        self.0.push_str(&text[..text.floor_char_boundary(ENOUGH)]);
        if self.0.len() >= ENOUGH { Err(fmt::Error) } else { Ok(()) }
    }
}

/// The beginning of a text, of at most `most` bytes.
fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most { text.into() } else { format!("{}{CUT}", &text[..text.floor_char_boundary(most)]).into() }
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
    fn a_throttled_call_shows_the_reasons() {
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
    fn a_part_of_a_larger_input_has_the_whole_path() {
        let age = Error::missing(&Path::Input("set").member("age")).within("actions[7].update");
        assert_eq!(age.to_string(), "`actions[7].update.set.age`: required input is missing");
        assert_eq!(Error::event("no range key").within("gets[0]").to_string(), "`gets[0]`: no range key");
        assert_eq!(Error::Timeout("late".into()).within("gets[0]").to_string(), "late");
    }

    #[test]
    fn shows_the_path_and_a_cut_value() {
        let long = Json::String("x".repeat(500));
        let message = Error::invalid(&Path::Input("limit"), &long, "a whole number").to_string();
        assert!(message.starts_with("`limit`: `\"xxx"), "{message}");
        assert!(message.ends_with("…` is not a whole number"), "{message}");
        assert!(message.len() < 150, "{message}");
    }

    #[test]
    fn a_message_has_at_most_4096_bytes_and_the_whole_item_follows_it() {
        let long = "é".repeat(10_000);
        let message = Error::Internal(long.clone()).to_string();
        assert!(message.len() <= 4_096 && message.ends_with('…'), "{}", message.len());
        let refused = |message: &str, table: &str| {
            Error::Service(Box::new(Refusal {
                code: "ConditionalCheckFailedException".into(),
                message: message.into(),
                call: CallSite {
                    service: "DynamoDB",
                    operation: "PutItem",
                    table: Some(table.into()),
                    region: "eu-west-1".into(),
                },
                request_id: Some("ID".into()),
                body: Vec::new(),
                item: Some("x".repeat(20_000)),
            }))
            .to_string()
        };
        let message = refused(&long, "T");
        let (message, item) = message.split_once(", the item: ").unwrap();
        assert!(message.len() <= 4_096 && message.ends_with("region eu-west-1, request id ID)"), "{message}");
        assert_eq!(item.len(), 20_000);
    }

    #[test]
    fn a_long_path_does_not_make_a_long_message() {
        let name = "x".repeat(1_000_000);
        let path = Path::Input("item");
        let message = Error::invalid(&path.member(&name), &Json::Null, "a number").to_string();
        assert!(message.len() <= 4_096, "{}", message.len());
        assert!(message.ends_with("`null` is not a number"), "{message}");
    }
}
