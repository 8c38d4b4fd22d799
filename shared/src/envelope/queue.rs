//! Messages of a queue (Amazon SQS), and which of them failed.

use super::{delivery, into_text, member, text_of, write_string};
use crate::{error::Error, json::Json, path::Path};

/// Messages that came together.
#[derive(Debug)]
pub struct Batch {
    /// In the order in which they are to be run.
    pub messages: Vec<Message>,
}

/// A message of a queue.
#[derive(Debug)]
pub struct Message {
    /// By which the queue knows it.
    pub id: String,
    /// The group that it must keep its place in; a queue without order has none.
    pub group: Option<String>,
    /// The event in its body.
    pub event: String,
}

impl Batch {
    pub(super) fn open(records: &[Json]) -> Result<Self, Error> {
        records.iter().map(Message::open).collect::<Result<_, _>>().map(|messages| Self { messages })
    }
}

impl Message {
    fn open(record: &Json) -> Result<Self, Error> {
        let text = |name| {
            let missing = || Error::input(&Path::Input("Records"), format_args!("a message without `{name}`"));
            text_of(record, name).ok_or_else(missing)
        };
        // Messages of a standard queue may have a group, too ("fair queues"), which asks for no order.
        let keeps_order =
            text_of(record, "eventSourceARN").is_some_and(|queue| queue.rsplit('.').next() == Some("fifo"));
        let group = member(record, "attributes").and_then(|attributes| text_of(attributes, "MessageGroupId"));
        Ok(Self {
            id: text("messageId")?.to_owned(),
            group: group.filter(|_| keeps_order).map(str::to_owned),
            event: delivery::innermost(text("body")?),
        })
    }
}

/// The messages of a batch that failed.
///
/// The queue sends them again. For that, the queue's mapping must have `ReportBatchItemFailures`:
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>.
#[derive(Debug, Default)]
pub struct Failures<'b>(Vec<&'b Message>);

impl<'b> Failures<'b> {
    /// Adds a message that failed.
    pub fn add(&mut self, message: &'b Message) {
        self.0.push(message);
    }

    /// Whether a message must wait because an earlier one of its group failed. It has failed with it then: run after its
    /// time, it would undo what the earlier one does when it comes again.
    pub fn hold_back(&mut self, message: &'b Message) -> bool {
        let waits = message.group.is_some() && self.0.iter().any(|failed| failed.group == message.group);
        if waits {
            self.add(message);
        }
        waits
    }

    /// What the queue is answered, as JSON text: `{"batchItemFailures":[{"itemIdentifier":"…"}]}`.
    #[must_use]
    pub fn answer(&self) -> String {
        let mut out = br#"{"batchItemFailures":["#.to_vec();
        for (index, message) in self.0.iter().enumerate() {
            out.extend_from_slice(if index == 0 { br#"{"itemIdentifier":"# } else { br#",{"itemIdentifier":"# });
            write_string(&mut out, &message.id);
            out.push(b'}');
        }
        out.extend_from_slice(b"]}");
        into_text(out)
    }
}
