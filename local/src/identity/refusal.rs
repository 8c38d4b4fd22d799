//! Why a request is refused, in the words and on the wire of the service that refuses it.

use std::fmt;

use axum::{
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::sts;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// How a service writes its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// AWS Query: XML. STS.
    Query,
    /// AWS JSON. Secrets Manager, and DynamoDB.
    Json,
}

/// What is wrong with a request, before it is known who says so.
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
    /// What a test has ordered.
    Ordered(String),
}

/// An error as AWS answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error's code: `ExpiredTokenException`.
    pub code: String,
    /// What it says. No secret is in it.
    pub message: String,
}

impl Refusal {
    pub(super) fn new(fault: Fault, protocol: Protocol) -> Self {
        use Protocol::{Json, Query};
        let (code, message) = match (fault, protocol) {
            (Fault::NoSignature, Query) => {
                ("MissingAuthenticationToken", "Request is missing Authentication Token".into())
            }
            (Fault::NoSignature, Json) => {
                ("MissingAuthenticationTokenException", "Missing Authentication Token".into())
            }
            (Fault::IncompleteSignature(message), Query) => ("IncompleteSignature", message),
            (Fault::IncompleteSignature(message), Json) => ("IncompleteSignatureException", message),
            (Fault::WrongSignature(message), Query) => ("SignatureDoesNotMatch", message),
            (Fault::WrongSignature(message), Json) => ("InvalidSignatureException", message),
            (Fault::UnknownKey, Query) => {
                ("InvalidClientTokenId", "The security token included in the request is invalid.".into())
            }
            (Fault::UnknownKey, Json) => {
                ("UnrecognizedClientException", "The security token included in the request is invalid.".into())
            }
            (Fault::Expired, Query) => ("ExpiredToken", "The security token included in the request is expired".into()),
            (Fault::Expired, Json) => {
                ("ExpiredTokenException", "The security token included in the request is expired".into())
            }
            (Fault::AccessDenied(message), Query) => ("AccessDenied", message),
            (Fault::AccessDenied(message), Json) => ("AccessDeniedException", message),
            (Fault::Invalid(message), Query) => ("ValidationError", message),
            (Fault::Invalid(message), Json) => ("ValidationException", message),
            (Fault::UnknownOperation(message), Query) => ("InvalidAction", message),
            (Fault::UnknownOperation(message), Json) => ("UnknownOperationException", message),
            (Fault::NotFound(message), Query | Json) => ("ResourceNotFoundException", message),
            (Fault::Malformed(message), Query) => ("MalformedInput", message),
            (Fault::Malformed(message), Json) => ("SerializationException", message),
            (Fault::Ordered(code), _) => {
                let message = format!("The test has ordered {code}.");
                return Self { status: status(&code, protocol), code, message };
            }
        };
        Self { status: status(code, protocol), code: code.to_owned(), message }
    }

    /// The answer on the wire.
    pub(super) fn answer(&self, protocol: Protocol) -> Response {
        let id = Uuid::new_v4().to_string();
        let (content_type, body) = match protocol {
            Protocol::Query => (sts::CONTENT_TYPE, self.xml(&id)),
            Protocol::Json => (
                "application/x-amz-json-1.1",
                serde_json::json!({"__type": self.code, "Message": self.message}).to_string(),
            ),
        };
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(CONTENT_TYPE, content_type.to_owned()), (REQUEST_ID, id)], body).into_response()
    }

    fn xml(&self, id: &str) -> String {
        let by = if self.status < 500 { "Sender" } else { "Receiver" };
        let (code, message) = (sts::escape(&self.code), sts::escape(&self.message));
        format!(
            "<ErrorResponse xmlns=\"{}\"><Error><Type>{by}</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>{id}</RequestId></ErrorResponse>",
            sts::NAMESPACE
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

/// The status that goes with a code.
fn status(code: &str, protocol: Protocol) -> u16 {
    match code {
        "ServiceUnavailable" | "ServiceUnavailableException" => 503,
        _ if code.starts_with("Internal") => 500,
        "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "AccessDenied"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "OptInRequired"
        | "RegionDisabledException"
            if protocol == Protocol::Query =>
        {
            403
        }
        _ => 400,
    }
}
