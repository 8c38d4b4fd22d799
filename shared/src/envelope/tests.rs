use std::{collections::BTreeSet, fs, path::Path};

use aws_lambda_events::{
    alb::AlbTargetGroupRequest,
    apigw::{ApiGatewayProxyRequest, ApiGatewayV2httpRequest},
    eventbridge::EventBridgeEvent,
    lambda_function_urls::LambdaFunctionUrlRequest,
    sns::SnsEvent,
    sqs::SqsEvent,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Envelope, MARKERS, MOST_RECORDS, WRAPPERS, reject_records, reject_stream, reject_wrapped};
use crate::{
    actions::{context::UnusedInputs, definition::EventType},
    catalog::{FUNCTIONS, function},
    error::Error,
    input::Members,
};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A recorded event.
pub(super) fn recorded(name: &str) -> String {
    fs::read_to_string(root().join("events/envelopes").join(name).with_extension("json")).unwrap()
}

pub(super) fn open(payload: &str) -> Result<Option<Envelope>, Error> {
    Envelope::open(&Members::parse(payload)?, false)
}

/// A message as a queue hands it on.
pub(super) fn message(id: &str, queue: &str, group: Option<&str>, body: &str) -> Value {
    let attributes = group.map_or_else(|| json!({}), |group| json!({"MessageGroupId": group}));
    json!({
        "messageId": id, "body": body, "attributes": attributes,
        "eventSource": "aws:sqs", "eventSourceARN": format!("arn:aws:sqs:eu-west-1:123456789012:{queue}"),
    })
}

pub(super) fn records(records: &Value) -> String {
    json!({"Records": records}).to_string()
}

/// Whether AWS's type takes a recorded event with all its members. The functions read only some of them.
fn is_whole<T: DeserializeOwned>(name: &str) -> Result<(), String> {
    serde_json::from_str::<T>(&recorded(name)).map(|_| ()).map_err(|error| format!("{name}: {error}"))
}

#[test]
fn recorded_events_are_whole() {
    let checks = [
        is_whole::<AlbTargetGroupRequest>("alb"),
        is_whole::<AlbTargetGroupRequest>("alb-multi-value"),
        is_whole::<EventBridgeEvent<Value>>("event-bridge"),
        is_whole::<LambdaFunctionUrlRequest>("function-url"),
        is_whole::<ApiGatewayV2httpRequest>("http-api-v2"),
        is_whole::<ApiGatewayProxyRequest>("rest-v1"),
        is_whole::<ApiGatewayProxyRequest>("rest-v1-base64"),
        is_whole::<SnsEvent>("sns"),
        is_whole::<SqsEvent>("sqs-fifo"),
        is_whole::<SqsEvent>("sqs-standard"),
    ];
    let wrong: Vec<_> = checks.iter().filter_map(|check| check.as_ref().err()).collect();
    assert_eq!(wrong, Vec::<&String>::new());
    assert_eq!(fs::read_dir(root().join("events/envelopes")).unwrap().count(), checks.len());
}

#[test]
fn no_action_has_an_input_that_marks_an_envelope() {
    for function in FUNCTIONS {
        let fields = (function.event.fields)();
        let names: BTreeSet<&str> = fields.iter().flat_map(|field| field.names).copied().collect();
        assert!(names.contains("awsRegion"), "{}: {names:?}", function.name);
        for taken in MARKERS.iter().chain(&WRAPPERS) {
            // The one function that takes the records of a stream takes no envelope with `Records`.
            if function.event.list == Some(*taken) {
                continue;
            }
            let is_input = names.iter().any(|name| name.eq_ignore_ascii_case(taken));
            assert!(!is_input, "{} has an input {taken}", function.name);
        }
    }
}

#[test]
fn a_direct_event_is_no_envelope() {
    let samples = fs::read_dir(root().join("events")).unwrap().map(|entry| entry.unwrap().path());
    let mut looked_at = 0;
    for path in samples.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let name = path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap();
        // `env.json` is no event of a function, and an event of none is like the others.
        let event = function(name).map_or(EventType::of::<UnusedInputs>(), |function| function.event);
        let text = fs::read_to_string(&path).unwrap();
        let opened = Envelope::open(&event.members(&text).unwrap(), event.list.is_some());
        assert!(opened.unwrap().is_none(), "{}", path.display());
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
fn records_are_no_envelope_for_the_function_that_takes_them() {
    for records in
        [json!([]), json!([{"eventSource": "aws:dynamodb"}]), json!([message("1", "q", None, "{}")]), json!(1)]
    {
        let payload = self::records(&records);
        assert!(Envelope::open(&Members::parse(&payload).unwrap(), true).unwrap().is_none(), "{payload}");
    }
}

#[test]
fn a_list_of_records_is_refused_with_what_they_are() {
    for (payload, message) in [
        (
            r#" [{"eventSource": "aws:dynamodb"}]"#,
            "the payload is not a JSON object but a list of records of DynamoDB Streams (`aws:dynamodb`); the function \
             plain-records makes plain JSON of them",
        ),
        (
            r#"[{"eventSource": "aws:sqs", "body": "{}"}]"#,
            "the payload is not a JSON object but a list of records of `aws:sqs`; pass one event for each of them",
        ),
    ] {
        let error = reject_records(payload).unwrap_err();
        assert_eq!(error.error_type(), "InvalidInput");
        assert!(error.to_string().starts_with(message), "{error}");
    }
    let batch = records(&json!([{"eventSource": "aws:dynamodb", "dynamodb": {}}]));
    let error = reject_stream(&Members::parse(&batch).unwrap()).unwrap_err().to_string();
    assert!(
        error.starts_with("`Records`: records of DynamoDB Streams (`aws:dynamodb`); the function plain-"),
        "{error}"
    );
    for other in ["{}", r#"{"Records": []}"#, r#"{"Records": 1}"#, r#"{"Records": [{"eventSource": "aws:sqs"}]}"#] {
        assert_eq!(reject_stream(&Members::parse(other).unwrap()), Ok(()), "{other}");
    }
    for other in ["", "[", "[]", "[1]", "{}", r#"{"Records": []}"#, r#"[{"tableName": "T"}]"#] {
        assert_eq!(reject_records(other), Ok(()), "{other}");
    }
}

#[test]
fn a_list_has_no_more_records_than_a_queue_sends() {
    let records = |count| records(&Value::Array(vec![message("1", "q", None, "{}"); count]));
    assert!(open(&records(MOST_RECORDS)).unwrap().is_some());
    for count in [MOST_RECORDS + 1, MOST_RECORDS + 1_000] {
        let error = open(&records(count)).unwrap_err().to_string();
        assert_eq!(error, "`Records`: more than 10000 records; Amazon SQS sends at most so many at once");
    }
}

#[test]
fn an_event_that_is_wrapped_is_to_be_unwrapped() {
    for name in ["Payload", "payload", "body", "input", "event", "data", "Data"] {
        for content in [json!({"tableName": "T"}), json!("{}"), json!(null)] {
            let event = json!({name: content}).to_string();
            let error = reject_wrapped(&Members::parse(&event).unwrap()).unwrap_err();
            assert_eq!(error.error_type(), "InvalidInput");
            assert_eq!(error.to_string(), format!("`{name}`: the event is wrapped once more; pass its content itself"));
        }
    }
    for event in [
        json!({}),
        json!({"item": {"Payload": {}}}),
        json!({"Payload": {}, "StatusCode": 200}),
        json!({"tableName": "T", "input": {}}),
    ] {
        assert_eq!(reject_wrapped(&Members::parse(&event.to_string()).unwrap()), Ok(()));
    }
}

const RECORDED: [&str; 10] = [
    "alb",
    "alb-multi-value",
    "event-bridge",
    "function-url",
    "http-api-v2",
    "rest-v1",
    "rest-v1-base64",
    "sns",
    "sqs-fifo",
    "sqs-standard",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a recorded event, it is an envelope, none, or an error.
    #[test]
    fn a_damaged_envelope_never_panics(
        name in prop::sample::select(&RECORDED[..]),
        (from, length) in (any::<prop::sample::Index>(), 0..40_usize),
        patch in "([\\[\\]{}\",:]|null|true|1e9|\\PC){0,6}",
    ) {
        let mut payload: Vec<char> = recorded(name).chars().collect();
        let from = from.index(payload.len());
        payload.splice(from..(from + length).min(payload.len()), patch.chars());
        let payload: String = payload.into_iter().collect();
        match open(&payload) {
            Ok(Some(Envelope::Http(mut request))) => {
                if let Err(error) = request.take_event() {
                    serde_json::from_str::<Value>(&request.respond(Err(error))).unwrap();
                }
            }
            Ok(_) => {}
            Err(error) => prop_assert_eq!(error.error_type(), "InvalidInput"),
        }
    }
}
