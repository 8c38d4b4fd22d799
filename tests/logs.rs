//! The log of a function: the line of each event, the DEBUG lines and the metrics. Also the trace header, which
//! DynamoDB receives.

use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

fn put() -> Value {
    json!({"tableName": "Tab", "item": {"id": "MARKED", "secret": "MARKED"}})
}

/// The lines of an invocation's log that are JSON and have a message.
fn lines(log: &str) -> Vec<Value> {
    log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn line<'a>(lines: &'a [Value], message: &str) -> &'a Value {
    let mut found = lines.iter().filter(|line| line["message"] == message);
    let line = found.next().unwrap_or_else(|| panic!("no line {message:?} in {lines:#?}"));
    assert!(found.next().is_none(), "more than one line {message:?}");
    line
}

async fn harness(level: &'static str, metrics: bool) -> Harness {
    let harness = Harness::with(|builder| {
        let builder = builder.env("AWS_LAMBDA_LOG_FORMAT", "JSON").env("AWS_LAMBDA_LOG_LEVEL", level);
        if metrics { builder.env("METRICS_NAMESPACE", "Orders") } else { builder }
    })
    .await;
    harness.table("Tab", false).await;
    harness
}

#[tokio::test]
async fn an_event_logs_one_line() {
    let harness = harness("INFO", false).await;
    harness.proxy().next("PutItem", Canned::error(400, "ThrottlingException"));
    let invocation = harness.invoke("create-item", put().to_string()).await;
    let lines = lines(&invocation.log);
    assert_eq!(lines.len(), 1, "{}", invocation.log);
    let line = line(&lines, "answered");
    assert_eq!(line["level"], "INFO");
    for (name, value) in [
        ("action", json!("create-item")),
        ("table", json!("Tab")),
        ("region", json!("us-east-1")),
        ("connection", json!("own")),
        ("attempts", json!(2)),
        ("throttles", json!(1)),
        ("consumedCapacity", json!(1.0)),
        ("coldStart", json!(true)),
    ] {
        assert_eq!(line[name], value, "{name}: {line}");
    }
    assert!(line["milliseconds"].is_u64());
    assert!(line["traceId"].as_str().unwrap().starts_with("Root=1-"));
    assert!(line["awsRequestIds"].is_string() && line["requestId"].is_string());
    assert!(line.get("errorType").is_none());
    assert!(!invocation.log.contains("MARKED"));
}

#[tokio::test]
async fn the_line_of_a_failure_names_the_error_type() {
    let harness = harness("INFO", false).await;
    let mut event = put();
    event["conditionExpression"] = "attribute_exists(id)".into();
    harness.ok("create-item", put()).await;
    let invocation =
        harness.invoke("create-item", json!({"tableName": "Nowhere", "item": {"id": "x"}}).to_string()).await;
    let lines = lines(&invocation.log);
    let line = line(&lines, "failed");
    assert_eq!(line["errorType"], "ResourceNotFoundException");
    assert_eq!(line["table"], "Nowhere");
    assert_eq!(line["coldStart"], false);
}

#[tokio::test]
async fn debug_lines_report_each_call_refusal_and_wait() {
    let harness = harness("DEBUG", false).await;
    harness.ok("create-item", put()).await;
    harness.proxy().next("GetItem", Canned::error(400, "ThrottlingException"));
    let event = json!({"tableName": "Tab", "hashKeyValue": "MARKED"});
    let invocation = harness.invoke("get-item", event.to_string()).await;
    let lines = lines(&invocation.log);
    assert_eq!(line(&lines, "warmed up")["connected"], true);
    let refused = line(&lines, "refused");
    assert_eq!(refused["code"], "ThrottlingException");
    assert_eq!(refused["status"], 400);
    assert!(line(&lines, "trying again")["waitedMilliseconds"].is_u64());
    let called: Vec<_> =
        lines.iter().filter(|line| line["message"] == "called").map(|line| &line["operation"]).collect();
    assert_eq!(called, ["DescribeTable", "GetItem"]);
    assert!(!invocation.log.contains("MARKED"), "{}", invocation.log);

    let request_id = &line(&lines, "answered")["requestId"];
    let in_invocation: Vec<_> = lines.iter().filter(|line| line["message"] != "warmed up").collect();
    assert!(in_invocation.len() > 4 && in_invocation.iter().all(|line| line["requestId"] == *request_id), "{lines:#?}");
}

#[tokio::test]
async fn the_lines_of_a_message_have_its_id() {
    let harness = harness("DEBUG", false).await;
    let record = |id: &str| json!({"messageId": id, "body": put().to_string(), "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue"});
    let event = json!({"Records": [record("m1"), record("m2")]});
    let invocation = harness.invoke("create-item", event.to_string()).await;
    let lines = lines(&invocation.log);
    for message in ["called", "answered"] {
        let ids: Vec<_> =
            lines.iter().filter(|line| line["message"] == message).map(|line| &line["messageId"]).collect();
        assert_eq!(ids, ["m1", "m2"], "{lines:#?}");
    }
}

#[tokio::test]
async fn at_level_error_nothing_else_is_logged() {
    let harness = harness("ERROR", false).await;
    let invocation = harness.invoke("create-item", put().to_string()).await;
    assert!(lines(&invocation.log).is_empty(), "{}", invocation.log);
}

#[tokio::test]
async fn metrics_are_in_cloudwatchs_embedded_format() {
    let harness = harness("ERROR", true).await;
    harness.proxy().next("PutItem", Canned::error(400, "ThrottlingException"));
    let invocation = harness.invoke("create-item", put().to_string()).await;
    let metrics = lines(&invocation.log);
    let [metrics] = metrics.as_slice() else { panic!("{}", invocation.log) };
    let values =
        ["Invocations", "Errors", "Throttles", "ColdStarts", "ConsumedCapacity"].map(|name| metrics[name].as_f64());
    assert_eq!(values, [Some(1.0), Some(0.0), Some(1.0), Some(1.0), Some(1.0)], "{metrics}");
    assert!(metrics["Latency"].as_f64().is_some_and(|latency| latency > 0.0));
    assert_eq!(metrics["action"], "create-item");
    assert!(metrics["_aws"]["Timestamp"].is_u64());
    let [directive] = metrics["_aws"]["CloudWatchMetrics"].as_array().unwrap().as_slice() else { panic!("{metrics}") };
    assert_eq!(directive["Namespace"], "Orders");
    assert_eq!(directive["Dimensions"], json!([["action"]]));
    holds_what_it_declares(metrics);

    let invocation = harness.invoke("create-item", json!({"tableName": "Tab"}).to_string()).await;
    let metrics = &lines(&invocation.log)[0];
    assert_eq!(metrics["Errors"], 1);
    assert_eq!(metrics["ColdStarts"], 0);
    assert_eq!(metrics["errorType"], "InvalidInput");
    assert_eq!(metrics["_aws"]["CloudWatchMetrics"][1]["Dimensions"], json!([["action", "errorType"]]));
    holds_what_it_declares(metrics);
    assert!(!invocation.log.contains("MARKED"));
}

/// Checks that each declared metric is a number in the line and each dimension is a text, as the format's specification
/// requires.
fn holds_what_it_declares(line: &Value) {
    for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
        for dimension in directive["Dimensions"][0].as_array().unwrap() {
            assert!(line[dimension.as_str().unwrap()].is_string(), "{dimension}: {line}");
        }
        for metric in directive["Metrics"].as_array().unwrap() {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{metric}: {line}");
            assert!(["Count", "Milliseconds"].contains(&metric["Unit"].as_str().unwrap()));
        }
    }
}

#[tokio::test]
async fn passes_the_trace_header_on_to_dynamodb() {
    let harness = harness("INFO", false).await;
    harness.proxy().take_seen();
    let invocation = harness.invoke("create-item", put().to_string()).await;
    let lines = lines(&invocation.log);
    let trace_id = line(&lines, "answered")["traceId"].as_str().unwrap();
    let seen = harness.proxy().take_seen();
    assert_eq!(seen[0].headers["x-amzn-trace-id"], trace_id);
}
