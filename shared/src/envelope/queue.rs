//! Messages of a queue (Amazon SQS), and which of them failed.

use std::collections::HashSet;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use serde_json::value::RawValue;

use super::{
    Delivery, RECORDS, not_as_sent,
    selection::{self, Member},
    to_text,
};
use crate::{error::Error, path::Path};

/// What `SqsMessage` is read from.
const MESSAGE: [Member; 4] = [
    Member::metadata("messageId"),
    Member::event("body"),
    Member::metadata("eventSourceARN"),
    Member::object("attributes", &[Member::metadata(GROUP)]),
];

const GROUP: &str = "MessageGroupId";

/// Messages that came together.
#[derive(Debug)]
pub struct Batch {
    /// In the order in which they are to run.
    pub messages: Vec<Message>,
}

/// A message of a queue.
#[derive(Debug)]
pub struct Message {
    /// The queue's own id of the message. [`Delivery::id`] may be another one.
    pub id: String,
    /// The group of messages that run in order. `None`: the queue keeps no order.
    pub group: Option<String>,
    /// The event in the body.
    pub delivery: Delivery,
}

impl Batch {
    pub(super) fn open(records: &[&RawValue]) -> Result<Self, Error> {
        records.iter().map(|record| Message::open(record)).collect::<Result<_, _>>().map(|messages| Self { messages })
    }
}

impl Message {
    fn open(record: &RawValue) -> Result<Self, Error> {
        let mut message: SqsMessage = selection::read_object(RECORDS, record, &MESSAGE)
            .map_err(|error| not_as_sent("the message of Amazon SQS", &error))?;
        let missing = |name| Error::input(&Path::Input(RECORDS), format_args!("a message without `{name}`"));
        let id = message.message_id.ok_or_else(|| missing("messageId"))?;
        let body = message.body.ok_or_else(|| missing("body"))?;
        // Messages of a standard queue may have a group, too ("fair queues"), which asks for no order.
        let keeps_order = message.event_source_arn.is_some_and(|queue| queue.rsplit('.').next() == Some("fifo"));
        Ok(Self {
            group: message.attributes.remove(GROUP).filter(|_| keeps_order),
            delivery: Delivery::new(body, Some(id.clone())).innermost(),
            id,
        })
    }
}

/// The messages of a batch that failed.
///
/// The queue delivers them again, if its mapping has `ReportBatchItemFailures`:
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>.
#[derive(Debug, Default)]
pub struct Failures<'b> {
    response: SqsBatchResponse,
    groups: HashSet<&'b str>,
}

impl<'b> Failures<'b> {
    /// Adds a message that failed.
    pub fn add(&mut self, message: &'b Message) {
        self.response.add_failure(&message.id);
        self.groups.extend(message.group.as_deref());
    }

    /// Whether an earlier message of the same group failed. The message is then added, too: if it ran now, the earlier message
    /// would undo its effect when it is delivered again.
    pub fn hold_back(&mut self, message: &'b Message) -> bool {
        let waits = message.group.as_deref().is_some_and(|group| self.groups.contains(group));
        if waits {
            self.add(message);
        }
        waits
    }

    /// The answer to the queue, as JSON text: `{"batchItemFailures":[{"itemIdentifier":"…"}]}`.
    #[must_use]
    pub fn answer(&self) -> String {
        to_text(&self.response, 0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::envelope::{
        Envelope,
        tests::{message, open, recorded, records},
    };

    fn batch(payload: &str) -> Batch {
        match open(payload).unwrap() {
            Some(Envelope::Queue(batch)) => batch,
            other => panic!("{other:?}"),
        }
    }

    /// Runs a batch as the runtime does; these messages fail.
    fn run<'b>(batch: &'b Batch, failing: &[&str]) -> (Vec<&'b str>, Value) {
        let (mut ran, mut failures) = (Vec::new(), Failures::default());
        for message in &batch.messages {
            if failures.hold_back(message) {
                continue;
            }
            ran.push(message.id.as_str());
            if failing.contains(&message.id.as_str()) {
                failures.add(message);
            }
        }
        (ran, serde_json::from_str(&failures.answer()).unwrap())
    }

    fn failed(ids: &[&str]) -> Value {
        let ids: Vec<Value> = ids.iter().map(|id| json!({"itemIdentifier": id})).collect();
        json!({"batchItemFailures": ids})
    }

    #[test]
    fn only_the_failed_messages_are_answered() {
        let batch = batch(&recorded("sqs-standard"));
        let ids: Vec<&str> = batch.messages.iter().map(|message| message.id.as_str()).collect();
        assert_eq!(ids.len(), 3);
        assert_eq!(run(&batch, &[]), (ids.clone(), failed(&[])));
        assert_eq!(run(&batch, &ids[1..2]), (ids.clone(), failed(&ids[1..2])));
        assert_eq!(run(&batch, &ids), (ids.clone(), failed(&ids)));
        assert_eq!(Failures::default().answer(), r#"{"batchItemFailures":[]}"#);
    }

    #[test]
    fn a_failed_message_holds_back_the_later_ones_of_its_group() {
        let batch = batch(&records(&json!([
            message("a1", "q.fifo", Some("a"), "{}"),
            message("b1", "q.fifo", Some("b"), "{}"),
            message("a2", "q.fifo", Some("a"), "{}"),
            message("b2", "q.fifo", Some("b"), "{}"),
            message("a3", "q.fifo", Some("a"), "{}"),
            message("b3", "q.fifo", Some("b"), "{}"),
        ])));
        assert_eq!(run(&batch, &["a2"]), (vec!["a1", "b1", "a2", "b2", "b3"], failed(&["a2", "a3"])));
        assert_eq!(run(&batch, &["a1", "b2"]), (vec!["a1", "b1", "b2"], failed(&["a1", "a2", "b2", "a3", "b3"])));
        assert_eq!(run(&batch, &[]).1, failed(&[]));
    }

    /// Groups share a standard queue fairly; they do not order it.
    #[test]
    fn a_group_of_a_standard_queue_is_not_held_back() {
        let batch = batch(&records(&json!([message("1", "q", Some("a"), "{}"), message("2", "q", Some("a"), "{}")])));
        assert_eq!(run(&batch, &["1"]), (vec!["1", "2"], failed(&["1"])));
    }

    #[test]
    fn only_what_is_needed_must_be_there() {
        let mut record = json!({"messageId": "1", "body": "{}", "eventSource": "aws:sqs"});
        for (name, value) in [
            ("receiptHandle", json!(1)),
            ("messageAttributes", json!({"a": {"binaryValue": "?", "stringListValues": null}})),
            ("attributes", json!({"MessageGroupId": "g", "SentTimestamp": 1})),
            ("attributes", json!(null)),
            ("eventSourceARN", json!(null)),
        ] {
            let Message { id, group, delivery } = batch(&records(&json!([record]))).messages.remove(0);
            assert_eq!((id.as_str(), group, delivery.event.as_str()), ("1", None, "{}"));
            record[name] = value;
        }
        record["messageId"] = json!(1);
        let error = open(&records(&json!([record]))).unwrap_err().to_string();
        assert!(
            error
                .starts_with("the message of Amazon SQS is not as AWS sends it: `messageId` is a number, not a string"),
            "{error}"
        );
    }
}
