//! Why a request is refused, independent of the service.

/// Why a request is refused. Each service has its own code and message for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NoSignature,
    IncompleteSignature(String),
    WrongSignature(String),
    UnknownKey,
    Expired,
    AccessDenied(String),
    Invalid(String),
    UnknownOperation(String),
    NotFound(String),
    Malformed(String),
    /// A test asked for this error code.
    Scripted(String),
}
