use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn deletes_an_item_and_returns_it_on_request() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1, "n": 1})).await;
    harness.put("Tab", json!({"id": "a", "at": 2})).await;
    let event = json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1, "returnValues": "ALL_OLD"});
    let answer = harness.ok("delete-item", event.clone()).await;
    assert_eq!(answer["data"]["Attributes"], json!({"id": {"S": "a"}, "at": {"N": "1"}, "n": {"N": "1"}}));
    let answer = harness.ok("delete-item", event).await;
    assert!(answer["data"].get("Attributes").is_none());
    assert_eq!(answer["data"]["ConsumedCapacity"]["TableName"], "Tab");
    let answer = harness.ok("delete-item", json!({"tableName": "Tab", "value": "a", "sortKeyValue": "2"})).await;
    assert!(answer["data"].get("Attributes").is_none());
}

#[tokio::test]
async fn deletes_only_if_the_condition_holds() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "Price": 10})).await;
    let mut event = json!({
        "tableName": "Tab", "hashKeyValue": "a", "conditionExpression": "Price > :limit",
        "expressionAttributeValues": [{"key": ":limit", "value": "10"}],
        "expressionAttributeValueTypes": [{"key": ":limit", "value": "N"}],
        "returnItemOnConditionFailure": "1", "outputFormat": "plain",
    });
    let parts = [", the item: {", r#""Price":10"#];
    harness.refuses("delete-item", event.clone(), "ConditionalCheckFailedException", &parts).await;
    event["expressionAttributeValues"][0]["value"] = "9".into();
    harness.ok("delete-item", event).await;
    assert_eq!(harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a"})).await["data"]["found"], false);
}

#[tokio::test]
async fn rejects_an_unknown_input() {
    let harness = Harness::new().await;
    let event = json!({"tableName": "Tab", "hashKeyValue": "a", "returnValues": "ALL_NEW"});
    harness
        .refuses("delete-item", event, "InvalidInput", &["`returnValues`: `\"ALL_NEW\"` is not one of NONE ALL_OLD"])
        .await;
    harness
        .refuses(
            "delete-item",
            json!({"tableName": "nowhere", "hashKeyValue": "a"}),
            "ResourceNotFoundException",
            &["DescribeTable"],
        )
        .await;
}
