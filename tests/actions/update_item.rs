use serde_json::json;

use crate::harness::Harness;

async fn harness_with_item() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1, "Status": "open", "n": 1, "list": [1], "m": {"x": 1}})).await;
    harness.proxy().take_seen();
    harness
}

#[tokio::test]
async fn updates_and_returns_the_new_item() {
    let harness = harness_with_item().await;
    let event = json!({
        "tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1,
        "updateExpression": "SET Status = :s REMOVE m.x ADD n :n",
        "expressionAttributeValues": {":s": "closed", ":n": 2},
        "conditionExpression": "Status = :o",
    });
    let mut with_values = event.clone();
    with_values["expressionAttributeValues"][":o"] = "open".into();
    let answer = harness.ok("update-item", with_values.clone()).await;
    assert_eq!(
        answer["data"]["Attributes"],
        json!({
            "id": {"S": "a"}, "at": {"N": "1"}, "Status": {"S": "closed"}, "n": {"N": "3"},
            "list": {"L": [{"N": "1"}]}, "m": {"M": {}},
        })
    );
    assert_eq!(answer["data"]["ConsumedCapacity"]["TableName"], "Tab");
    harness.refuses("update-item", with_values, "ConditionalCheckFailedException", &["UpdateItem"]).await;
    harness.refuses("update-item", event, "InvalidInput", &["`conditionExpression`", "`:o`"]).await;
}

#[tokio::test]
async fn accepts_the_components_spellings() {
    let harness = harness_with_item().await;
    let event = json!({
        "tableName": "Tab", "value": "a", "sortKeyValue": "1",
        "query": "set Title = :t, n = :n",
        "queryParams": [{"key": ":t", "value": "x"}, {"key": ":n", "value": "5"}],
        "queryParamTypes": [{"key": ":t", "value": "S"}, {"key": ":n", "value": "N"}],
        "returnValues": "UPDATED_NEW", "outputFormat": "plain",
    });
    let answer = harness.ok("update-item", event).await;
    assert_eq!(answer["data"]["Attributes"], json!({"Title": "x", "n": 5}));
}

#[tokio::test]
async fn the_simple_form_needs_no_expression() {
    let harness = harness_with_item().await;
    let event = json!({
        "tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1, "outputFormat": "plain",
        "set": {"Status": "closed", "m.Name": "7", "list[0]": 9, "odd-name": null}, "setTypes": {"m.Name": "N"},
        "remove": ["m.x"],
        "add": {"n": "4", "tags": ["x", "y"]},
        "append": {"list": [2, 3], "log": ["first"]},
        "conditionExpression": "Status = :o", "expressionAttributeValues": {":o": "open"},
    });
    // DynamoDB rejects an update that names the same list twice.
    harness.refuses("update-item", event.clone(), "ValidationException", &[]).await;
    let mut once = event;
    once["append"] = json!({"log": ["first"]});
    let answer = harness.ok("update-item", once).await;
    let mut item = answer["data"]["Attributes"].clone();
    item["tags"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
    assert_eq!(
        item,
        json!({
            "id": "a", "at": 1, "Status": "closed", "m": {"Name": 7}, "list": [9], "odd-name": null, "n": 5,
            "tags": ["x", "y"], "log": ["first"],
        })
    );
    let event = json!({
        "tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1, "outputFormat": "plain",
        "deleteFromSet": {"tags": "x"}, "append": {"log": ["second"]}, "returnValues": "UPDATED_NEW",
    });
    let answer = harness.ok("update-item", event).await;
    assert_eq!(answer["data"]["Attributes"], json!({"tags": ["y"], "log": ["first", "second"]}));
}

#[tokio::test]
async fn the_simple_form_takes_typed_values() {
    let harness = harness_with_item().await;
    let event = json!({
        "tableName": "Tab", "hashKeyValue": {"S": "a"}, "rangeKeyValue": {"N": "1"}, "inputFormat": "typed",
        "set": {"photo": {"B": "aGk="}}, "add": {"n": {"N": "1"}, "seen": {"Ns": ["1"]}}, "append": {"list": {"L": [{"S": "x"}]}},
        "returnValues": "UPDATED_NEW",
    });
    let answer = harness.ok("update-item", event).await;
    assert_eq!(
        answer["data"]["Attributes"],
        json!({"photo": {"B": "aGk="}, "n": {"N": "2"}, "seen": {"NS": ["1"]}, "list": {"L": [{"N": "1"}, {"S": "x"}]}})
    );
}

#[tokio::test]
async fn rejects_invalid_updates() {
    let harness = harness_with_item().await;
    let with = |more: serde_json::Value| {
        let mut event = json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    for (more, message) in [
        (json!({}), "nothing to update"),
        (json!({"set": {}}), "nothing to update"),
        (
            json!({"updateExpression": "SET a = :a", "expressionAttributeValues": {":a": 1}, "set": {"b": 1}}),
            "`updateExpression`: give either",
        ),
        (json!({"set": {"a..b": 1}}), "`set.a..b`"),
        (json!({"set": {"a": 1}, "setTypes": {"b": "N"}}), "`setTypes.b`: a type for a name that has no value"),
        (json!({"add": {"n": "many"}}), "`add.n`: `\"many\"` is not a number"),
        (json!({"append": {"list": "x"}}), "`append.list`"),
        (json!({"remove": [1]}), "`remove[0]`: `1` is not a string"),
        (
            json!({"set": {"a": 1}, "expressionAttributeValues": {":unused": 1}}),
            "`expressionAttributeValues.:unused`: used by no expression",
        ),
        (
            json!({"set": {"a": 1}, "returnValues": "ALL"}),
            "`returnValues`: `\"ALL\"` is not one of NONE ALL_OLD UPDATED_OLD ALL_NEW UPDATED_NEW",
        ),
        (json!({"query": "SET a = :a", "updateExpression": "SET a = :a"}), "the same input as `"),
    ] {
        harness.refuses("update-item", with(more), "InvalidInput", &[message]).await;
    }
    assert!(!harness.proxy().take_operations().contains(&"UpdateItem".to_owned()));
}
