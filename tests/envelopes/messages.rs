//! Messages from queues, notifications from topics and events from buses.

use std::time::Duration;

use serde_json::{Value, json};

use super::{failed, message, recorded, shop, text};
use crate::harness::{Harness, proxy::Canned};

async fn order(harness: &Harness, customer: &str, order: u32) -> Value {
    let event =
        json!({"tableName": "Orders", "key": {"customerId": customer, "orderId": order}, "outputFormat": "plain"});
    harness.ok("get-item", event).await["data"]["result"]["Item"].clone()
}

#[tokio::test]
async fn reports_only_the_failed_messages_to_a_queue() {
    let harness = shop().await;
    let batch = recorded("sqs-standard");
    let answer = harness.ok("create-item", &batch).await;
    assert_eq!(answer, failed(&[batch["Records"][1]["messageId"].as_str().unwrap()]));
    assert_eq!(order(&harness, "C-2", 2001).await["total"].to_string(), "12.5");
    assert_eq!(order(&harness, "C-2", 2002).await, Value::Null);
    // This item has a member with the name of an envelope's member.
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
    // The log names each message by its ID.
    for (id, what) in ids.iter().zip(["answered", "failed", "not run", "answered"]) {
        let mut lines = invocation.log.lines().filter(|line| line.contains(*id));
        assert!(lines.any(|line| line.contains(what)), "{id} {what}:\n{}", invocation.log);
    }
    assert_eq!(order(&harness, "C-1", 1001).await["status"], "shipped");
    assert_eq!(order(&harness, "C-1", 1002).await["status"], "open");
}

/// Messages without an answer by the deadline are delivered again. Answered messages are not.
#[tokio::test]
async fn reports_messages_without_an_answer_to_a_queue() {
    let harness = Harness::with(|builder| builder.timeout(Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    // A write with a condition is not retried.
    let event = |id: &str| {
        let condition = "attribute_not_exists(id)";
        json!({"tableName": "Tab", "item": {"id": id}, "conditionExpression": condition})
    };
    let records: Vec<Value> = ["a", "b", "c"].iter().map(|id| message(id, "q", id, &event(id))).collect();
    // The engine answers in the order of the script: it answers the first request and then falls silent.
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
    // A failure makes the whole invocation fail. AWS then retries it and finally sends it to the failure destination.
    let detail = json!({"tableName": "Orders", "itme": {}});
    harness
        .refuses(
            "create-item",
            json!({"detail-type": "x", "source": "y", "detail": detail}),
            "InvalidInput",
            &["`itme`: unknown input; the nearest is `item`"],
        )
        .await;
    // The event passes from a rule through a topic into a queue.
    let detail = json!({"tableName": "Orders", "item": {"customerId": "C-2", "orderId": 5001}});
    let event = json!({"detail-type": "x", "source": "y", "detail": detail});
    let notification = json!({"Type": "Notification", "TopicArn": "arn", "Message": event.to_string()});
    let records = json!({"Records": [message("1", "q", "a", &notification)]});
    assert_eq!(harness.ok("create-item", records).await, failed(&[]));
    assert_eq!(order(&harness, "C-2", 5001).await["orderId"], 5001);
}
