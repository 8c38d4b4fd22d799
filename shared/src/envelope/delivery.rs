//! Events that a topic (Amazon SNS) or a bus (Amazon EventBridge) delivers.
//!
//! A rule can send to a topic and a topic to a queue, so a delivery may be inside another: what is inside is opened, too, as
//! deep as the longest such way (rule → topic → queue).

use super::{member, text_of};
use crate::{error::Error, input::Members, json::Json, path::Path};

/// How many deliveries may be inside what is delivered: a bus event inside a notification inside a message.
const DEEPEST: usize = 2;

/// The event of a bus, as its text.
pub(super) fn by_bus<'de>(members: &Members<'de>) -> Option<&'de str> {
    let is_bus_event = members.get("detail-type").is_some() && members.get("source").is_some();
    members.get("detail").filter(|_| is_bus_event)
}

/// The event of a topic: its message.
///
/// # Errors
/// [`Error::InvalidInput`] when there is not just one, as there always is (<https://aws.amazon.com/sns/faqs/>): of several,
/// some could fail, and the topic would send all of them again.
pub(super) fn by_topic(records: &[Json]) -> Result<String, Error> {
    let place = Path::Input("Records");
    let [record] = records else {
        let message = format!("{} notifications; Amazon SNS sends them one by one", records.len());
        return Err(Error::input(&place, message));
    };
    match member(record, "Sns").and_then(|sns| text_of(sns, "Message")) {
        Some(message) => Ok(innermost(message)),
        None => Err(Error::input(&place, "a notification without `Sns.Message`")),
    }
}

/// The event in a message: the message itself, or what is delivered in it.
pub(super) fn innermost(message: &str) -> String {
    let mut event = message.to_owned();
    for _ in 0..DEEPEST {
        match inside(&event) {
            Some(inner) => event = inner,
            None => break,
        }
    }
    event
}

/// What a message delivers; `None`: it is no delivery (nor, perhaps, JSON, which is for who reads the event to say).
fn inside(message: &str) -> Option<String> {
    let members = Members::parse(message).ok()?;
    if let Some(event) = by_bus(&members) {
        return Some(event.to_owned());
    }
    let text = |name| match Json::parse(members.get(name)?) {
        Ok(Json::String(text)) => Some(text),
        _ => None,
    };
    // What a topic puts into a queue, unless the subscription says raw message delivery.
    if text("Type")? != "Notification" {
        return None;
    }
    text("TopicArn")?;
    text("Message")
}
