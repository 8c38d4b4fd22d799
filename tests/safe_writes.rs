//! Safe writes: a token that identifies repetitions, and an expected version of the item.

use serde_json::{Value, json};

use crate::harness::Harness;

/// An event for the item `a` of the table `Tab`.
fn event(more: &Value) -> Value {
    let mut event = json!({"tableName": "Tab", "hashKeyValue": "a"});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

async fn harness() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness
}

/// The item `a` in plain JSON.
async fn item(harness: &Harness) -> Value {
    let answer = harness.ok("get-item", event(&json!({"outputFormat": "plain", "consistentRead": true}))).await;
    answer["data"]["result"]["Item"].clone()
}

#[tokio::test]
async fn the_same_event_with_the_same_token_takes_effect_once() {
    let harness = harness().await;
    for (function, event) in [
        ("update-item", event(&json!({"add": {"n": 1}, "requestToken": "add-1"}))),
        ("update-item", event(&json!({"append": {"log": ["x"]}, "requestToken": "append-1"}))),
        (
            "update-item",
            event(&json!({
                "updateExpression": "ADD m :one", "expressionAttributeValues": {":one": 1}, "requestToken": "add-2",
            })),
        ),
    ] {
        for _ in 0..3 {
            let answer = harness.ok(function, event.clone()).await;
            assert!(answer["data"].get("Attributes").is_none(), "{answer}");
            assert_eq!(answer["data"]["ConsumedCapacity"]["TableName"], "Tab", "{answer}");
        }
    }
    assert_eq!(item(&harness).await, json!({"id": "a", "n": 1, "log": ["x"], "m": 1}));
}

#[tokio::test]
async fn a_write_with_a_token_is_a_transaction_of_one() {
    let harness = harness().await;
    harness.proxy().take_seen();
    for (function, event, action) in [
        ("create-item", json!({"tableName": "Tab", "item": {"id": "a"}, "requestToken": "t"}), "Put"),
        ("update-item", event(&json!({"set": {"x": 1}, "requestToken": "u"})), "Update"),
        ("delete-item", event(&json!({"requestToken": "d"})), "Delete"),
    ] {
        harness.ok(function, event.clone()).await;
        let body = harness.proxy().take_body("TransactWriteItems");
        assert_eq!(body["ClientRequestToken"], event["requestToken"]);
        assert_eq!(body["TransactItems"].as_array().unwrap().len(), 1);
        assert_eq!(body["TransactItems"][0][action]["TableName"], "Tab", "{body}");
    }
}

#[tokio::test]
async fn auto_uses_an_id_that_stays_the_same_in_a_repetition() {
    let harness = harness().await;
    let write = event(&json!({"add": {"n": 1}, "requestToken": "auto"}));
    let record = json!({
        "messageId": "4f2c5b1e-0000-4000-8000-000000000001", "body": write.to_string(), "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:q", "attributes": {},
    });
    harness.proxy().take_seen();
    for _ in 0..2 {
        harness.ok("update-item", json!({"Records": [record]})).await;
        let body = harness.proxy().take_body("TransactWriteItems");
        assert_eq!(body["ClientRequestToken"], "4f2c5b1e-0000-4000-8000-000000000001");
    }
    assert_eq!(item(&harness).await["n"], 1);
    harness.proxy().take_seen();
    let invocation = harness.invoke("update-item", write.to_string()).await;
    let body = harness.proxy().take_body("TransactWriteItems");
    assert_eq!(body["ClientRequestToken"], invocation.request_id.as_str());
}

#[tokio::test]
async fn a_refused_write_with_a_token_has_the_errors_of_the_write_alone() {
    let harness = harness().await;
    harness.put("Tab", json!({"id": "a", "n": 1})).await;
    let failing = event(&json!({
        "set": {"n": 2}, "conditionExpression": "n = :two", "expressionAttributeValues": {":two": 2},
        "requestToken": "one", "returnItemOnConditionFailure": true,
    }));
    harness.refuses("update-item", failing, "ConditionalCheckFailedException", &["the item: {", "\"n\""]).await;
    let first = event(&json!({"set": {"n": 3}, "requestToken": "two"}));
    harness.ok("update-item", first).await;
    let other = event(&json!({"set": {"n": 4}, "requestToken": "two"}));
    harness.refuses("update-item", other, "IdempotentParameterMismatchException", &[]).await;
    assert_eq!(item(&harness).await["n"], 3);
}

#[tokio::test]
async fn rejects_invalid_uses_of_a_token_before_the_call() {
    let harness = harness().await;
    harness.proxy().take_seen();
    for (function, more, message) in [
        ("update-item", json!({"set": {"n": 1}, "requestToken": "x".repeat(37)}), "`requestToken`: `\"xxx"),
        ("update-item", json!({"conditionExpression": "n = n", "requestToken": "t"}), "nothing to update: "),
        ("update-item", json!({"set": {"n": 1}, "requestToken": 7}), "`requestToken`: `7` is not a string"),
        ("update-item", json!({"set": {"n": 1}, "requestToken": "t", "returnValues": "ALL_NEW"}), "`returnValues`: "),
        ("delete-item", json!({"requestToken": "t", "returnValues": "ALL_OLD"}), "`returnValues`: a write with a"),
        (
            "update-item",
            json!({"set": {"n": 1}, "expectedVersion": -1}),
            "`expectedVersion`: `-1` is not a whole number",
        ),
        ("update-item", json!({"set": {"n": 1}, "expectedVersion": "x"}), "`expectedVersion`: "),
    ] {
        harness.refuses(function, event(&more), "InvalidInput", &[message]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
    // Blank inputs count as left out.
    harness.ok("update-item", event(&json!({"set": {"n": 1}, "requestToken": " ", "expectedVersion": ""}))).await;
    assert_eq!(harness.proxy().take_operations().last().unwrap(), "UpdateItem");
}

#[tokio::test]
async fn a_write_needs_the_expected_version_and_increments_it() {
    let harness = harness().await;
    let create = |version: Value| json!({"tableName": "Tab", "item": {"id": "a", "x": 0}, "expectedVersion": version});
    harness.ok("create-item", create(Value::Null)).await;
    assert_eq!(item(&harness).await, json!({"id": "a", "x": 0, "version": 1}));
    let failed = "ConditionalCheckFailedException";
    harness.refuses("create-item", create(Value::Null), failed, &[]).await;
    harness.refuses("create-item", create(json!(7)), failed, &[]).await;
    harness.ok("create-item", create(json!(1))).await;
    for (more, version) in [
        (json!({"set": {"x": 1}, "expectedVersion": 2}), 3),
        (json!({"remove": "x", "expectedVersion": "3"}), 4),
        (json!({"updateExpression": "ADD n :n", "expressionAttributeValues": {":n": 1}, "expectedVersion": 4.0}), 5),
        (
            json!({
                "updateExpression": "REMOVE n SET y = :n", "expressionAttributeValues": {":n": 1}, "expectedVersion": 5,
                "conditionExpression": "attribute_exists(n)",
            }),
            6,
        ),
        (json!({"expectedVersion": 6}), 7),
        (json!({"set": {"z": 1}, "expectedVersion": 7, "requestToken": "versioned"}), 8),
    ] {
        harness.ok("update-item", event(&more)).await;
        assert_eq!(item(&harness).await["version"], version, "{more}");
        if more.get("requestToken").is_none() {
            harness.refuses("update-item", event(&more), failed, &[]).await;
        }
    }
    assert_eq!(item(&harness).await, json!({"id": "a", "y": 1, "z": 1, "version": 8}));
    harness.refuses("delete-item", event(&json!({"expectedVersion": 7})), failed, &[]).await;
    harness.refuses("delete-item", event(&json!({"expectedVersion": null})), failed, &[]).await;
    harness.ok("delete-item", event(&json!({"expectedVersion": 8}))).await;
    // `null` expects no item, both when the key schema is looked up and with a whole key.
    harness.ok("update-item", event(&json!({"set": {"x": 1}, "expectedVersion": null}))).await;
    assert_eq!(item(&harness).await, json!({"id": "a", "x": 1, "version": 1}));
    let whole = json!({"tableName": "Tab", "key": {"id": "a"}, "set": {"x": 1}, "expectedVersion": null});
    harness.refuses("update-item", whole, failed, &[]).await;
}

#[tokio::test]
async fn the_version_can_use_another_attribute_and_be_part_of_the_item() {
    let harness = harness().await;
    let create = |item: Value, version: Value| json!({"tableName": "Tab", "item": item, "expectedVersion": version, "versionAttribute": "rev. no"});
    harness.ok("create-item", create(json!({"id": "a"}), Value::Null)).await;
    // The item is read, changed and written back.
    harness.ok("create-item", create(json!({"id": "a", "rev. no": 1, "x": 2}), json!(1))).await;
    assert_eq!(item(&harness).await, json!({"id": "a", "rev. no": 2, "x": 2}));
    let other = create(json!({"id": "a", "rev. no": 9}), json!(2));
    harness.refuses("create-item", other, "InvalidInput", &["`item.rev. no`: the item has another version"]).await;
    harness.ok("update-item", event(&json!({"expectedVersion": 2, "versionAttribute": "rev. no"}))).await;
    assert_eq!(item(&harness).await["rev. no"], 3);
}
