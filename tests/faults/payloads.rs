//! The largest and most awkward payloads that Lambda delivers: each costs an answer or an error in one line, in time and in 128 MB.

use std::{fmt::Write as _, time::Duration};

use serde_json::{Value, json};

use super::upstream::peak;
use crate::harness::{FUNCTIONS, Harness};

/// The largest payload that Lambda delivers, in bytes.
const LARGEST: usize = 6 * 1024 * 1024;

/// How long one may take, in a build without optimization and on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);

/// A payload with this before and after as much as there is room for of what `part` makes of a number.
fn fill(before: &str, part: impl Fn(usize) -> String, after: &str) -> String {
    let mut payload = before.to_owned();
    for number in 0.. {
        let part = part(number);
        let separator = if number == 0 { "" } else { "," };
        if payload.len() + separator.len() + part.len() + after.len() > LARGEST {
            break;
        }
        write!(payload, "{separator}{part}").unwrap();
    }
    payload + after
}

/// A payload with this before and after, and this in its middle as often as there is room.
fn repeat(before: &str, middle: &str, after: &str) -> String {
    format!("{before}{}{after}", middle.repeat((LARGEST - before.len() - after.len()) / middle.len()))
}

/// Payloads for every function.
fn for_all() -> Vec<(&'static str, String)> {
    vec![
        ("one name", repeat("{\"", "n", "\": 1}")),
        ("many names", fill("{", |number| format!("\"n{number}\":1"), "}")),
        ("one text", repeat(r#"{"tableName": ""#, "x", "\"}")),
        ("deep nesting", repeat(r#"{"tableName": "#, "[", "")),
        ("numbers", fill(r#"{"limit": ["#, |_| "1".to_owned(), "]}")),
    ]
}

/// Payloads for the inputs of one function.
fn for_one() -> Vec<(&'static str, &'static str, String)> {
    let item = |item: &str, rest: &str| format!(r#"{{"tableName": "Tab", "item": {{"id": "a", {item}}}{rest}}}"#);
    let inside = |text: &str| {
        let (before, after) = text.split_once('@').unwrap();
        (before.to_owned(), after.to_owned())
    };
    let filled = |text: String, part: fn(usize) -> String| {
        let (before, after) = inside(&text);
        fill(&before, part, &after)
    };
    let repeated = |text: String, middle: &str| {
        let (before, after) = inside(&text);
        repeat(&before, middle, &after)
    };
    vec![
        (
            "get-item",
            "a secret",
            repeated(r#"{"connection": {"accessKeyId": "a", "secretAccessKey": "@"}}"#.into(), "s"),
        ),
        (
            "get-item",
            "a role",
            repeated(r#"{"connection": {"roleArn": "arn:aws:iam::123456789012:role/@"}}"#.into(), "r"),
        ),
        ("get-item", "a region", repeated(r#"{"awsRegion": "@"}"#.into(), "-")),
        ("get-item", "blanks", repeated("{@}".into(), " ")),
        ("create-item", "tiny numbers", filled(item(r#""l": [@]"#, ""), |_| "1".into())),
        ("create-item", "tiny texts", filled(item(r#""l": [@]"#, ""), |_| "\"\"".into())),
        ("create-item", "as many values as are read", item(&format!(r#""l": [{}0]"#, "0,".repeat(499_900)), "")),
        ("create-item", "as many lists as are read", item(&format!(r#""l": [{}[]]"#, "[],".repeat(499_900)), "")),
        ("create-item", "as many maps as are read", item(&format!(r#""l": [{}{{}}]"#, "{},".repeat(499_900)), "")),
        ("create-item", "small maps", filled(item(r#""l": [@]"#, ""), |_| r#"{"a":1}"#.into())),
        ("create-item", "typed values", filled(item(r#""l": {"L": [@]}"#, r#", "inputFormat": "typed""#), |_| r#"{"N":"1"}"#.into())),
        ("create-item", "attributes", filled("{\"tableName\": \"Tab\", \"item\": {\"id\": \"a\", @}}".to_owned(), |number| format!("\"a{number}\":1"))),
        ("create-item", "pairs", filled(r#"{"tableName": "Tab", "item": [@]}"#.into(), |number| format!(r#"{{"key":"a{number}","value":1}}"#))),
        ("create-item", "a repeated pair", filled(r#"{"tableName": "Tab", "item": [@]}"#.into(), |_| r#"{"key":"a","value":1}"#.into())),
        ("create-item", "a text", repeated(item(r#""s": "@""#, ""), "x")),
        ("create-item", "escapes", repeated(item(r#""s": "@""#, ""), "\\u0041")),
        ("create-item", "line breaks", repeated(item(r#""s": "@""#, ""), "\\n")),
        ("create-item", "base64", repeated(item(r#""b": "@""#, r#", "itemTypes": {"b": "B"}"#), "AAAA")),
        ("create-item", "bytes", filled(item(r#""b": {"type": "Buffer", "data": [@]}"#, r#", "itemTypes": {"b": "B"}"#), |_| "7".into())),
        ("create-item", "a number", repeated(item(r#""n": @"#, ""), "7")),
        ("create-item", "a number as text", repeated(item(r#""n": "@""#, r#", "itemTypes": {"n": "N"}"#), "7")),
        ("create-item", "a number set", filled(item(r#""n": [@]"#, r#", "itemTypes": {"n": "NS"}"#), |number| number.to_string())),
        ("create-item", "a text set", filled(item(r#""n": [@]"#, r#", "itemTypes": {"n": "SS"}"#), |number| format!("\"{number}\""))),
        ("create-item", "a set of one", filled(item(r#""n": [@]"#, r#", "itemTypes": {"n": "SS"}"#), |_| "\"1\"".into())),
        ("create-item", "a binary set", filled(item(r#""n": [@]"#, r#", "itemTypes": {"n": "BS"}"#), |number| format!("\"{number:04}\""))),
        ("create-item", "types", filled("{\"tableName\": \"Tab\", \"item\": {\"id\": \"a\"}, \"itemTypes\": {@}}".to_owned(), |number| format!("\"a{number}\":\"N\""))),
        ("create-item", "an item as text", repeated(r#"{"tableName": "Tab", "item": "{\"id\": \"a\", \"s\": \"@\"}"}"#.into(), "x")),
        ("create-item", "a list as text", repeated(item(r#""l": "[@1]""#, r#", "itemTypes": {"l": "L"}"#), "1,")),
        ("create-item", "names", filled(r#"{"tableName": "Tab", "item": {"id": "a"}, "expressionAttributeNames": {@}}"#.into(), |number| format!("\"#n{number}\":\"a\""))),
        ("create-item", "values", filled(r#"{"tableName": "Tab", "item": {"id": "a"}, "expressionAttributeValues": {@}}"#.into(), |number| format!("\":v{number}\":1"))),
        ("create-item", "values that are used", filled(r#"{"tableName": "Tab", "item": {"id": "a"}, "conditionExpression": "a = :v0", "expressionAttributeValues": {@}}"#.into(), |number| format!("\":v{number}\":1"))),
        ("create-item", "a condition", repeated(r#"{"tableName": "Tab", "item": {"id": "a"}, "conditionExpression": "@a = b"}"#.into(), "a = b AND ")),
        ("create-item", "brackets", repeated(r#"{"tableName": "Tab", "item": {"id": "a"}, "conditionExpression": "@"}"#.into(), "(")),
        ("create-item", "a token", repeated(r#"{"tableName": "Tab", "item": {"id": "a"}, "requestToken": "@"}"#.into(), "t")),
        ("create-item", "a version", repeated(r#"{"tableName": "Tab", "item": {"id": "a"}, "expectedVersion": @}"#.into(), "7")),
        ("update-item", "an update", repeated(r#"{"tableName": "Tab", "key": {"id": "a"}, "updateExpression": "SET @a = b"}"#.into(), "a = b, ")),
        ("update-item", "a simple update", filled(r#"{"tableName": "Tab", "key": {"id": "a"}, "set": {@}}"#.into(), |number| format!("\"a{number}\":1"))),
        ("update-item", "paths to remove", filled(r#"{"tableName": "Tab", "key": {"id": "a"}, "remove": [@]}"#.into(), |number| format!("\"a{number}\""))),
        ("update-item", "a path", repeated(r#"{"tableName": "Tab", "key": {"id": "a"}, "set": {"a@": 1}}"#.into(), ".a")),
        ("update-item", "an index", repeated(r#"{"tableName": "Tab", "key": {"id": "a"}, "set": {"a@": 1}}"#.into(), "[0]")),
        ("update-item", "elements to append", filled(r#"{"tableName": "Tab", "key": {"id": "a"}, "append": {"l": [@]}}"#.into(), |_| "1".into())),
        ("get-item", "a key", repeated(r#"{"tableName": "Tab", "hashKeyValue": "@"}"#.into(), "k")),
        ("get-item", "a projection", repeated(r#"{"tableName": "Tab", "key": {"id": "a"}, "projectionExpression": "@a"}"#.into(), "a,")),
        ("get-item", "key attributes", filled(r#"{"tableName": "Tab", "key": {@}}"#.into(), |number| format!("\"a{number}\":1"))),
        ("delete-item", "a condition", repeated(r#"{"tableName": "Tab", "key": {"id": "a"}, "conditionExpression": "@a = b"}"#.into(), "NOT ")),
        ("query-items", "a filter", repeated(r#"{"tableName": "Tab", "keyConditionExpression": "id = :i", "filterExpression": "@a"}"#.into(), "a OR ")),
        ("query-items", "a key condition", repeated(r#"{"tableName": "Tab", "keyConditionExpression": "@"}"#.into(), "id = id AND ")),
        ("query-items", "members", filled(r#"{"tableName": "Tab", "queryParameters": {@}}"#.into(), |number| format!("\"a{number}\":1"))),
        ("query-items", "member pairs", filled(r#"{"tableName": "Tab", "queryParameters": [@]}"#.into(), |number| format!(r#"{{"key":"a{number}","value":"[1]"}}"#))),
        ("query-items", "a page key", filled(r#"{"tableName": "Tab", "keyConditionExpression": "id = id", "exclusiveStartKey": {@}}"#.into(), |number| format!(r#""a{number}":{{"S":"x"}}"#))),
        ("raw-request", "a statement", repeated(r#"{"statement": "SELECT * FROM Tab WHERE @a = 1"}"#.into(), "a = 1 AND ")),
        ("raw-request", "parameters", filled(r#"{"statement": "SELECT * FROM Tab WHERE a = ?", "parameters": [@]}"#.into(), |_| "1".into())),
        ("raw-request", "parameter types", filled(r#"{"statement": "SELECT * FROM Tab WHERE a = ?", "parameters": [1], "parameterTypes": [@]}"#.into(), |_| "\"N\"".into())),
        ("raw-request", "a page token", repeated(r#"{"statement": "SELECT * FROM Tab", "nextToken": "@"}"#.into(), "t")),
        ("create-table", "attributes", filled(r#"{"tableName": "New", "keySchema": [], "attributeDefinitions": [@]}"#.into(), |number| format!(r#"{{"AttributeName":"a{number}","AttributeType":"S"}}"#))),
        ("create-table", "tags", filled(r#"{"tableName": "New", "attributeDefinitions": [], "keySchema": [], "tags": [@]}"#.into(), |number| format!(r#"{{"Key":"a{number}","Value":""}}"#))),
        ("create-item", "an SQS batch", filled(r#"{"Records": [@]}"#.into(), record)),
        ("create-item", "an SQS batch with one message", {
            let mut message: Value = serde_json::from_str(&record(0)).unwrap();
            message["body"] = "@".into();
            repeated(json!({"Records": [message]}).to_string(), "x")
        }),
        ("create-item", "an HTTP request", repeated(http("@", false), "x")),
        ("create-item", "an HTTP request with an item", repeated(http(r#"{\"tableName\": \"Tab\", \"item\": {\"id\": \"a\", \"s\": \"@\"}}"#, false), "x")),
        ("create-item", "an HTTP request in base64", repeated(http("@", true), "ICAg")),
        ("create-item", "an HTTP request with many headers", {
            let event = http("{}", false).replacen("\"headers\":{", "\"headers\":{@,", 1);
            filled(event, |number| format!("\"h{number}\":\"1\""))
        }),
        ("create-item", "wrapped", repeated(r#"{"body": {"body": "@"}}"#.into(), "x")),
    ]
}

fn record(number: usize) -> String {
    json!({
        "messageId": format!("m{number}"),
        "receiptHandle": "r",
        "body": "{}",
        "attributes": {},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:q",
        "awsRegion": "us-east-1",
    })
    .to_string()
}

/// An HTTP API's request with this body, as JSON text.
fn http(body: &str, base64: bool) -> String {
    format!(
        r#"{{"version":"2.0","routeKey":"$default","rawPath":"/","rawQueryString":"","headers":{{"content-type":"application/json"}},"requestContext":{{"accountId":"1","apiId":"a","domainName":"d","domainPrefix":"p","http":{{"method":"POST","path":"/","protocol":"HTTP/1.1","sourceIp":"1.1.1.1","userAgent":"u"}},"requestId":"r","routeKey":"$default","stage":"$default","time":"12/Mar/2020:19:03:58 +0000","timeEpoch":1}},"body":"{body}","isBase64Encoded":{base64}}}"#
    )
}

/// Sends payloads to a function, and says what each of them costs that costs too much.
async fn measure(harness: &Harness, function: &str, payloads: &[(&str, String)]) -> Vec<String> {
    let mut failures = Vec::new();
    for (name, payload) in payloads {
        assert!(payload.len() <= LARGEST, "{name}: {}", payload.len());
        let invocation = harness.invoke(function, payload.clone()).await;
        let peak = peak(&invocation.log);
        if std::env::var_os("SHOW_PAYLOADS").is_some() {
            eprintln!(
                "{function} / {name}: {:?}, {peak:?} MB, {:.150}",
                invocation.duration,
                String::from_utf8_lossy(&invocation.payload)
            );
        }
        let mut fail = |problem: String| failures.push(format!("{function} / {name}: {problem}"));
        if peak.is_some_and(|peak| peak >= 128) {
            fail(format!("{peak:?} MB"));
        }
        if invocation.duration > LONGEST {
            fail(format!("{:?}", invocation.duration));
        }
        if let Some(error) = invocation.error() {
            if error.error_message.len() > 4_096 || error.error_message.contains('\n') {
                fail(format!("a message of {} bytes", error.error_message.len()));
            }
            if ["Internal", "Timeout", "Runtime.ExitError", "Sandbox.Timedout"].contains(&error.error_type.as_str()) {
                fail(format!("{error:?}"));
            }
        }
    }
    failures
}

async fn harness() -> Harness {
    let harness = Harness::with(|builder| builder.timeout(Duration::from_mins(1))).await;
    harness.table("Tab", false).await;
    harness
}

#[tokio::test]
async fn every_function_takes_the_largest_payloads_in_128_mb() {
    let harness = harness().await;
    let payloads = for_all();
    let mut failures = Vec::new();
    for (function, _) in FUNCTIONS {
        failures.extend(measure(&harness, function, &payloads).await);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[tokio::test]
async fn the_most_awkward_payloads_fit_in_128_mb() {
    let mut failures = Vec::new();
    let mut payloads = for_one();
    // A process for each, so that one's memory is not counted for the next.
    while let Some((function, name, payload)) = payloads.pop() {
        let harness = harness().await;
        failures.extend(measure(&harness, function, &[(name, payload)]).await);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
