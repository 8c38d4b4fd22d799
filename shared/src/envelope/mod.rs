//! Envelopes: what AWS puts around an event that did not come by Lambda's own API.
//!
//! | what comes | known by (members of the payload) | the event | the answer |
//! |---|---|---|---|
//! | function URL, HTTP API | `requestContext.http` | the request's body | an HTTP response |
//! | REST API (HTTP API 1.0 too) | `requestContext` and `httpMethod` | the request's body | an HTTP response |
//! | load balancer | `requestContext.elb` | the request's body | an HTTP response, its status in words too |
//! | Amazon SQS | `Records`, each with `eventSource` `aws:sqs` | each message's body | `{"batchItemFailures": …}` |
//! | Amazon SNS | `Records`, one with `EventSource` `aws:sns` | the message | as of a direct event |
//! | Amazon EventBridge | `detail-type`, `source` and `detail` | `detail` | as of a direct event |
//!
//! - [`http`]: a request, the response to it; [`status`]: errors as HTTP statuses
//! - [`queue`]: a batch of messages, and which of them failed
//! - `delivery`: notifications and bus events, also inside one another
//!
//! # A direct event is never taken for an envelope
//!
//! A direct event has the action's inputs and nothing else: an unknown input is an error. No action has an input with one of
//! the names above ([`MARKERS`]; a test goes through all of them), so a payload that has one is an envelope or is refused. Only
//! the payload's own members count: an item may well have a member `Records`, but it stands inside `item`.
//!
//! What is around an event says nothing to the action: the region of a queue is not the event's `awsRegion`.

mod delivery;
pub mod http;
pub mod queue;
pub mod status;

use crate::{
    error::{Error, shorten},
    input::Members,
    json::Json,
    path::Path,
};

/// The members by which envelopes, and what is delivered inside them, are known.
pub const MARKERS: [&str; 9] =
    ["requestContext", "httpMethod", "Records", "detail-type", "source", "detail", "Type", "TopicArn", "Message"];

/// What an event came in.
#[derive(Debug)]
pub enum Envelope {
    /// An HTTP request, which is answered by an HTTP response.
    Http(http::Request),
    /// Messages of a queue, which are answered by those that failed.
    Queue(queue::Batch),
    /// An event that a topic or a bus delivered, as its text. It is answered like a direct one, though nobody may listen.
    Delivered(String),
}

impl Envelope {
    /// The envelope that a payload is; `None`: it is a direct event.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when it is one by its name, but not one that is known.
    pub fn open(members: &Members<'_>) -> Result<Option<Self>, Error> {
        if let Some(request) = http::Request::open(members)? {
            return Ok(Some(Self::Http(request)));
        }
        if let Some(records) = members.get(RECORDS) {
            return open_records(records).map(Some);
        }
        Ok(delivery::by_bus(members).map(|event| Self::Delivered(event.to_owned())))
    }
}

const RECORDS: &str = "Records";

fn open_records(text: &str) -> Result<Envelope, Error> {
    let refuse = |message: &str| Error::input(&Path::Input(RECORDS), message);
    let records = match Json::parse(text) {
        Ok(Json::Array(records)) if !records.is_empty() => records,
        Ok(_) => return Err(refuse("unknown input; where AWS sends it, it is a list of records")),
        Err(error) => return Err(refuse(&error.to_string())),
    };
    // Amazon SNS alone writes it with a capital.
    let source = |record| text_of(record, "eventSource").or_else(|| text_of(record, "EventSource"));
    let first = source(&records[0]);
    if records.iter().any(|record| source(record) != first) {
        return Err(refuse("records of more than one `eventSource`"));
    }
    match first {
        Some("aws:sqs") => queue::Batch::open(&records).map(Envelope::Queue),
        Some("aws:sns") => delivery::by_topic(&records).map(Envelope::Delivered),
        other => {
            let whose =
                other.map_or_else(|| "without an `eventSource`".into(), |name| format!("of `{}`", shorten(name)));
            Err(refuse(&format!(
                "unknown input; records {whose} are no events of an action, as messages of Amazon SQS (`aws:sqs`) and of Amazon \
                 SNS (`aws:sns`) are"
            )))
        }
    }
}

/// A member of an object.
fn member<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    let Json::Object(members) = json else { return None };
    members.iter().find(|(known, _)| known == name).map(|(_, json)| json)
}

/// A member of an object that is a string.
fn text_of<'j>(json: &'j Json, name: &str) -> Option<&'j str> {
    match member(json, name) {
        Some(Json::String(text)) => Some(text),
        _ => None,
    }
}

/// Writes text as a JSON string.
fn write_string(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("text is written as JSON");
}

/// JSON that was written piece by piece.
fn into_text(json: Vec<u8>) -> String {
    String::from_utf8(json).expect("what was written is text")
}

#[cfg(test)]
mod tests;
