use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use super::{
    Envelope, MARKERS,
    queue::{Batch, Failures},
};
use crate::{catalog::FUNCTIONS, error::Error, input::Members};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A recorded event.
pub(super) fn recorded(name: &str) -> String {
    fs::read_to_string(root().join("events/envelopes").join(name).with_extension("json")).unwrap()
}

pub(super) fn open(payload: &str) -> Result<Option<Envelope>, Error> {
    Envelope::open(&Members::parse(payload)?)
}

fn delivered(payload: &str) -> String {
    match open(payload).unwrap() {
        Some(Envelope::Delivered(event)) => event,
        other => panic!("{other:?}"),
    }
}

fn batch(payload: &str) -> Batch {
    match open(payload).unwrap() {
        Some(Envelope::Queue(batch)) => batch,
        other => panic!("{other:?}"),
    }
}

fn message(id: &str, queue: &str, group: Option<&str>, body: &str) -> Value {
    let attributes = group.map_or_else(|| json!({}), |group| json!({"MessageGroupId": group}));
    json!({
        "messageId": id, "body": body, "attributes": attributes,
        "eventSource": "aws:sqs", "eventSourceARN": format!("arn:aws:sqs:eu-west-1:123456789012:{queue}"),
    })
}

fn records(records: &Value) -> String {
    json!({"Records": records}).to_string()
}

#[test]
fn no_action_has_an_input_that_marks_an_envelope() {
    for function in FUNCTIONS {
        let fields = (function.event.fields)();
        let names: BTreeSet<&str> = fields.iter().flat_map(|field| field.names).copied().collect();
        assert!(names.contains("awsRegion"), "{}: {names:?}", function.name);
        for marker in MARKERS {
            let is_input = names.iter().any(|name| name.eq_ignore_ascii_case(marker));
            assert!(!is_input, "{} has an input {marker}", function.name);
        }
    }
}

#[test]
fn a_direct_event_is_no_envelope() {
    let samples = fs::read_dir(root().join("events")).unwrap().map(|entry| entry.unwrap().path());
    let mut looked_at = 0;
    for path in samples.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        assert!(open(&fs::read_to_string(&path).unwrap()).unwrap().is_none(), "{}", path.display());
        looked_at += 1;
    }
    assert!(looked_at > 20, "{looked_at}");
    let whole = |name: &str| serde_json::from_str::<Value>(&recorded(name)).unwrap();
    for event in [
        json!({}),
        json!({"tableName": "T", "item": {"id": "1", "Records": [{"eventSource": "aws:sqs", "body": "{}", "messageId": "1"}]}}),
        json!({"tableName": "T", "item": whole("function-url")}),
        json!({"tableName": "T", "item": whole("sqs-fifo")}),
        json!({"tableName": "T", "item": whole("sns")}),
        json!({"tableName": "T", "item": whole("event-bridge")}),
        // Half of what marks an envelope: the action says that it has no such input.
        json!({"requestContext": {}}),
        json!({"requestContext": {}, "body": "{}"}),
        json!({"requestContext": "elb", "httpMethod": "POST"}),
        json!({"requestContext": [{"http": {}}]}),
        json!({"httpMethod": "POST", "body": "{}"}),
        json!({"detail": {}, "source": "x"}),
        json!({"detail-type": "x", "source": "x"}),
        json!({"detail-type": "x", "detail": {}}),
        json!({"Type": "Notification", "TopicArn": "arn", "Message": "{}"}),
    ] {
        assert!(open(&event.to_string()).unwrap().is_none(), "{event}");
    }
}

#[test]
fn records_of_anything_else_are_refused_with_what_they_are() {
    for (records, message) in [
        (json!([]), "unknown input; where AWS sends it, it is a list of records"),
        (json!({"a": 1}), "unknown input; where AWS sends it, it is a list of records"),
        (json!([{"eventSource": "aws:s3", "s3": {}}]), "unknown input; records of `aws:s3` are no events of an action"),
        (json!([{}]), "unknown input; records without an `eventSource` are no events"),
        (json!([1]), "unknown input; records without an `eventSource` are no events"),
        (json!([message("1", "q", None, "{}"), {"eventSource": "aws:s3"}]), "records of more than one `eventSource`"),
        (json!([{"eventSource": "aws:sqs", "body": "{}"}]), "a message without `messageId`"),
        (json!([{"eventSource": "aws:sqs", "messageId": "1"}]), "a message without `body`"),
        (json!([{"EventSource": "aws:sns"}]), "a notification without `Sns.Message`"),
        (
            json!([{"EventSource": "aws:sns"}, {"EventSource": "aws:sns"}]),
            "2 notifications; Amazon SNS sends them one by one",
        ),
    ] {
        let error = open(&self::records(&records)).unwrap_err();
        assert_eq!(error.error_type(), "InvalidInput");
        assert!(error.to_string().starts_with(&format!("`Records`: {message}")), "{records}: {error}");
    }
}

#[test]
fn topics_and_buses_deliver_events_with_every_digit() {
    let event = delivered(&recorded("sns"));
    assert!(event.starts_with(r#"{"tableName": "Orders", "#), "{event}");
    assert!(event.contains("12345678901234567890.12"), "{event}");
    let event = delivered(&recorded("event-bridge"));
    assert!(event.contains("0.1000000000000000000000000000000001"), "{event}");
    assert_eq!(delivered(r#"{"detail":[],"detail-type":"x","source":"y"}"#), "[]");
}

#[test]
fn what_is_delivered_inside_a_delivery_is_found() {
    let event = json!({"tableName": "T"});
    let bus = |detail: &Value| json!({"detail-type": "x", "source": "y", "detail": detail});
    let topic = |message: &Value| json!({"Type": "Notification", "TopicArn": "arn", "Message": message.to_string()});
    let by_topic = |message: &Value| {
        delivered(&records(&json!([{"EventSource": "aws:sns", "Sns": {"Message": message.to_string()}}])))
    };
    let by_queue = |body: &Value| {
        let mut batch = batch(&records(&json!([message("1", "q", None, &body.to_string())])));
        batch.messages.remove(0).event
    };
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
    assert_eq!(batch(&records(&json!([message("1", "q", None, "{")]))).messages[0].event, "{");
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
