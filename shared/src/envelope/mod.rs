//! Envelopes: what AWS puts around an event that does not come by Lambda's own API.
//!
//! | sender | known by (members of the payload) | the event | the answer |
//! |---|---|---|---|
//! | function URL, HTTP API | `requestContext.http` | the request's body | an HTTP response |
//! | REST API (HTTP API 1.0 too) | `requestContext` and `httpMethod` | the request's body | an HTTP response |
//! | load balancer | `requestContext.elb` | the request's body | an HTTP response, its status in words too |
//! | Amazon SQS | `Records`, each with `eventSource` `aws:sqs` | each message's body | `{"batchItemFailures": …}` |
//! | Amazon SNS | `Records`, one with `EventSource` `aws:sns` | the message | as for a direct event |
//! | Amazon EventBridge | `detail-type`, `source` and `detail` | `detail` | as for a direct event |
//!
//! `Records` of a stream of DynamoDB (`aws:dynamodb`) are no envelope: they are the event of `plain-records`, and no other
//! function takes them. The types that `aws_lambda_events` has for them lose parts: see `answer/records.rs`.
//!
//! - [`http`]: a request and the response to it; [`status`]: errors as HTTP statuses
//! - [`queue`]: a batch of messages, and which of them failed
//! - `delivery`: notifications and events of a bus, also in one another
//! - `check`: an event that is checked and not run
//! - `selection`: reads the types of `aws_lambda_events`
//!
//! # A direct event is never taken for an envelope
//!
//! A direct event has the action's inputs and nothing else: an unknown input is an error. No action has an input with one of
//! the names above ([`MARKERS`]; a test checks every function). A payload that has one is therefore an envelope, or it is an
//! error. Only the payload's own members count: an item may have a member `Records`, because it stands inside `item`.
//!
//! The action sees nothing of the envelope: the region of a queue, for instance, is not the event's `awsRegion`.

mod check;
mod delivery;
pub mod http;
pub mod queue;
mod selection;
pub mod status;

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{SeqAccess, Visitor},
};
use serde_json::value::RawValue;

pub use self::{
    check::{check, members},
    delivery::Delivery,
};
use crate::{
    error::{Error, shorten},
    input::Members,
    json::{starts_with, without_mark},
    path::Path,
};

/// The members by which envelopes, and deliveries inside them, are known.
pub const MARKERS: [&str; 9] =
    ["requestContext", "httpMethod", "Records", "detail-type", "source", "detail", "Type", "TopicArn", "Message"];

/// The members that callers wrap an event in by mistake: the answer of another step, or the content of a request.
pub const WRAPPERS: [&str; 5] = ["Payload", "body", "input", "event", "data"];

/// The most records of one payload. A standard queue sends at most this number:
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>.
const MOST_RECORDS: usize = 10_000;

const RECORDS: &str = "Records";

/// The source of records of DynamoDB Streams.
const STREAM: &str = "aws:dynamodb";

/// What an action says of such records.
const RECORDS_OF_STREAM: &str = "records of DynamoDB Streams (`aws:dynamodb`); the function plain-records makes plain JSON of \
                                 them, other functions take the inputs of an action";

/// What an event came in.
#[derive(Debug)]
pub enum Envelope {
    /// An HTTP request. The answer is an HTTP response.
    Http(http::Request),
    /// Messages of a queue. The answer says which of them failed.
    Queue(queue::Batch),
    /// An event that a topic or a bus delivered. The answer is the one of a direct event. The service may discard it.
    Delivered(Delivery),
}

impl Envelope {
    /// The envelope that a payload is. `None`: it is a direct event. `has_records`: whether `Records` are an input of the
    /// function, and no envelope.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the payload has an envelope's name, but no action can do anything with its content.
    pub fn open(payload: &Members<'_>, has_records: bool) -> Result<Option<Self>, Error> {
        if let Some(request) = http::Request::open(payload) {
            return Ok(Some(Self::Http(request)));
        }
        if let Some(records) = payload.get(RECORDS) {
            return if has_records { Ok(None) } else { open_records(records).map(Some) };
        }
        Delivery::from_bus(payload).map(|delivery| delivery.map(Self::Delivered)).transpose()
    }
}

/// Checks that an event is not the content of a single member that no action has.
///
/// # Errors
/// [`Error::InvalidInput`] with the name of the member, if it is one of [`WRAPPERS`] in any letter case.
pub fn reject_wrapped(event: &Members<'_>) -> Result<(), Error> {
    match event.only_name() {
        Some(name) if WRAPPERS.iter().any(|wrapper| wrapper.eq_ignore_ascii_case(name)) => {
            Err(Error::input(&Path::Input(name), "the event is wrapped once more; pass its content itself"))
        }
        _ => Ok(()),
    }
}

/// Checks that an event is not a list of records. An action takes one object.
///
/// # Errors
/// [`Error::InvalidInput`] if the event's text is a list whose first element names the service that it comes from.
/// Amazon EventBridge Pipes sends such lists.
pub fn reject_records(event: &str) -> Result<(), Error> {
    if !starts_with(event, '[') {
        return Ok(());
    }
    // What is not JSON is left to whoever reads the event.
    let Ok(Records(records)) = serde_json::from_str(without_mark(event)) else { return Ok(()) };
    match records.first().and_then(|first| source_of(first)).as_deref() {
        None => Ok(()),
        Some(STREAM) => {
            Err(Error::event(format!("the payload is not a JSON object but a list of {RECORDS_OF_STREAM}")))
        }
        Some(source) => Err(Error::event(format!(
            "the payload is not a JSON object but a list of records of `{}`; pass one event for each of them",
            shorten(source)
        ))),
    }
}

/// Checks that an event is not a batch of DynamoDB Streams, also inside another envelope.
///
/// # Errors
/// [`Error::InvalidInput`] that names the function that takes such a batch.
pub fn reject_stream(event: &Members<'_>) -> Result<(), Error> {
    let records = event.get(RECORDS).and_then(|records| serde_json::from_str::<Records<'_>>(records.get()).ok());
    match records.and_then(|Records(records)| source_of(records.first()?)).as_deref() {
        Some(STREAM) => Err(Error::input(&Path::Input(RECORDS), RECORDS_OF_STREAM)),
        _ => Ok(()),
    }
}

fn open_records(records: &RawValue) -> Result<Envelope, Error> {
    let invalid = |message: &str| Error::input(&Path::Input(RECORDS), message);
    let Ok(Records(records)) = serde_json::from_str(records.get()) else {
        return Err(invalid("unknown input; where AWS sends it, it is a list of records"));
    };
    let Some(first) = records.first() else {
        return Err(invalid("unknown input; where AWS sends it, it is a list of records"));
    };
    if records.len() > MOST_RECORDS {
        return Err(invalid(&format!("more than {MOST_RECORDS} records; Amazon SQS sends at most so many at once")));
    }
    let source = source_of(first);
    if records.iter().any(|record| source_of(record) != source) {
        return Err(invalid("records of more than one `eventSource`"));
    }
    match source.as_deref() {
        Some("aws:sqs") => queue::Batch::open(&records).map(Envelope::Queue),
        Some("aws:sns") => Delivery::from_topic(&records).map(Envelope::Delivered),
        other => {
            let whose =
                other.map_or_else(|| "without an `eventSource`".into(), |name| format!("of `{}`", shorten(name)));
            Err(invalid(&format!(
                "unknown input; records {whose} are no events of an action, as messages of Amazon SQS (`aws:sqs`) and of Amazon \
                 SNS (`aws:sns`) are"
            )))
        }
    }
}

/// The service that a record comes from. Only Amazon SNS writes the name of the member with a capital.
fn source_of(record: &RawValue) -> Option<String> {
    let [source, source_of_topic] = selection::select(record, ["eventSource", "EventSource"])?;
    serde_json::from_str(source.or(source_of_topic)?.get()).ok()
}

/// The error for an envelope that is known by its name, but has another shape than AWS gives it.
fn not_as_sent(envelope: &str, error: &serde_json::Error) -> Error {
    Error::event(format!("{envelope} is not as AWS sends it: {}", shorten(&error.to_string())))
}

/// The JSON text of an answer. `capacity`: the bytes that it may need.
fn to_text(answer: &impl Serialize, capacity: usize) -> String {
    let mut json = Vec::with_capacity(capacity);
    serde_json::to_writer(&mut json, answer).expect("an answer is written as JSON");
    String::from_utf8(json).expect("JSON is text")
}

/// The elements of a list, each as its text: all, or one more than [`MOST_RECORDS`].
struct Records<'de>(Vec<&'de RawValue>);

impl<'de> Deserialize<'de> for Records<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RecordsVisitor;

        impl<'de> Visitor<'de> for RecordsVisitor {
            type Value = Records<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of records")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Records<'de>, A::Error> {
                let mut records = Vec::new();
                while let Some(record) = access.next_element::<&RawValue>()? {
                    if records.len() <= MOST_RECORDS {
                        records.push(record);
                    }
                }
                Ok(Records(records))
            }
        }

        deserializer.deserialize_seq(RecordsVisitor)
    }
}

#[cfg(test)]
mod tests;
