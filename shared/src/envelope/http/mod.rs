//! An HTTP request of a function URL, an API or a load balancer, and the response to it.
//!
//! - The body is the event, as `application/json`, `application/…+json` or without a type. Any other type is refused (415), also
//!   `text/plain`: a page on another site can send that to an API that knows its caller by a cookie, but not JSON.
//! - The method is one that carries a body: `POST`, or `PUT`, `PATCH`, `DELETE`. Others are refused (405), also `OPTIONS`: cross-origin
//!   rules are the function URL's or the API's own business, and it answers by itself.
//! - Paths, queries, cookies and path parameters say nothing to the action.
//! - There is no `retry-after`: the service names no time, and a time of ours would send all callers back at once.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{into_text, member, status, text_of, write_string};
use crate::{
    answer::Answer,
    error::{Error, shorten},
    input::Members,
    json::Json,
};

/// The largest response that a load balancer takes from a function, as JSON:
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html>.
const LARGEST_OF_BALANCER: usize = 1_048_576;

/// More than a response has around its body.
const FRAME: usize = 512;

/// How much of an error's message is sent where all of it would be too large, in characters.
const CUT_MESSAGE: usize = 1_000;

/// The methods that carry an event.
const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// A request.
#[derive(Debug)]
pub struct Request {
    sender: Sender,
    method: String,
    content_type: Option<String>,
    content_encoding: Option<String>,
    body: String,
    is_base64: bool,
}

/// Who turned the request into JSON, and turns the response back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    /// A function URL or an API.
    Api,
    /// A load balancer. One that is set to `lambda.multi_value_headers.enabled` takes headers as lists only.
    Balancer { lists: bool },
}

impl Request {
    /// The request that a payload is, if it is one.
    pub(super) fn open(members: &Members<'_>) -> Result<Option<Self>, Error> {
        let Some(context) = members.get("requestContext").and_then(|text| Json::parse(text).ok()) else {
            return Ok(None);
        };
        let part = |name: &str| match members.get(name).map(Json::parse) {
            None => Ok(Json::Null),
            Some(Ok(json)) => Ok(json),
            Some(Err(error)) => Err(Error::event(format!("the HTTP request's `{name}` is broken: {error}"))),
        };
        let (single, lists) = (part("headers")?, part("multiValueHeaders")?);
        let named = match part("httpMethod")? {
            Json::String(method) => Some(method),
            _ => None,
        };
        let (sender, method) = match (member(&context, "http"), member(&context, "elb"), named) {
            (Some(http), ..) => (Sender::Api, text_of(http, "method").unwrap_or_default().to_owned()),
            (None, Some(_), method) => {
                (Sender::Balancer { lists: matches!(lists, Json::Object(_)) }, method.unwrap_or_default())
            }
            (None, None, Some(method)) if matches!(context, Json::Object(_)) => (Sender::Api, method),
            _ => return Ok(None),
        };
        let body = match part("body")? {
            Json::String(body) => body,
            _ => String::new(),
        };
        Ok(Some(Self {
            sender,
            method,
            content_type: header(&single, &lists, "content-type"),
            content_encoding: header(&single, &lists, "content-encoding"),
            body,
            is_base64: part("isBase64Encoded")? == Json::Bool(true),
        }))
    }

    /// The event in the body.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when there is none, or it is not JSON by its type or not text. [`Request::respond`] has the status
    /// for it.
    pub fn event(&self) -> Result<Cow<'_, str>, Error> {
        if let Some((_, message)) = self.refusal() {
            return Err(Error::event(message));
        }
        if self.body.is_empty() {
            return Err(Error::event("the request has no body; send a JSON object with the action's inputs"));
        }
        if !self.is_base64 {
            return Ok(Cow::Borrowed(&self.body));
        }
        let bytes = STANDARD
            .decode(&self.body)
            .map_err(|_| Error::event("the request's body is not the base64 that it is said to be"))?;
        String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Error::event("the request's body is not text in UTF-8"))
    }

    /// Why the body is not even looked at, with the status for that.
    fn refusal(&self) -> Option<(u16, String)> {
        if !METHODS.contains(&self.method.as_str()) {
            let method = shorten(&self.method);
            return Some((405, format!("the method `{method}` carries no event; send it by POST")));
        }
        if let Some(encoding) = &self.content_encoding
            && !encoding.trim().eq_ignore_ascii_case("identity")
        {
            let encoding = shorten(encoding);
            return Some((415, format!("the content encoding `{encoding}` is not read; send the body as it is")));
        }
        match &self.content_type {
            Some(given) if !is_json(given) => {
                let given = shorten(given);
                Some((415, format!("the content type `{given}` is not JSON; send `content-type: application/json`")))
            }
            _ => None,
        }
    }

    /// The most bytes that a response may have, where Lambda takes `largest`.
    #[must_use]
    pub fn limit(&self, largest: usize) -> usize {
        match self.sender {
            Sender::Api => largest,
            Sender::Balancer { .. } => largest.min(LARGEST_OF_BALANCER),
        }
    }

    /// The most bytes that an answer may have, so that its response surely keeps the limit: as text in JSON, JSON can
    /// double.
    #[must_use]
    pub fn room(&self, largest: usize) -> usize {
        self.limit(largest).saturating_sub(FRAME) / 2
    }

    /// The response, as JSON text.
    ///
    /// Whether it keeps [the limit](Request::limit) is for the caller to see, who knows what to say of it. An error that does
    /// not is cut.
    #[must_use]
    pub fn respond(&self, result: Result<&Answer, &Error>) -> String {
        let error = match result {
            Ok(answer) => return self.write(200, answer.as_ref()),
            Err(error) => error,
        };
        let status = self.refusal().map_or_else(|| status::of(error), |(status, _)| status);
        let mut message = error.to_string();
        let response = self.write(status, &error_body(error.error_type(), &message));
        if response.len() <= LARGEST_OF_BALANCER {
            return response;
        }
        if let Some((end, _)) = message.char_indices().nth(CUT_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        self.write(status, &error_body(error.error_type(), &message))
    }

    fn write(&self, status: u16, body: &str) -> String {
        let mut headers = vec![
            ("content-type", "application/json"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ];
        let methods = METHODS.join(", ");
        if status == 405 {
            headers.push(("allow", &methods));
        }
        let lists = self.sender == Sender::Balancer { lists: true };
        let mut out = Vec::with_capacity(FRAME + body.len() + body.len() / 4);
        out.extend_from_slice(format!(r#"{{"statusCode":{status}"#).as_bytes());
        if let Sender::Balancer { .. } = self.sender {
            let description = format!(r#","statusDescription":"{status} {}""#, status::reason(status));
            out.extend_from_slice(description.as_bytes());
        }
        out.extend_from_slice(if lists { br#","multiValueHeaders":{"# } else { br#","headers":{"# });
        for (index, (name, value)) in headers.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let (open, close) = if lists { ("[", "]") } else { ("", "") };
            out.extend_from_slice(format!(r#"{comma}"{name}":{open}"{value}"{close}"#).as_bytes());
        }
        out.extend_from_slice(br#"},"body":"#);
        write_string(&mut out, body);
        out.extend_from_slice(br#","isBase64Encoded":false}"#);
        into_text(out)
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

/// A header's value, by its name in lower case; of several the last, as where only one is passed on.
fn header(single: &Json, lists: &Json, name: &str) -> Option<String> {
    let value = |json: &Json| {
        let Json::Object(headers) = json else { return None };
        let (_, value) = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        match value {
            Json::String(value) => Some(value.clone()),
            Json::Array(values) => match values.last() {
                Some(Json::String(value)) => Some(value.clone()),
                _ => None,
            },
            _ => None,
        }
    };
    value(lists).or_else(|| value(single)).filter(|value| !value.trim().is_empty())
}

/// Whether a content type is JSON's, whatever its parameters say: JSON is UTF-8.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests;
