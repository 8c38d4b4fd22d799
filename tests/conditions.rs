use serde_json::{Value, json};

use crate::harness::Harness;

const CUT: usize = 32 * 1024;

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
async fn a_large_item_is_cut_at_32_kb() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    // The characters have two bytes, so that the cut falls between two of them.
    harness.put("Tab", json!({"id": "a", "text": "é".repeat(100_000)})).await;
    for (function, event) in writes(&json!({"outputFormat": "plain"})) {
        let error = harness.err(function, event).await;
        assert_eq!(error.error_type, "ConditionalCheckFailedException", "{function}");
        let (_, item) = error.error_message.split_once(", the item: ").unwrap();
        let kept = item.strip_suffix('…').unwrap();
        assert!((CUT - 1..=CUT).contains(&kept.len()), "{function}: {} bytes", kept.len());
        assert!(kept.ends_with('é') && kept.starts_with('{'), "{function}");
    }
}
