//! The values of keys.

use serde_json::{Value, json};

use crate::harness::Harness;

/// If the function took a typed value as plain JSON, the value would become the text of another key, and an update
/// would create an item with that key.
#[tokio::test]
async fn a_typed_key_value_needs_the_typed_format() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1})).await;
    harness.proxy().take_seen();
    let typed = "for a typed value give `inputFormat` `typed`";
    for (function, more) in
        [("get-item", json!({})), ("update-item", json!({"set": {"x": 1}})), ("delete-item", json!({}))]
    {
        let with = |key: Value| {
            let mut event = key;
            event["tableName"] = "Tab".into();
            event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            event
        };
        for (key, input, part) in [
            (json!({"hashKeyValue": {"S": "a"}, "rangeKeyValue": 1}), "hashKeyValue", typed),
            (json!({"value": {"S": "a"}, "rangeKeyValue": 1}), "hashKeyValue", typed),
            (json!({"hashKeyValue": "a", "rangeKeyValue": {"N": "1"}}), "rangeKeyValue", typed),
            (json!({"hashKeyValue": ["a"], "rangeKeyValue": 1}), "hashKeyValue", "needs `inputFormat` `typed`"),
            (json!({"hashKeyValue": {"a": 1}, "rangeKeyValue": 1}), "hashKeyValue", "needs `inputFormat` `typed`"),
            (json!({"key": {"id": {"S": "a"}, "at": 1}}), "key.id", typed),
            (json!({"key": {"id": {"S": "a"}, "at": 1}, "keyTypes": {"id": "S"}}), "key.id", typed),
        ] {
            harness.refuses(function, with(key), "InvalidInput", &[&format!("`{input}"), part]).await;
        }
        let in_typed_format = |key: Value| {
            let mut event = with(key);
            event["inputFormat"] = "typed".into();
            if let Some(set) = event.get_mut("set") {
                *set = json!({"x": {"N": "1"}});
            }
            event
        };
        let event = in_typed_format(json!({"hashKeyValue": "a", "rangeKeyValue": {"N": "1"}}));
        let parts = ["`hashKeyValue`: ", "for plain JSON give `inputFormat` `plain`"];
        harness.refuses(function, event, "InvalidInput", &parts).await;
        let event = in_typed_format(json!({"hashKeyValue": {"s": "a", "n": null}, "rangeKeyValue": {"N": 1}}));
        harness.ok(function, event).await;
    }
    let operations = harness.proxy().take_operations();
    assert_eq!(operations.iter().filter(|name| *name == "UpdateItem").count(), 1, "{operations:?}");
}

#[tokio::test]
async fn a_key_may_be_bytes_in_every_spelling() {
    let harness = Harness::new().await;
    let event = json!({
        "tableName": "Bytes", "billingMode": "PAY_PER_REQUEST", "waitUntilActive": true,
        "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "B"}],
        "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    harness.ok("create-table", event).await;
    harness.ok("create-item", json!({"tableName": "Bytes", "item": {"id": "aGk="}, "itemTypes": {"id": "B"}})).await;
    for key in [
        json!({"hashKeyValue": "aGk=\n"}),
        json!({"hashKeyValue": {"base64": "aGk"}}),
        json!({"hashKeyValue": {"utf8": "hi"}}),
        json!({"hashKeyValue": {"type": "Buffer", "data": [104, 105]}}),
        json!({"key": {"id": {"utf8": "hi"}}, "keyTypes": {"id": "B"}}),
        json!({"hashKeyValue": {"B": "aGk="}, "inputFormat": "typed"}),
    ] {
        let mut event = key;
        event["tableName"] = "Bytes".into();
        assert_eq!(harness.ok("get-item", event.clone()).await["data"]["found"], true, "{event}");
    }
    let event = json!({"tableName": "Bytes", "hashKeyValue": {"B": "aGk="}});
    harness.refuses("get-item", event, "InvalidInput", &["for a typed value give `inputFormat` `typed`"]).await;
}

#[tokio::test]
async fn rejects_a_page_key_in_plain_json_with_the_remedy() {
    let harness = Harness::new().await;
    let event = json!({
        "tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "a"},
        "exclusiveStartKey": {"id": "a"},
    });
    let message = "`exclusiveStartKey.id`: `\"a\"` is not a typed value such as {\"S\": \"x\"}; give the \
                   `LastEvaluatedKey` as it came";
    harness.refuses("query-items", event, "InvalidInput", &[message]).await;
}
