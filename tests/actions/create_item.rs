use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn creates_and_replaces() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let answer = harness.ok("create-item", json!({"tableName": "Tab", "item": {"id": "a", "n": 1}})).await;
    assert_eq!(answer["data"]["ConsumedCapacity"]["TableName"], "Tab");
    assert!(answer["data"]["ConsumedCapacity"]["CapacityUnits"].is_number());
    assert!(answer["data"].get("Attributes").is_none());
    let event = json!({"tableName": "Tab", "item": {"id": "a"}, "returnValues": "all_old"});
    let answer = harness.ok("create-item", event).await;
    assert_eq!(answer["data"]["Attributes"], json!({"id": {"S": "a"}, "n": {"N": "1"}}));
    let answer = harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a"})).await;
    assert_eq!(answer["data"]["result"]["Item"], json!({"id": {"S": "a"}}));
}

#[tokio::test]
async fn sends_what_was_typed() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    harness
        .ok(
            "create-item",
            json!({
                "tableName": "Tab",
                "item": [
                    {"key": "id", "value": "a"}, {"key": "age", "value": " 42 "}, {"key": "tags", "value": "[\"x\",\"y\",\"x\"]"},
                    {"key": "ok", "value": "Yes"}, {"key": "photo", "value": "aGk"}, {"key": "zip", "value": 7001},
                ],
                "itemTypes": [
                    {"key": "age", "value": "n"}, {"key": "tags", "value": "SS"}, {"key": "ok", "value": "bool"},
                    {"key": "photo", "value": "B"}, {"key": "zip", "value": "S"},
                ],
            }),
        )
        .await;
    let sent = harness.proxy().take_body("PutItem");
    assert_eq!(
        sent["Item"],
        json!({
            "id": {"S": "a"}, "age": {"N": "42"}, "tags": {"SS": ["x", "y"]}, "ok": {"BOOL": true},
            "photo": {"B": "aGk="}, "zip": {"S": "7001"},
        })
    );
    assert_eq!(sent["ReturnConsumedCapacity"], "TOTAL");
    assert_eq!(sent["ReturnValues"], "NONE");
}

#[tokio::test]
async fn a_failed_condition_is_the_services_error_and_can_include_the_item() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "Status": "open", "n": 1})).await;
    let mut event = json!({
        "tableName": "Tab", "item": {"id": "a"},
        "conditionExpression": "attribute_not_exists(id) OR Status = :s",
        "expressionAttributeValues": {":s": "closed"},
    });
    let error = harness.err("create-item", event.clone()).await;
    assert_eq!(error.error_type, "ConditionalCheckFailedException");
    assert!(!error.error_message.contains("open"), "{error:?}");
    event["returnItemOnConditionFailure"] = true.into();
    let error = harness.err("create-item", event.clone()).await;
    let (_, item) = error.error_message.split_once(", the item: ").unwrap();
    let item: serde_json::Value = serde_json::from_str(item).unwrap();
    assert_eq!(item, json!({"id": {"S": "a"}, "Status": {"S": "open"}, "n": {"N": "1"}}));
    event["outputFormat"] = "plain".into();
    let error = harness.err("create-item", event).await;
    let (_, item) = error.error_message.split_once(", the item: ").unwrap();
    let item: serde_json::Value = serde_json::from_str(item).unwrap();
    assert_eq!(item, json!({"id": "a", "Status": "open", "n": 1}));
}

#[tokio::test]
async fn a_misspelt_condition_never_becomes_an_unconditional_write() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let event = json!({"tableName": "Tab", "item": {"id": "a"}, "conditionExpresion": "attribute_exists(id)"});
    let parts = ["`conditionExpresion`: unknown input; the nearest is `conditionExpression`"];
    harness.refuses("create-item", event, "InvalidInput", &parts).await;
    let answer = harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a"})).await;
    assert_eq!(answer["data"]["found"], false);
}

#[tokio::test]
async fn what_dynamodb_refuses_keeps_its_code() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let put = |item: serde_json::Value| json!({"tableName": "Tab", "item": item});
    harness.refuses("create-item", put(json!({"id": 1})), "ValidationException", &["PutItem"]).await;
    harness.refuses("create-item", put(json!({"other": "a"})), "ValidationException", &[]).await;
    harness
        .refuses(
            "create-item",
            json!({"tableName": "nowhere", "item": {"id": "a"}}),
            "ResourceNotFoundException",
            &["table `nowhere`"],
        )
        .await;
}
