use serde_json::{Value, json};

use crate::harness::{Harness, external_engine};

const KEYED: &str = r#"{"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1}"#;

/// An event of each function whose operation tells of capacity: the function, its operation, the event.
fn events() -> Vec<(&'static str, &'static str, Value)> {
    let mut update: Value = serde_json::from_str(KEYED).unwrap();
    let (get, delete) = (update.clone(), update.clone());
    update["set"] = json!({"n": 1});
    vec![
        ("create-item", "PutItem", json!({"tableName": "Tab", "item": {"id": "a", "at": 1}})),
        ("get-item", "GetItem", get),
        ("update-item", "UpdateItem", update),
        (
            "query-items",
            "Query",
            json!({"tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "a"}}),
        ),
        (
            "raw-request",
            "ExecuteStatement",
            json!({"statement": "SELECT * FROM Tab WHERE id = ?", "parameters": ["a"]}),
        ),
        ("delete-item", "DeleteItem", delete),
    ]
}

#[tokio::test]
async fn every_action_tells_of_the_capacity_that_it_used_as_it_is_asked() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1})).await;
    for (function, operation, event) in events() {
        harness.proxy().take_seen();
        for (asked, sent) in [
            (json!(null), "TOTAL"),
            (json!(""), "TOTAL"),
            (json!("TOTAL"), "TOTAL"),
            (json!("indexes"), "INDEXES"),
            (json!("NONE"), "NONE"),
        ] {
            let mut event = event.clone();
            event["returnConsumedCapacity"] = asked;
            let answer = harness.ok(function, event).await;
            assert_eq!(harness.proxy().take_body(operation)["ReturnConsumedCapacity"], sent, "{function}");
            // DynamoDB Local tells no capacity of a statement, and that of a delete even when it is asked for none.
            if ["raw-request", "delete-item"].contains(&function) && external_engine().is_some() {
                continue;
            }
            let data = if function == "get-item" { &answer["data"]["result"] } else { &answer["data"] };
            assert_eq!(data.get("ConsumedCapacity").is_some(), sent != "NONE", "{function} {sent}: {answer}");
        }
        let mut event = event;
        event["returnConsumedCapacity"] = "ALL".into();
        harness.refuses(function, event, "InvalidInput", &["`returnConsumedCapacity`: `\"ALL\"` is not one of"]).await;
    }
}

#[tokio::test]
async fn every_write_tells_of_the_item_collection_if_it_is_asked() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    for (function, operation, event) in events() {
        let is_write = ["create-item", "update-item", "delete-item"].contains(&function);
        let mut asked = event.clone();
        asked["returnItemCollectionMetrics"] = "SIZE".into();
        if !is_write {
            let unknown = "`returnItemCollectionMetrics`: unknown input";
            harness.refuses(function, asked, "InvalidInput", &[unknown]).await;
            continue;
        }
        harness.proxy().take_seen();
        harness.ok(function, asked).await;
        assert_eq!(harness.proxy().take_body(operation)["ReturnItemCollectionMetrics"], "SIZE", "{function}");
        harness.ok(function, event).await;
        assert!(harness.proxy().take_body(operation).get("ReturnItemCollectionMetrics").is_none(), "{function}");
    }
}
