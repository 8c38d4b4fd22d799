//! Requests and answers of DynamoDB's HTTP API, for a server that answers in DynamoDB's place.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html>

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");

/// The operation that a request asks for: `GetItem` for `x-amz-target: DynamoDB_20120810.GetItem`.
///
/// Returns `None` if the header is missing or is not text.
#[must_use]
pub fn operation(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-target")?.to_str().ok()?.rsplit('.').next()
}

/// An answer that is ready to be sent any number of times.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// A successful answer with this JSON as its body, with the headers that DynamoDB sends, checksum included.
    #[must_use]
    pub fn success(body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let mut answer = Self::new(StatusCode::OK, body);
        answer.headers.insert("x-amz-crc32", crc32fast::hash(&answer.body).into());
        answer
    }

    /// An error as DynamoDB writes it. `error_type` is the `__type` without its namespace.
    #[must_use]
    pub fn error(status: StatusCode, error_type: &str, message: &str) -> Self {
        let error_type = format!("com.amazonaws.dynamodb.v20120810#{error_type}");
        Self::new(status, serde_json::json!({"__type": error_type, "message": message}).to_string().into())
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    fn new(status: StatusCode, body: Bytes) -> Self {
        // The request id has the length of a real one.
        let id = HeaderValue::from_static("8D1N5CNFLQ2GS8RIPO0SUQ2D4JVV4KQNSO5AEMVJF66Q9ASUAAJG");
        let headers = [
            (header::SERVER, HeaderValue::from_static("Server")),
            (header::CONTENT_TYPE, CONTENT_TYPE),
            (header::CONNECTION, HeaderValue::from_static("keep-alive")),
            (header::HeaderName::from_static("x-amzn-requestid"), id),
        ];
        Self { status, headers: headers.into_iter().collect(), body }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operation_is_the_last_part_of_the_target() {
        let mut headers = HeaderMap::new();
        assert_eq!(operation(&headers), None);
        headers.insert("x-amz-target", HeaderValue::from_static("DynamoDB_20120810.GetItem"));
        assert_eq!(operation(&headers), Some("GetItem"));
    }

    #[test]
    fn a_success_carries_the_checksum_of_its_body() {
        let answer = Answer::success("123456789");
        // The check value of CRC-32.
        assert_eq!(answer.headers["x-amz-crc32"], 0xCBF4_3926_u32.to_string());
    }
}
