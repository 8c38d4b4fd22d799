use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn an_update_may_only_check_a_condition() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "n": 1})).await;
    harness.proxy().take_seen();
    for empty in [json!(null), json!(""), json!({})] {
        let event = json!({
            "tableName": "Tab", "hashKeyValue": "a", "conditionExpression": "n = :n", "set": empty,
            "expressionAttributeValues": {":n": 1},
        });
        let answer = harness.ok("update-item", event).await;
        assert_eq!(answer["data"]["Attributes"], json!({"id": {"S": "a"}, "n": {"N": "1"}}));
        let sent = harness.proxy().take_body("UpdateItem");
        assert!(sent.get("UpdateExpression").is_none() && sent["ConditionExpression"] == "n = :n", "{sent}");
    }
    // It also makes sure that there is an item.
    let event = json!({"tableName": "Tab", "hashKeyValue": "new", "conditionExpression": "attribute_not_exists(id)"});
    assert_eq!(harness.ok("update-item", &event).await["data"]["Attributes"], json!({"id": {"S": "new"}}));
    harness.refuses("update-item", event, "ConditionalCheckFailedException", &["UpdateItem"]).await;

    harness.proxy().take_seen();
    for more in [json!({}), json!({"conditionExpression": ""}), json!({"set": "{}", "remove": []})] {
        let mut event = json!({"tableName": "Tab", "hashKeyValue": "a"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let parts =
            ["nothing to update: give `updateExpression`", "`set`, `remove`", "`conditionExpression` to only check"];
        harness.refuses("update-item", event, "InvalidInput", &parts).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}
