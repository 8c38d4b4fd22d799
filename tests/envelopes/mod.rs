//! HTTP requests, queues, topics and buses: each recorded event of `events/envelopes/`, and the answers of the
//! functions.

mod http;
mod messages;

use serde_json::{Value, json};

use crate::{events, harness::Harness};

/// A recorded event.
fn recorded(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

fn text(name: &str) -> String {
    events::text(&format!("envelopes/{name}.json"))
}

/// The tables and items of the sample events.
async fn shop() -> Harness {
    let harness = Harness::new().await;
    for (function, event) in [
        ("create-table", "create-table.json"),
        ("create-table", "create-table.component.json"),
        ("create-item", "create-item.json"),
        ("create-item", "create-item.component.json"),
        ("create-item", "create-item.typed.json"),
    ] {
        harness.ok(function, events::text(event)).await;
    }
    harness
}

/// A recorded request with this body in place of its own.
fn request(name: &str, body: &Value) -> Value {
    let mut request = recorded(name);
    request["body"] = body.to_string().into();
    request["isBase64Encoded"] = false.into();
    request
}

/// The status and the body of a function's response.
async fn response(harness: &Harness, function: &str, request: &Value) -> (u64, Value) {
    let response = harness.ok(function, request).await;
    let body = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    (response["statusCode"].as_u64().unwrap(), body)
}

/// A message in the form in which a queue delivers it.
fn message(id: &str, queue: &str, group: &str, event: &Value) -> Value {
    json!({
        "messageId": id, "body": event.to_string(), "attributes": {"MessageGroupId": group},
        "eventSource": "aws:sqs", "eventSourceARN": format!("arn:aws:sqs:us-east-1:123456789012:{queue}"),
    })
}

fn failed(ids: &[&str]) -> Value {
    let ids: Vec<Value> = ids.iter().map(|id| json!({"itemIdentifier": id})).collect();
    json!({"batchItemFailures": ids})
}

#[tokio::test]
async fn what_looks_like_an_envelope_inside_an_item_is_an_item() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    for name in ["function-url", "rest-v1", "alb", "sqs-standard", "sns", "event-bridge"] {
        let mut item = recorded(name);
        item["id"] = name.into();
        harness.put("Tab", item.clone()).await;
        let event = json!({"tableName": "Tab", "key": {"id": name}, "outputFormat": "plain"});
        assert_eq!(harness.ok("get-item", event).await["data"]["result"]["Item"], item);
    }
}

/// The rule holds for every envelope and for every wrapper.
#[tokio::test]
async fn rejects_an_event_in_a_wrapper() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let event = json!({"tableName": "Tab", "item": {"id": "a"}});
    for name in ["Payload", "body", "input", "event", "data"] {
        let wrapped = json!({name: event});
        let message = format!("`{name}`: the event is wrapped once more; pass its content itself");
        for wrapped in [wrapped.clone(), json!({name: event.to_string()})] {
            harness.refuses("create-item", wrapped, "InvalidInput", &[&message]).await;
        }
        harness.refuses("select-region", &wrapped, "InvalidInput", &[&message]).await;
        let delivered = json!({"detail-type": "x", "source": "y", "detail": wrapped});
        harness.refuses("create-item", delivered, "InvalidInput", &[&message]).await;
        let (status, body) = response(&harness, "create-item", &request("http-api-v2", &wrapped)).await;
        assert_eq!((status, &body["errorMessage"]), (400, &json!(message)));
        let records = json!({"Records": [self::message("1", "q", "a", &wrapped)]});
        assert_eq!(harness.ok("create-item", records).await, failed(&["1"]));
    }
    assert_eq!(harness.proxy().take_operations(), ["CreateTable", "DescribeTable"]);
    // An attribute may have the name of a wrapper.
    harness.put("Tab", json!({"id": "a", "Payload": {}, "data": "x"})).await;
}

#[tokio::test]
async fn rejects_unsupported_events_and_names_their_kind() {
    let harness = Harness::new().await;
    for (event, message) in [
        (
            json!({"Records": [{"eventSource": "aws:s3"}]}),
            "`Records`: unknown input; records of `aws:s3` are no events",
        ),
        (json!({"Records": []}), "`Records`: unknown input"),
        (json!({"requestContext": {"eventType": "CONNECT"}}), "`requestContext`: unknown input"),
        (json!({"detail": {}, "source": "x"}), "`detail`: unknown input"),
    ] {
        harness.refuses("get-item", event, "InvalidInput", &[message]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}
