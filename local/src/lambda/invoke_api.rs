//! Lambda's Invoke API (<https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>). It checks no signatures.
//!
//! An asynchronous event (`Event`) is invoked once. Lambda's retries come minutes later, which is of no use on one machine.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::{functions::Functions, invocation::Invocation};
use crate::{body, error::InvokeError};

/// The largest payload of a synchronous invocation, in bytes: 6 MB
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const PAYLOAD_LIMIT: usize = 6_291_456;

/// The largest payload of an asynchronous invocation, in bytes: 1 MB.
const EVENT_LIMIT: usize = 1_048_576;

const INVOCATION_TYPE: &str = "x-amz-invocation-type";
const LOG_TYPE: &str = "x-amz-log-type";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const FUNCTION_ERROR: HeaderName = HeaderName::from_static("x-amz-function-error");
const EXECUTED_VERSION: HeaderName = HeaderName::from_static("x-amz-executed-version");
const LOG_RESULT: HeaderName = HeaderName::from_static("x-amz-log-result");

/// The routes of the API: the operation `Invoke` and no other.
pub(super) fn router(functions: Arc<Functions>) -> Router {
    Router::new()
        .route("/2015-03-31/functions/{name}/invocations", post(invoke))
        .fallback(async || Refusal::new(StatusCode::NOT_FOUND, "UnknownOperationException", "Only Invoke is supported"))
        .with_state(functions)
}

/// The value of `X-Amz-Invocation-Type`.
#[derive(Debug, PartialEq, Eq)]
enum InvocationType {
    RequestResponse,
    Event,
    DryRun,
}

impl InvocationType {
    fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        match headers.get(INVOCATION_TYPE).map_or(b"RequestResponse".as_slice(), HeaderValue::as_bytes) {
            b"RequestResponse" => Ok(Self::RequestResponse),
            b"Event" => Ok(Self::Event),
            b"DryRun" => Ok(Self::DryRun),
            other => Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "ValidationException",
                format!(
                    "1 validation error detected: Value '{}' at 'invocationType' failed to satisfy constraint: \
                     Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
                    String::from_utf8_lossy(other)
                ),
            )),
        }
    }
}

async fn invoke(
    State(functions): State<Arc<Functions>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    // The body is read first, because a client reads a refusal only after it has sent its whole payload.
    let body = body::read(body, PAYLOAD_LIMIT)
        .await
        .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, "InvalidRequestContentException", error.to_string()))?;
    let invocation_type = InvocationType::of(&headers)?;
    let function = functions.find(&name).map_err(|_| not_found(&functions, &name))?;
    let payload = payload(body, &invocation_type)?;
    match invocation_type {
        InvocationType::DryRun => {
            Ok((StatusCode::NO_CONTENT, [(REQUEST_ID, Uuid::new_v4().to_string())]).into_response())
        }
        InvocationType::Event => {
            functions.send(function, payload);
            Ok((StatusCode::ACCEPTED, [(REQUEST_ID, Uuid::new_v4().to_string())]).into_response())
        }
        InvocationType::RequestResponse => {
            let with_tail = headers.get(LOG_TYPE).is_some_and(|value| value == "Tail");
            match functions.invoke(&name, payload).await {
                Ok(invocation) => Ok(answer(invocation, with_tail)),
                Err(InvokeError::NotFound { .. }) => Err(not_found(&functions, &name)),
                Err(error @ InvokeError::Stopped) => {
                    Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "ServiceException", error.to_string()))
                }
            }
        }
    }
}

/// Checks that a function may be given this body: its size and that it is JSON.
fn payload(body: Bytes, invocation_type: &InvocationType) -> Result<Bytes, Refusal> {
    let (limit, what) = match invocation_type {
        InvocationType::RequestResponse | InvocationType::DryRun => (PAYLOAD_LIMIT, "InvokeFunction operation"),
        InvocationType::Event => (EVENT_LIMIT, "Event invocation type"),
    };
    if body.len() > limit {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestTooLargeException",
            format!("Request must be smaller than {limit} bytes for the {what}"),
        ));
    }
    if body.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    let json = match std::str::from_utf8(&body) {
        // Only checked, at any depth of nesting. The function gets the original bytes.
        Ok(text) => serde_json::from_str::<IgnoredAny>(text).map(drop).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match json {
        Ok(()) => Ok(body),
        Err(error) => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "InvalidRequestContentException",
            format!("Could not parse request body into json: {error}"),
        )),
    }
}

fn answer(invocation: Invocation, with_tail: bool) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(EXECUTED_VERSION, HeaderValue::from_static("$LATEST"));
    if invocation.failed {
        headers.insert(FUNCTION_ERROR, HeaderValue::from_static("Unhandled"));
    }
    // Neither conversion fails: a UUID and base64 are ASCII.
    if let Ok(id) = HeaderValue::try_from(&invocation.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    if with_tail && let Ok(log) = HeaderValue::try_from(BASE64_STANDARD.encode(invocation.tail())) {
        headers.insert(LOG_RESULT, log);
    }
    (headers, invocation.payload).into_response()
}

fn not_found(functions: &Functions, name: &str) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "ResourceNotFoundException",
        format!("Function not found: {}", functions.arn(name)),
    )
}

/// An error of the API itself.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let by = if self.status.is_client_error() { "User" } else { "Service" };
        // Lambda's API model has `message` in some errors and `Message` in others. Clients read one of them.
        let body = serde_json::json!({"Type": by, "Message": self.message, "message": self.message}).to_string();
        let headers = [
            (CONTENT_TYPE, "application/json".to_owned()),
            (REQUEST_ID, Uuid::new_v4().to_string()),
            (ERROR_TYPE, self.code.to_owned()),
        ];
        (self.status, headers, body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_passed_on_unchanged() {
        let deep = format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000));
        for text in ["{\"n\": 1.00000000000000000000000001}", "1", "\"x\"", " [ ] ", &deep] {
            let body = Bytes::copy_from_slice(text.as_bytes());
            assert_eq!(payload(body, &InvocationType::RequestResponse).unwrap(), text);
        }
        assert_eq!(payload(Bytes::new(), &InvocationType::RequestResponse).unwrap(), "{}");
    }

    #[test]
    fn refuses_a_payload_that_is_not_json() {
        for bytes in [b"{".as_slice(), b"x", b"{} {}", b"\"\xff\"", b"'a'", b" "] {
            let refusal = payload(Bytes::copy_from_slice(bytes), &InvocationType::RequestResponse).unwrap_err();
            assert_eq!((refusal.status.as_u16(), refusal.code), (400, "InvalidRequestContentException"), "{bytes:?}");
        }
    }

    #[test]
    fn refuses_a_payload_above_the_limit() {
        for (invocation_type, limit) in
            [(InvocationType::RequestResponse, PAYLOAD_LIMIT), (InvocationType::Event, EVENT_LIMIT)]
        {
            let text = |length| Bytes::from(format!("\"{}\"", "x".repeat(length - 2)));
            assert!(payload(text(limit), &invocation_type).is_ok());
            let refusal = payload(text(limit + 1), &invocation_type).unwrap_err();
            assert_eq!((refusal.status.as_u16(), refusal.code), (413, "RequestTooLargeException"));
        }
    }
}
