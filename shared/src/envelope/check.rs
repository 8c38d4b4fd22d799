//! Checks an event without running it, as the runtime reads it.

use super::{Delivery, Envelope, reject_records, reject_stream, reject_wrapped};
use crate::{actions::definition::EventType, error::Error, input::Members};

/// Splits the text of an event for a function into its members.
///
/// # Errors
/// As [`EventType::members`], [`reject_records`] and [`reject_stream`].
pub fn members<'e>(event: &EventType, text: &'e str) -> Result<Members<'e>, Error> {
    if event.list.is_some() {
        return event.members(text);
    }
    reject_records(text)?;
    let members = event.members(text)?;
    reject_stream(&members)?;
    Ok(members)
}

/// Reads an event, also in an envelope, up to the point where the function would make a call.
///
/// # Errors
/// The error that the function would give. For a queue's messages, it names the first message that is wrong.
pub fn check(event: &EventType, text: &str) -> Result<(), Error> {
    let payload = members(event, text)?;
    match Envelope::open(&payload, event.list.is_some())? {
        None => check_event(event, text),
        Some(Envelope::Delivered(Delivery { event: text, .. })) => check_event(event, &text),
        Some(Envelope::Http(mut request)) => check_event(event, &request.take_event()?),
        Some(Envelope::Queue(batch)) => batch.messages.iter().try_for_each(|message| {
            let named = |error| Error::event(format!("the message `{}`: {error}", message.id));
            check_event(event, &message.delivery.event).map_err(named)
        }),
    }
}

fn check_event(event: &EventType, text: &str) -> Result<(), Error> {
    reject_wrapped(&members(event, text)?)?;
    event.check(text)
}
