//! HTTP requests, queues, topics and buses: each recorded event of `events/envelopes/`, and what the functions answer.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    events,
    harness::{Harness, proxy::Canned},
};

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

/// A recorded request with this body.
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

/// A message as a queue hands it on.
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

async fn order(harness: &Harness, customer: &str, order: u32) -> Value {
    let event =
        json!({"tableName": "Orders", "key": {"customerId": customer, "orderId": order}, "outputFormat": "plain"});
    harness.ok("get-item", event).await["data"]["result"]["Item"].clone()
}

#[tokio::test]
async fn every_recorded_request_is_answered_by_a_response() {
    let harness = shop().await;
    for name in ["function-url", "http-api-v2", "rest-v1", "rest-v1-base64", "alb", "alb-multi-value"] {
        let answer = harness.ok("get-item", text(name)).await;
        assert_eq!(answer["statusCode"], 200, "{name}: {answer}");
        assert_eq!(answer["isBase64Encoded"], false);
        if name == "alb-multi-value" {
            assert_eq!(answer["multiValueHeaders"]["content-type"], json!(["application/json"]));
        } else {
            assert_eq!(answer["headers"]["content-type"], "application/json");
        }
        let description = if name.starts_with("alb") { json!("200 OK") } else { Value::Null };
        assert_eq!(answer["statusDescription"], description, "{name}");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        let item = &body["data"]["result"]["Item"];
        match name {
            // Digits are kept on the way through.
            "function-url" | "rest-v1-base64" => assert_eq!(item["balance"].to_string(), "12345678901234567890.12"),
            _ => assert_eq!(item["total"], json!({"N": "99.9"}), "{name}: {body}"),
        }
    }
}

#[tokio::test]
async fn errors_are_statuses() {
    let harness = Harness::with(|builder| builder.env("AWS_MAX_ATTEMPTS", "1")).await;
    harness.table("Tab", false).await;
    let get = |table: &str| json!({"tableName": table, "key": {"id": "a"}});
    let create = json!({"tableName": "Tab", "item": {"id": "a"}, "conditionExpression": "attribute_exists(id)"});
    let half = json!({"tableName": "Tab", "key": {"id": "a"}, "connection": {"accessKeyId": "half"}});
    for (function, event, status, error_type) in [
        ("get-item", json!({"tableNaem": "Tab"}), 400, "InvalidInput"),
        ("get-item", json!([]), 400, "InvalidInput"),
        ("get-item", half, 400, "InvalidConnection"),
        ("get-item", get("None"), 404, "ResourceNotFoundException"),
        ("create-item", create, 409, "ConditionalCheckFailedException"),
    ] {
        for sender in ["function-url", "rest-v1", "alb"] {
            let (answered, body) = response(&harness, function, &request(sender, &event)).await;
            assert_eq!((answered, &body["errorType"]), (status, &json!(error_type)), "{event}: {body}");
            assert!(body["errorMessage"].is_string());
        }
    }
    for (code, service, status) in [
        ("ValidationException", 400, 400),
        ("AccessDeniedException", 400, 403),
        ("ProvisionedThroughputExceededException", 400, 429),
        ("InternalServerError", 500, 502),
    ] {
        harness.proxy().next("GetItem", Canned::error(service, code));
        let (answered, body) = response(&harness, "get-item", &request("http-api-v2", &get("Tab"))).await;
        assert_eq!((answered, &body["errorType"]), (status, &json!(code)));
    }
    let mut typed = request("function-url", &get("Tab"));
    typed["headers"]["content-type"] = "text/plain".into();
    assert_eq!(response(&harness, "get-item", &typed).await.0, 415);
    let mut fetched = recorded("alb");
    fetched["httpMethod"] = "GET".into();
    let answer = harness.ok("get-item", fetched).await;
    assert_eq!(answer["statusCode"], 405);
    assert_eq!(answer["statusDescription"], "405 Method Not Allowed");
    assert_eq!(answer["headers"]["allow"], "POST, PUT, PATCH, DELETE");
}

#[tokio::test]
async fn a_response_is_as_large_as_its_sender_takes() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    // Four times its size, as text in JSON in text in JSON.
    harness.put("Tab", json!({"id": "a", "text": "\"".repeat(300_000)})).await;
    let get = json!({"tableName": "Tab", "key": {"id": "a"}, "outputFormat": "plain"});
    assert_eq!(response(&harness, "get-item", &request("function-url", &get)).await.0, 200);
    let (status, body) = response(&harness, "get-item", &request("alb", &get)).await;
    assert_eq!((status, &body["errorType"]), (413, &json!("ResponseTooLarge")));
    // A write whose answer is too large took effect, and says so.
    let delete = json!({"tableName": "Tab", "key": {"id": "a"}, "returnValues": "ALL_OLD", "outputFormat": "plain"});
    let (status, body) = response(&harness, "delete-item", &request("alb", &delete)).await;
    assert_eq!(status, 413);
    assert!(body["errorMessage"].as_str().unwrap().contains("took effect all the same"), "{body}");
    assert_eq!(harness.ok("get-item", &get).await["data"]["found"], false);
}

#[tokio::test]
async fn a_page_ends_where_its_response_is_full() {
    let most = 20_000;
    let harness = Harness::with(|builder| builder.env("MAX_RESPONSE_BYTES", most.to_string())).await;
    harness.table("Tab", true).await;
    for at in 0..40 {
        harness.put("Tab", json!({"id": "a", "at": at, "text": "\"".repeat(500)})).await;
    }
    let mut query = json!({
        "tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "a"}, "fetchAll": true,
    });
    let mut found = Vec::new();
    loop {
        let invocation = harness.invoke("query-items", request("rest-v1", &query).to_string()).await;
        assert!(invocation.payload.len() <= most, "{}", invocation.payload.len());
        let answer: Value = serde_json::from_slice(&invocation.payload).unwrap();
        assert_eq!(answer["statusCode"], 200, "{answer}");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        let items = body["data"]["Items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() < 40);
        found.extend(items.iter().map(|item| item["at"].as_u64().unwrap()));
        match &body["data"]["LastEvaluatedKey"] {
            Value::Null => break,
            key => query["exclusiveStartKey"] = key.clone(),
        }
    }
    assert_eq!(found, (0..40).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_queue_hears_of_the_failed_messages_only() {
    let harness = shop().await;
    let batch = recorded("sqs-standard");
    let answer = harness.ok("create-item", &batch).await;
    assert_eq!(answer, failed(&[batch["Records"][1]["messageId"].as_str().unwrap()]));
    assert_eq!(order(&harness, "C-2", 2001).await["total"].to_string(), "12.5");
    assert_eq!(order(&harness, "C-2", 2002).await, Value::Null);
    // Its item has a member named as an envelope's.
    assert_eq!(order(&harness, "C-2", 2003).await["Records"], json!([{"eventSource": "aws:sqs"}]));

    let bodies = ["", "{", "[]", r#"{"tableName": "Orders", "item": {"customerId": "C-2", "orderId": 2004}}"#];
    let records: Vec<Value> = bodies
        .iter()
        .enumerate()
        .map(|(id, body)| json!({"messageId": id.to_string(), "body": body, "eventSource": "aws:sqs"}))
        .collect();
    assert_eq!(harness.ok("create-item", json!({"Records": records})).await, failed(&["0", "1", "2"]));
    assert_eq!(order(&harness, "C-2", 2004).await["orderId"], 2004);
}

#[tokio::test]
async fn a_fifo_queue_keeps_the_order_of_a_group() {
    let harness = shop().await;
    let batch = recorded("sqs-fifo");
    let ids: Vec<&str> =
        batch["Records"].as_array().unwrap().iter().map(|record| record["messageId"].as_str().unwrap()).collect();
    let invocation = harness.invoke("update-item", batch.to_string()).await;
    assert_eq!(serde_json::from_slice::<Value>(&invocation.payload).unwrap(), failed(&ids[1..3]));
    // The log tells of each message by its id.
    for (id, what) in ids.iter().zip(["answered", "failed", "not run", "answered"]) {
        let mut lines = invocation.log.lines().filter(|line| line.contains(*id));
        assert!(lines.any(|line| line.contains(what)), "{id} {what}:\n{}", invocation.log);
    }
    assert_eq!(order(&harness, "C-1", 1001).await["status"], "shipped");
    assert_eq!(order(&harness, "C-1", 1002).await["status"], "open");
}

/// What is not done when the time is over comes again; what is done does not.
#[tokio::test]
async fn a_queue_hears_of_what_there_was_no_time_for() {
    let harness = Harness::with(|builder| builder.timeout(Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    // With a condition, a write is not tried again.
    let event = |id: &str| {
        let condition = "attribute_not_exists(id)";
        json!({"tableName": "Tab", "item": {"id": id}, "conditionExpression": condition})
    };
    let records: Vec<Value> = ["a", "b", "c"].iter().map(|id| message(id, "q", id, &event(id))).collect();
    // The first is done before the engine falls silent: it answers in the script's order.
    harness.proxy().next("PutItem", Canned::Answer(200, "{}".into()));
    harness.proxy().next("PutItem", Canned::Silence);
    assert_eq!(harness.ok("create-item", json!({"Records": records})).await, failed(&["b", "c"]));
    assert_eq!(harness.proxy().take_operations(), ["CreateTable", "DescribeTable", "PutItem", "PutItem"]);
}

#[tokio::test]
async fn topics_and_buses_deliver_events() {
    let harness = shop().await;
    for (name, number, total) in
        [("sns", 3001, "12345678901234567890.12"), ("event-bridge", 4001, "0.1000000000000000000000000000000001")]
    {
        let answer = harness.ok("create-item", text(name)).await;
        assert_eq!(answer["data"]["$metadata"]["httpStatusCode"], 200, "{name}: {answer}");
        assert_eq!(order(&harness, "C-2", number).await["total"].to_string(), total);
    }
    // A failure is one of the invocation: AWS tries again, and then has a place for what failed.
    let detail = json!({"tableName": "Orders", "itme": {}});
    harness
        .refuses(
            "create-item",
            json!({"detail-type": "x", "source": "y", "detail": detail}),
            "InvalidInput",
            &["`itme`: unknown input; the nearest is `item`"],
        )
        .await;
    // From a rule, by a topic, into a queue.
    let detail = json!({"tableName": "Orders", "item": {"customerId": "C-2", "orderId": 5001}});
    let event = json!({"detail-type": "x", "source": "y", "detail": detail});
    let notification = json!({"Type": "Notification", "TopicArn": "arn", "Message": event.to_string()});
    let records = json!({"Records": [message("1", "q", "a", &notification)]});
    assert_eq!(harness.ok("create-item", records).await, failed(&[]));
    assert_eq!(order(&harness, "C-2", 5001).await["orderId"], 5001);
}

#[tokio::test]
async fn a_pick_list_is_called_by_http_too() {
    let harness = Harness::new().await;
    let (status, body) = response(&harness, "select-region", &request("function-url", &json!({}))).await;
    assert_eq!(status, 200);
    assert!(body["result"].as_array().unwrap().len() > 40);
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

#[tokio::test]
async fn what_no_action_can_do_anything_with_is_refused_with_what_it_is() {
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
