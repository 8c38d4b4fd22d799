use std::sync::Arc;

use local::Identity;
use serde_json::{Value, json};

use crate::harness::{FUNCTIONS, Harness, proxy::Canned};

/// The lines of a log: level, message, request id.
fn lines(log: &str) -> Vec<(String, String, String)> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    log.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|line| (text(&line, "level"), text(&line, "message"), text(&line, "requestId")))
        .collect()
}

async fn harness(level: &'static str) -> Harness {
    let harness =
        Harness::with(|builder| builder.env("AWS_LAMBDA_LOG_FORMAT", "JSON").env("AWS_LAMBDA_LOG_LEVEL", level)).await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a"})).await;
    harness
}

#[tokio::test]
async fn one_event_is_logged_at_debug_whatever_the_level_is() {
    for level in ["INFO", "ERROR"] {
        let harness = harness(level).await;
        let get = |debug: Value| json!({"tableName": "Tab", "hashKeyValue": "a", "debug": debug}).to_string();
        for debug in [json!(true), json!("true"), json!("yes"), json!(1)] {
            harness.proxy().next("GetItem", Canned::error(400, "ThrottlingException"));
            let invocation = harness.invoke("get-item", get(debug.clone())).await;
            assert!(invocation.error().is_none(), "{invocation:?}");
            let lines = lines(&invocation.log);
            for message in ["called", "refused", "trying again", "answered"] {
                assert!(lines.iter().any(|(_, said, _)| said == message), "{level} {debug}: {message} in {lines:?}");
            }
            let ids: Vec<&String> = lines.iter().map(|(_, _, id)| id).collect();
            assert!(ids.iter().all(|id| !id.is_empty() && *id == ids[0]), "{lines:?}");
        }
        for debug in [json!(false), json!(null), json!(""), json!("no"), json!(0)] {
            harness.proxy().next("GetItem", Canned::error(400, "ThrottlingException"));
            let lines = lines(&harness.invoke("get-item", get(debug)).await.log);
            assert!(lines.iter().all(|(level, _, _)| level != "DEBUG"), "{lines:?}");
            assert_eq!(lines.len(), usize::from(level == "INFO"));
        }
        harness
            .refuses("get-item", get(json!("maybe")), "InvalidInput", &["`debug`: `\"maybe\"` is not a boolean"])
            .await;
    }
}

#[tokio::test]
async fn every_function_takes_it() {
    let identity = Arc::new(Identity::start().await.unwrap());
    let harness = Harness::guarded(&identity, |builder| builder).await;
    for (function, _) in FUNCTIONS {
        let invocation = harness.invoke(function, json!({"debug": "true"}).to_string()).await;
        let error = invocation.error().map(|error| error.error_message).unwrap_or_default();
        assert!(!error.contains("debug"), "{function}: {error}");
    }
}

#[tokio::test]
async fn a_wait_for_credentials_is_a_line_of_the_event() {
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.role(local::Role::new("arn:aws:iam::123456789012:role/reader", ["own"]));
    let harness = Harness::guarded(&identity, |builder| builder.env("AWS_LAMBDA_LOG_FORMAT", "JSON")).await;
    let role = json!({"roleArn": "arn:aws:iam::123456789012:role/reader"});
    let invocation = harness.invoke("list-tables", json!({"connection": role, "debug": true}).to_string()).await;
    assert!(invocation.error().is_none(), "{invocation:?}");
    let lines = lines(&invocation.log);
    for message in ["credentials are renewed", "waited for credentials", "called"] {
        let line = lines.iter().find(|(_, said, _)| said == message);
        let (_, _, id) = line.unwrap_or_else(|| panic!("no {message:?} in {lines:?}"));
        assert!(!id.is_empty());
    }
}

#[tokio::test]
async fn one_message_of_a_queue_is_logged_at_debug() {
    let harness = harness("ERROR").await;
    let record = |id: &str, debug: bool| {
        let body = json!({"tableName": "Tab", "item": {"id": id}, "debug": debug}).to_string();
        json!({
            "messageId": id, "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {},
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:q", "awsRegion": "us-east-1",
        })
    };
    let batch = json!({"Records": [record("m1", false), record("m2", true), record("m3", false)]});
    let invocation = harness.invoke("create-item", batch.to_string()).await;
    assert!(invocation.error().is_none(), "{invocation:?}");
    let ids: Vec<String> = invocation
        .log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["level"] == "DEBUG")
        .map(|line| line["messageId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["m2"], "{}", invocation.log);
}
