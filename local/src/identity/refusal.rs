//! The error that a service sends: status, code, message and body.

use std::fmt;

use axum::{
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::{fault::Fault, xml};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// How a service writes its answers
/// (<https://smithy.io/2.0/aws/protocols/index.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// AWS Query, which answers in XML: STS.
    Query,
    /// AWS JSON: Secrets Manager and DynamoDB.
    Json,
}

/// An error as a service sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error code, for example `ExpiredTokenException`.
    pub code: String,
    /// The message. It holds no secret.
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
            (Fault::Scripted(code), _) => {
                let message = format!("The test asked for {code}.");
                return Self { status: status(&code, protocol), code, message };
            }
        };
        Self { status: status(code, protocol), code: code.to_owned(), message }
    }

    /// The HTTP answer.
    pub(super) fn answer(&self, protocol: Protocol) -> Response {
        let id = Uuid::new_v4().to_string();
        let (content_type, body) = match protocol {
            Protocol::Query => (xml::CONTENT_TYPE, xml::error(self.status < 500, &self.code, &self.message, &id)),
            Protocol::Json => (
                "application/x-amz-json-1.1",
                serde_json::json!({"__type": self.code, "Message": self.message}).to_string(),
            ),
        };
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(CONTENT_TYPE, content_type.to_owned()), (REQUEST_ID, id)], body).into_response()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

/// The HTTP status of an error code.
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
