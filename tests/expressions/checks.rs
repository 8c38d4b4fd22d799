//! Errors in expressions and their placeholders, found before the call or by DynamoDB.

use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn names_unmatched_placeholders_before_the_call() {
    let harness = Harness::new().await;
    let event = |more: serde_json::Value| {
        let mut event = json!({"tableName": "Tab", "item": {"id": "a"}});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    for (more, parts) in [
        (
            json!({"expressionAttributeValues": {":a": 1}, "expressionAttributeNames": {"#b": "b"}}),
            ["`expressionAttributeNames.#b`", "`expressionAttributeValues.:a`"],
        ),
        (json!({"conditionExpression": "#x = :y"}), ["`#x`", "`:y`"]),
        (
            json!({"conditionExpression": "a = :a", "expressionAttributeValues": {"a": 1}}),
            ["`expressionAttributeValues.a`", "must be `:`"],
        ),
    ] {
        harness.refuses("create-item", event(more), "InvalidInput", &parts).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}

/// A placeholder is often unused because of an error of syntax. DynamoDB reports the error of syntax first, and so does
/// the function.
#[tokio::test]
async fn an_error_of_syntax_is_reported_before_a_placeholder() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1})).await;
    let unused = json!({":unused": 1, ":v": "x"});
    let key =
        || json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1, "expressionAttributeValues": unused});
    for (function, input, expression) in [
        ("create-item", "conditionExpression", "id == :v"),
        ("create-item", "conditionExpression", "id = :v AND"),
        ("create-item", "conditionExpression", "id = :v AND (at = :missing"),
        ("update-item", "updateExpression", "SET Name := :v"),
        ("update-item", "updateExpression", "SET Name :v"),
        ("update-item", "updateExpression", "Name = :v"),
        ("delete-item", "conditionExpression", "Name = 'x'"),
        ("query-items", "keyConditionExpression", "id == :v"),
        ("query-items", "filterExpression", "Name LIKE :v"),
        ("query-items", "projectionExpression", "id Name"),
    ] {
        let mut event = key();
        match function {
            "create-item" => {
                event = json!({"tableName": "Tab", "item": {"id": "a", "at": 1}, "expressionAttributeValues": unused});
            }
            "query-items" => {
                event = json!({"tableName": "Tab", "keyConditionExpression": "id = :v", "expressionAttributeValues": unused});
            }
            _ => {}
        }
        event[input] = expression.into();
        // The embedded engine has a different message for a projection.
        let part = if input == "projectionExpression" { "ProjectionExpression" } else { "Syntax error" };
        harness.refuses(function, event, "ValidationException", &[part]).await;
    }
    // The same events with correct syntax.
    let mut event = key();
    event["updateExpression"] = "SET Name = :v".into();
    harness.refuses("update-item", event, "InvalidInput", &["`expressionAttributeValues.:unused`: used by no"]).await;
    let event = json!({"tableName": "Tab", "keyConditionExpression": "id = :v", "filterExpression": "Name = :w", "expressionAttributeValues": unused});
    harness.refuses("query-items", event, "InvalidInput", &["`filterExpression`: uses `:w`, not given"]).await;
    let item = harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1})).await;
    assert_eq!(item["data"]["result"]["Item"], json!({"id": {"S": "a"}, "at": {"N": "1"}}));
}

/// An expression above DynamoDB's limits gives one short error, and no call is made.
#[tokio::test]
async fn expressions_keep_to_dynamodbs_limits() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let large = "Name = :v OR ".repeat(400_000);
    let many: serde_json::Map<_, _> = (0..300_000).map(|number| (format!(":v{number}"), json!(1))).collect();
    let names: serde_json::Map<_, _> = (0..200_000).map(|number| (format!("#v{number}"), json!("x"))).collect();
    for (function, more, part) in [
        (
            "create-item",
            json!({"item": {"id": "a"}, "conditionExpression": large}),
            "`conditionExpression`: the expression has 5199999 bytes; DynamoDB takes 4096 bytes (4 KB)",
        ),
        ("get-item", json!({"hashKeyValue": "a", "projectionExpression": "x".repeat(4_097)}), "has 4097 bytes"),
        (
            "update-item",
            json!({"hashKeyValue": "a", "updateExpression": large}),
            "`updateExpression`: the expression has",
        ),
        ("query-items", json!({"keyConditionExpression": large}), "`keyConditionExpression`: the expression has"),
        (
            "create-item",
            json!({"item": {"id": "a"}, "conditionExpression": "id = :v1", "expressionAttributeValues": many}),
            "`expressionAttributeValues`: 300000 placeholders; the expressions of one request have room for 4096",
        ),
        (
            "get-item",
            json!({"hashKeyValue": "a", "expressionAttributeNames": names}),
            "`expressionAttributeNames`: 200000 placeholders",
        ),
        (
            "query-items",
            json!({
                "keyConditionExpression": "id = :v1",
                "queryParameters": {"ExpressionAttributeNames": names},
            }),
            "`queryParameters.ExpressionAttributeNames`: 200000 placeholders",
        ),
        (
            "update-item",
            json!({"hashKeyValue": "a", "set": (0..1_000).map(|field| (format!("field {field}"), json!(1))).collect::<serde_json::Map<_, _>>()}),
            "DynamoDB takes 4096 bytes (4 KB); make several updates",
        ),
        (
            "update-item",
            json!({"hashKeyValue": "a", "set": many}),
            "300000 paths; an update expression has 4096 bytes (4 KB) at most",
        ),
        (
            "update-item",
            json!({"hashKeyValue": "a", "remove": "a.".repeat(2_500_000)}),
            "it has more than 1365 names and indexes",
        ),
        (
            "create-item",
            json!({
                "item": {"id": "a"}, "conditionExpression": "id = :v",
                "expressionAttributeValues": many.iter().take(4_000).map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>(),
            }),
            "`:v`, not given in `expressionAttributeValues`",
        ),
        (
            "create-item",
            json!({
                "item": {"id": "a"},
                "expressionAttributeValues": many.iter().take(4_000).map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>(),
            }),
            " and 3990 more: used by no expression",
        ),
    ] {
        let mut event = more;
        event["tableName"] = "Tab".into();
        let error = harness.err(function, &event).await;
        assert_eq!(error.error_type, "InvalidInput", "{error:?}");
        assert!(error.error_message.contains(part), "{part}: {error:?}");
        assert!(error.error_message.len() < 2_000, "{} bytes", error.error_message.len());
    }
    let operations = harness.proxy().take_operations();
    assert!(operations.iter().all(|operation| operation == "DescribeTable"), "{operations:?}");
}
