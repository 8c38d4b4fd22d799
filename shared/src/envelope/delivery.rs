//! Events that a topic (Amazon SNS) or a bus (Amazon EventBridge) delivers.
//!
//! A rule can send to a topic, and a topic to a queue. Therefore a delivery may hold another one. The longest such way is a rule, a
//! topic and a queue; all deliveries on it are opened.

use aws_lambda_events::{
    eventbridge::EventBridgeEvent,
    sns::{SnsMessage, SnsRecord},
};
use serde_json::value::RawValue;

use super::{
    RECORDS, not_as_sent,
    selection::{self, Member},
};
use crate::{error::Error, input::Members, path::Path};

/// How many deliveries a delivery may hold: a message of a queue holds a notification of a topic, which holds an event of a bus.
const DEEPEST: usize = 2;

/// The longest id that AWS gives to what it delivers, a UUID. It is also the longest request token of DynamoDB.
const LONGEST_ID: usize = 36;

/// What `EventBridgeEvent` is read from.
const BUS_EVENT: [Member; 4] =
    [Member::metadata("detail-type"), Member::metadata("source"), Member::metadata("id"), Member::event("detail")];

/// What `SnsMessage` is read from.
const NOTIFICATION: [Member; 9] = [
    Member::event("Message").or(r#""""#),
    Member::metadata("MessageId").or(r#""""#),
    Member::unread("Type", r#""Notification""#),
    Member::unread("TopicArn", r#""""#),
    Member::unread("Timestamp", r#""1970-01-01T00:00:00Z""#),
    Member::unread("SignatureVersion", r#""""#),
    Member::unread("Signature", r#""""#),
    Member::unread("SigningCertUrl", r#""""#),
    Member::unread("UnsubscribeUrl", r#""""#),
];

/// What `SnsRecord` is read from.
const RECORD: [Member; 4] = [
    Member::object("Sns", &NOTIFICATION).or("{}"),
    Member::unread("EventSource", r#""aws:sns""#),
    Member::unread("EventVersion", r#""""#),
    Member::unread("EventSubscriptionArn", r#""""#),
];

/// An event that was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The event's text. It may be anything, also no JSON.
    pub event: String,
    /// The id of what delivered the event: `messageId` of Amazon SQS, `MessageId` of Amazon SNS, `id` of Amazon EventBridge.
    ///
    /// It stays the same however often AWS delivers the event. If a delivery holds another one, the innermost id counts: a topic
    /// may send one notification to a queue twice, which makes two messages with an id each, but one `MessageId` in both.
    ///
    /// An id that is empty or longer than 36 characters is not AWS's. The id around it counts then.
    pub id: Option<String>,
}

impl Delivery {
    pub(super) fn new(event: String, id: Option<String>) -> Self {
        Self { event, id: id.filter(|id| (1..=LONGEST_ID).contains(&id.len())) }
    }

    /// The innermost delivery in this one, or this one.
    pub(super) fn innermost(mut self) -> Self {
        for _ in 0..DEEPEST {
            match inside(&self.event) {
                Some(inner) => self = Self { event: inner.event, id: inner.id.or(self.id) },
                None => break,
            }
        }
        self
    }

    /// The event of a bus. `None`: the payload is none.
    pub(super) fn from_bus(payload: &Members<'_>) -> Option<Result<Self, Error>> {
        let is_bus_event = ["detail-type", "source", "detail"].iter().all(|name| payload.get(name).is_some());
        is_bus_event.then(|| match selection::read(payload, &BUS_EVENT) {
            Ok(event) => Ok(Self::from_bus_event(event)),
            Err(error) => Err(not_as_sent("the event of Amazon EventBridge", &error)),
        })
    }

    fn from_bus_event(event: EventBridgeEvent<Box<RawValue>>) -> Self {
        Self::new(Box::<str>::from(event.detail).into(), event.id)
    }

    /// The message of a topic.
    pub(super) fn from_topic(records: &[&RawValue]) -> Result<Self, Error> {
        let invalid = |message: &str| Error::input(&Path::Input(RECORDS), message);
        let [record] = records else {
            // Amazon SNS sends one at a time (<https://aws.amazon.com/sns/faqs/>). Of several, some could fail, and Amazon SNS
            // would deliver all of them again.
            return Err(invalid(&format!("{} notifications; Amazon SNS sends them one by one", records.len())));
        };
        let record: SnsRecord = selection::read_object(RECORDS, record, &RECORD)
            .map_err(|error| not_as_sent("the notification of Amazon SNS", &error))?;
        let SnsMessage { message, message_id, .. } = record.sns;
        if message.is_empty() {
            return Err(invalid("a notification without `Sns.Message`"));
        }
        Ok(Self::new(message, Some(message_id)).innermost())
    }
}

/// The delivery that a text is. `None`: it is none, and whoever reads it as an event says what is wrong with it.
fn inside(text: &str) -> Option<Delivery> {
    let payload: &RawValue = serde_json::from_str(text).ok()?;
    let [detail_type, source, detail, kind, topic] =
        selection::select(payload, ["detail-type", "source", "detail", "Type", "TopicArn"])?;
    if detail_type.and(source).and(detail).is_some() {
        return selection::read_object("body", payload, &BUS_EVENT).ok().map(Delivery::from_bus_event);
    }
    // A topic sends this to a queue whose subscription does not have raw message delivery.
    if kind?.get() != r#""Notification""# || topic.is_none() {
        return None;
    }
    let SnsMessage { message, message_id, .. } = selection::read_object("body", payload, &NOTIFICATION).ok()?;
    (!message.is_empty()).then(|| Delivery::new(message, Some(message_id)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::envelope::{
        Envelope,
        tests::{message, open, recorded, records},
    };

    fn delivered(payload: &str) -> Delivery {
        match open(payload).unwrap() {
            Some(Envelope::Delivered(delivery)) => delivery,
            other => panic!("{other:?}"),
        }
    }

    /// What a queue delivers with this body.
    fn queued(body: &str) -> Delivery {
        match open(&records(&json!([message("1", "q", None, body)]))).unwrap() {
            Some(Envelope::Queue(mut batch)) => batch.messages.remove(0).delivery,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn topics_and_buses_deliver_events_with_every_digit() {
        let event = delivered(&recorded("sns")).event;
        assert!(event.starts_with(r#"{"tableName": "Orders", "#), "{event}");
        assert!(event.contains("12345678901234567890.12"), "{event}");
        let event = delivered(&recorded("event-bridge")).event;
        assert!(event.contains("0.1000000000000000000000000000000001"), "{event}");
        assert_eq!(delivered(r#"{"detail":[],"detail-type":"x","source":"y"}"#).event, "[]");
    }

    #[test]
    fn what_is_delivered_inside_a_delivery_is_found() {
        let event = json!({"tableName": "T"});
        let bus = |detail: &Value| json!({"detail-type": "x", "source": "y", "detail": detail});
        let topic =
            |message: &Value| json!({"Type": "Notification", "TopicArn": "arn", "Message": message.to_string()});
        let by_topic = |message: &Value| {
            delivered(&records(&json!([{"EventSource": "aws:sns", "Sns": {"Message": message.to_string()}}]))).event
        };
        let by_queue = |body: &Value| queued(&body.to_string()).event;
        assert_eq!(by_topic(&event), event.to_string());
        assert_eq!(by_topic(&bus(&event)), event.to_string());
        assert_eq!(by_queue(&event), event.to_string());
        assert_eq!(by_queue(&bus(&event)), event.to_string());
        assert_eq!(by_queue(&topic(&event)), event.to_string());
        assert_eq!(by_queue(&topic(&bus(&event))), event.to_string());
        // No way is longer than this one.
        assert_eq!(by_queue(&topic(&bus(&bus(&event)))), bus(&event).to_string());
        // What is no delivery is left as it is, for who reads it to refuse.
        for other in [
            json!("text"),
            json!([]),
            json!({"Type": "SubscriptionConfirmation", "TopicArn": "arn", "Message": "{}"}),
            json!({"Type": "Notification", "Message": "{}"}),
            json!({"Records": []}),
        ] {
            assert_eq!(by_queue(&other), other.to_string());
        }
        assert_eq!(queued("{").event, "{");
    }

    #[test]
    fn the_innermost_id_counts() {
        let bus = |id: Value| json!({"detail-type": "x", "source": "y", "id": id, "detail": {}}).to_string();
        let topic = |id: Value, message: &str| {
            json!({"Type": "Notification", "TopicArn": "arn", "MessageId": id, "Message": message}).to_string()
        };
        let topic_event = |id: Value, message: &str| {
            records(&json!([{"EventSource": "aws:sns", "Sns": {"MessageId": id, "Message": message}}]))
        };
        let none = Value::Null;
        for (delivery, id) in [
            (queued("{}"), Some("1")),
            (queued(&topic("2".into(), "{}")), Some("2")),
            (queued(&bus("3".into())), Some("3")),
            (queued(&topic("2".into(), &bus("3".into()))), Some("3")),
            (queued(&topic("2".into(), &bus(none.clone()))), Some("2")),
            (queued(&topic(none.clone(), &bus(none.clone()))), Some("1")),
            // These are not AWS's.
            (queued(&topic("".into(), "{}")), Some("1")),
            (queued(&topic("2".repeat(37).into(), "{}")), Some("1")),
            (delivered(&topic_event("2".into(), "{}")), Some("2")),
            (delivered(&topic_event("2".into(), &bus("3".into()))), Some("3")),
            (delivered(&topic_event(none.clone(), "{}")), None),
            (delivered(&bus("3".into())), Some("3")),
            (delivered(&bus(none)), None),
        ] {
            assert_eq!(delivery.id.as_deref(), id, "{delivery:?}");
        }
        assert_eq!(delivered(&recorded("sns")).id.as_deref(), Some("95df01b4-ee98-5cb9-9903-4c221d41eb5e"));
        assert_eq!(delivered(&recorded("event-bridge")).id.as_deref(), Some("7bf73129-1428-4cd3-a780-95db273d1602"));
    }

    /// The types of `aws_lambda_events` require more than AWS sends: a FIFO topic does not sign what it sends to a queue.
    #[test]
    fn only_what_is_needed_must_be_there() {
        let notification = json!({
            "Type": "Notification", "MessageId": "2", "SequenceNumber": "10000000000000003000", "Timestamp": "today",
            "TopicArn": "arn:aws:sns:eu-west-1:123456789012:orders.fifo", "Message": "{}", "MessageAttributes": {"a": 1},
        });
        assert_eq!(queued(&notification.to_string()), Delivery { event: "{}".into(), id: Some("2".into()) });
        let event = json!({"detail-type": "x", "source": "y", "detail": {}, "time": "today", "resources": 1});
        assert_eq!(delivered(&event.to_string()), Delivery { event: "{}".into(), id: None });
    }

    #[test]
    fn a_delivery_that_aws_does_not_send_is_an_error_or_an_event() {
        for (payload, message) in [
            (
                json!({"detail-type": 1, "source": "y", "detail": {}}),
                "the event of Amazon EventBridge is not as AWS sends it: ",
            ),
            (json!({"detail-type": "x", "source": "y", "detail": null}), "the event of Amazon EventBridge is not"),
            (
                json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": {}}}]}),
                "the notification of Amazon SNS is not",
            ),
        ] {
            let error = open(&payload.to_string()).unwrap_err();
            assert_eq!(error.error_type(), "InvalidInput");
            assert!(error.to_string().starts_with(message), "{error}");
            // In a queue, only the message fails whose body it is.
            assert_eq!(queued(&payload.to_string()).event, payload.to_string());
        }
    }
}
