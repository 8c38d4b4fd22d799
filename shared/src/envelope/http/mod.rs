//! An HTTP request of a function URL, an API or a load balancer, and the response to it.
//!
//! - The body is the event. Its content type is `application/json` or `application/…+json`. A request with any other type, or
//!   without one, is refused (415): a page on another site can send those to an API that knows its caller by a cookie, but it
//!   cannot send JSON.
//! - The method is `POST`, `PUT`, `PATCH` or `DELETE`. Others are refused (405), also `OPTIONS`: cross-origin rules belong to the
//!   function URL or the API, which answers `OPTIONS` itself.
//! - A load balancer may ask for the function's health ([`Request::is_health_check`]).
//! - Paths, queries, cookies and path parameters say nothing to the action.
//! - A response has no `retry-after`: the service names no time, and one time for all callers would bring them back at once.

mod sender;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use self::sender::{Received, Sender};
use super::{not_as_sent, status};
use crate::{
    answer::Answer,
    error::{Error, shorten},
    input::Members,
    json::Json,
};

/// The largest response that a load balancer takes from a function, as JSON:
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html>.
const LARGEST_OF_BALANCER: usize = 1_048_576;

/// More bytes than a response has around its body.
const FRAME: usize = 512;

/// The methods that carry an event.
const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// A request.
#[derive(Debug)]
pub struct Request {
    sender: Sender,
    received: Result<Received, Error>,
}

impl Request {
    /// The request that a payload is. `None`: it is not one.
    pub(super) fn open(payload: &Members<'_>) -> Option<Self> {
        let sender = Sender::of(payload)?;
        let received = sender.read(payload).map_err(|error| not_as_sent("the HTTP request", &error));
        Some(Self { sender, received })
    }

    /// Whether this is a load balancer's question for the function's health: a `GET` or a `HEAD`.
    #[must_use]
    pub fn is_health_check(&self) -> bool {
        let method = self.received.as_ref().map_or("", |received| &received.method);
        matches!(self.sender, Sender::Balancer { .. }) && ["GET", "HEAD"].contains(&method)
    }

    /// The response that says that the function is healthy, as JSON text.
    #[must_use]
    pub fn healthy(&self) -> String {
        let is_head = self.received.as_ref().is_ok_and(|received| received.method == "HEAD");
        self.write(StatusCode::OK, if is_head { String::new() } else { r#"{"status":"ok"}"#.to_owned() })
    }

    /// Takes the event out of the body. A second call finds no body.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if there is no body, or it is not JSON by its type, or it is not text. [`Request::respond`] finds
    /// the status for it.
    pub fn take_event(&mut self) -> Result<String, Error> {
        if let Some((_, message)) = self.refusal() {
            return Err(Error::event(message));
        }
        let received = self.received.as_mut().map_err(|error| error.clone())?;
        let body = received.body.take().unwrap_or_default();
        if body.is_empty() {
            return Err(Error::event("the request has no body; send a JSON object with the action's inputs"));
        }
        if !received.is_base64 {
            return Ok(body);
        }
        let bytes = STANDARD
            .decode(body)
            .map_err(|_| Error::event("the request's body is not the base64 that it is said to be"))?;
        String::from_utf8(bytes).map_err(|_| Error::event("the request's body is not text in UTF-8"))
    }

    /// The status and the message for a request whose body is not read.
    fn refusal(&self) -> Option<(StatusCode, String)> {
        let received = self.received.as_ref().ok()?;
        if !METHODS.contains(&received.method.as_str()) {
            let message = format!("the method `{}` carries no event; send it by POST", shorten(&received.method));
            return Some((StatusCode::METHOD_NOT_ALLOWED, message));
        }
        let unsupported = |message| Some((StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        if let Some(encoding) = &received.content_encoding
            && !encoding.trim().eq_ignore_ascii_case("identity")
        {
            let encoding = shorten(encoding);
            return unsupported(format!("the content encoding `{encoding}` is not read; send the body as it is"));
        }
        match &received.content_type {
            None => unsupported("the request has no content type; send `content-type: application/json`".into()),
            Some(given) if !is_json(given) => {
                let given = shorten(given);
                unsupported(format!("the content type `{given}` is not JSON; send `content-type: application/json`"))
            }
            Some(_) => None,
        }
    }

    /// The most bytes that a response may have, if Lambda takes `largest`.
    #[must_use]
    pub fn limit(&self, largest: usize) -> usize {
        match self.sender {
            Sender::FunctionUrl | Sender::HttpApi | Sender::RestApi => largest,
            Sender::Balancer { .. } => largest.min(LARGEST_OF_BALANCER),
        }
    }

    /// The most bytes that an answer may have so that its response keeps the limit for certain: as text in JSON, JSON can
    /// double.
    #[must_use]
    pub fn room(&self, largest: usize) -> usize {
        self.limit(largest).saturating_sub(FRAME) / 2
    }

    /// The number of bytes that the response with this answer has. Needs no copy of the answer.
    #[must_use]
    pub fn response_size(&self, answer: &Answer) -> usize {
        let around = self.write(StatusCode::OK, String::new()).len() - r#""""#.len();
        around + size_in_json(answer.as_ref())
    }

    /// The response, as JSON text. An error is never too large. Whether an answer keeps the [limit](Request::limit) is for the
    /// caller to check.
    #[must_use]
    pub fn respond(&self, result: Result<Answer, Error>) -> String {
        let error = match result {
            Ok(answer) => return self.write(StatusCode::OK, answer.into_text()),
            Err(error) => error,
        };
        let status = self.refusal().map_or_else(|| status::of(&error), |(status, _)| status);
        self.write(status, error_body(error.error_type(), &error.to_string()))
    }

    fn write(&self, status: StatusCode, body: String) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let methods = HeaderValue::try_from(METHODS.join(", ")).expect("methods can stand in a header");
            headers.insert(header::ALLOW, methods);
        }
        self.sender.write(status, headers, body)
    }
}

/// `{"errorType":…,"errorMessage":…}`, as Lambda itself writes a failed invocation.
fn error_body(error_type: &str, message: &str) -> String {
    format!(
        r#"{{"errorType":{},"errorMessage":{}}}"#,
        Json::String(error_type.to_owned()),
        Json::String(message.to_owned()),
    )
}

/// Whether a content type is JSON's. Its parameters do not count: JSON is always UTF-8.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The number of bytes that a text has as a JSON string, its quotes included.
fn size_in_json(text: &str) -> usize {
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, text).expect("text is written as JSON");
    counter.0
}

/// Counts the bytes that are written.
struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
