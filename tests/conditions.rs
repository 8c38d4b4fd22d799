use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

/// The three writes with a condition that does not hold for the item `a`.
fn writes(more: &Value) -> [(&'static str, Value); 3] {
    let write = |event: Value| {
        let mut event = event;
        event["tableName"] = "Tab".into();
        event["conditionExpression"] = "attribute_not_exists(id)".into();
        event["returnItemOnConditionFailure"] = true.into();
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    [
        ("create-item", write(json!({"item": {"id": "a"}}))),
        ("update-item", write(json!({"hashKeyValue": "a", "set": {"n": 2}}))),
        ("delete-item", write(json!({"hashKeyValue": "a"}))),
    ]
}

#[tokio::test]
async fn every_write_returns_the_item_that_made_its_condition_fail() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "n": 1, "tags": ["é\n🦀"]})).await;
    for (more, expected) in [
        (json!({}), json!({"id": {"S": "a"}, "n": {"N": "1"}, "tags": {"L": [{"S": "é\n🦀"}]}})),
        (json!({"outputFormat": "plain"}), json!({"id": "a", "n": 1, "tags": ["é\n🦀"]})),
    ] {
        for (function, event) in writes(&more) {
            let error = harness.err(function, event).await;
            assert_eq!(error.error_type, "ConditionalCheckFailedException", "{function}");
            let (_, item) = error.error_message.split_once(", the item: ").unwrap();
            assert_eq!(serde_json::from_str::<Value>(item).unwrap(), expected, "{function}");
        }
    }
}

#[tokio::test]
async fn the_error_shows_only_the_key_of_a_large_item() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "text": "é".repeat(100_000)})).await;
    harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a"})).await;
    for (more, key) in [(json!({"outputFormat": "plain"}), json!({"id": "a"})), (json!({}), json!({"id": {"S": "a"}}))]
    {
        for (function, event) in writes(&more) {
            let error = harness.err(function, event).await;
            assert_eq!(error.error_type, "ConditionalCheckFailedException", "{function}");
            let (message, item) = error.error_message.split_once(", the item: ").unwrap();
            assert!(message.contains("bytes, so only its key is shown"), "{message}");
            assert_eq!(serde_json::from_str::<Value>(item).unwrap(), key, "{function}");
        }
    }
    // The table of a statement is not known.
    let event = json!({
        "statement": "UPDATE Tab SET n = 1 WHERE id = 'a' AND n = 1", "returnItemOnConditionFailure": true,
    });
    let error = harness.err("raw-request", event).await;
    assert!(!error.error_message.contains("é") && error.error_message.len() < 500, "{error:?}");
    // A whole key gives the names without a look-up.
    let event = json!({
        "tableName": "Tab", "key": {"id": "a"}, "conditionExpression": "attribute_not_exists(id)",
        "returnItemOnConditionFailure": true,
    });
    let error = harness.err("delete-item", event).await;
    assert!(error.error_message.ends_with(r#", the item: {"id":{"S":"a"}}"#), "{error:?}");
}

/// A failed look-up does not fail the call, because it only improves the message.
#[tokio::test]
async fn the_error_shows_no_key_of_a_large_item_if_the_table_may_not_be_described() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "text": "é".repeat(100_000)})).await;
    harness.proxy().next("DescribeTable", Canned::error(400, "AccessDeniedException"));
    let (function, event) = &writes(&json!({}))[0];
    let error = harness.err(function, event).await;
    assert_eq!(error.error_type, "ConditionalCheckFailedException");
    assert!(error.error_message.contains("bytes, so it is not shown"), "{error:?}");
    assert!(!error.error_message.contains(", the item: "));
}

#[tokio::test]
async fn the_error_shows_an_item_of_up_to_24_576_bytes() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let frame = json!({"id": "a", "t": ""}).to_string().len();
    for (bytes, is_whole) in [(24_576, true), (24_577, false)] {
        harness.put("Tab", json!({"id": "a", "t": "x".repeat(bytes - frame)})).await;
        for (function, event) in writes(&json!({"outputFormat": "plain"})) {
            let error = harness.err(function, event).await;
            assert_eq!(
                error.error_message.len() > 24_576,
                is_whole,
                "{function} {bytes}: {}",
                error.error_message.len()
            );
        }
    }
}
