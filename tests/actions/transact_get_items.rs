use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

/// The tables `Tab` (`id`) and `Ran` (`id`, `at`), with an item each.
async fn harness() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.table("Ran", true).await;
    harness.put("Tab", json!({"id": "a", "n": 1.50, "name": "Ann", "address": {"city": "x", "zip": "1"}})).await;
    harness.put("Ran", json!({"id": "a", "at": 2, "status": "open"})).await;
    harness
}

#[tokio::test]
async fn answers_an_item_for_each_get_and_null_where_there_is_none() {
    let harness = harness().await;
    let mut event = json!({"gets": [
        {"tableName": "Ran", "value": "a", "sortKeyValue": "2"},
        {"tableName": "Tab", "key": {"id": "none"}},
        {"tableName": "Tab", "hashKeyValue": "a", "projectionExpression": "name, address.city", "consistentRead": true},
    ]});
    let answer = harness.ok("transact-get-items", event.clone()).await;
    let items = &answer["data"]["Items"];
    assert_eq!(items.as_array().unwrap().len(), 3);
    assert_eq!((&items[0], &items[1]), (&json!({"id": "a", "at": 2, "status": "open"}), &Value::Null));
    assert_eq!((&items[2]["name"], &items[2]["address"]), (&json!("Ann"), &json!({"city": "x"})));
    assert_eq!(answer["data"]["ConsumedCapacity"].as_array().unwrap().len(), 2, "one for each table: {answer}");
    assert_eq!(answer["data"]["$metadata"]["attempts"], 1);
    event["outputFormat"] = "typed".into();
    event["returnConsumedCapacity"] = "NONE".into();
    let answer = harness.ok("transact-get-items", event).await;
    assert_eq!(answer["data"]["Items"][0]["at"], json!({"N": "2"}));
    assert_eq!((&answer["data"]["Items"][1], answer["data"].get("ConsumedCapacity")), (&Value::Null, None));
}

#[tokio::test]
async fn rejects_invalid_gets_before_the_call_with_their_path() {
    let harness = harness().await;
    let tab = json!({"tableName": "Tab", "hashKeyValue": "a"});
    harness
        .ok("transact-get-items", json!({"gets": [tab, {"tableName": "Ran", "value": "a", "rangeKeyValue": 1}]}))
        .await;
    harness.proxy().take_seen();
    let with = |more: Value| {
        let mut get = tab.clone();
        get.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([{"tableName": "Tab", "key": {"id": "other"}}, get])
    };
    for (gets, message) in [
        (json!([]), "`gets`: an empty list; give 1 to 100"),
        (json!(vec![&tab; 101]), "`gets`: a list of 101; a transaction takes 100, make several"),
        (
            json!([tab, {"tableName": "Tab", "key": {"id": "a"}}]),
            "`gets[1]`: the same item of table `Tab` as `gets[0]`",
        ),
        (
            with(json!({"returnConsumedCapacity": "TOTAL"})),
            "`gets[1].returnConsumedCapacity`: a transaction reports this",
        ),
        (with(json!({"returnValues": "NONE"})), "`gets[1].returnValues`: unknown input"),
        (with(json!({"key": {"id": "a"}})), "`gets[1].key`: give either `key` or `hashKeyValue`"),
        (with(json!({"hashKeyValue": {"S": "a"}})), "`gets[1].hashKeyValue`: "),
        (with(json!({"hashKeyValue": null})), "`gets[1].hashKeyValue`: required input is missing"),
        (with(json!({"projectionExpression": "#n"})), "`gets[1].projectionExpression`: uses `#n`, not given in "),
        (
            json!([tab, {"tableName": "Ran", "hashKeyValue": "a"}]),
            "`gets[1]`: your table has a range key, but you did not provide a range key value: table `Ran`",
        ),
    ] {
        harness.refuses("transact-get-items", json!({"gets": gets}), "InvalidInput", &[message]).await;
    }
    let seen = harness.proxy().take_operations();
    assert!(seen.iter().all(|operation| operation == "DescribeTable"), "{seen:?}");
}

#[tokio::test]
async fn a_missing_table_is_named_and_a_canceled_read_is_explained() {
    let harness = harness().await;
    let gets = json!({"gets": [{"tableName": "Tab", "key": {"id": "a"}}, {"tableName": "Gone", "key": {"id": "a"}}]});
    let parts = ["`gets[1]`: ", "table `Gone`"];
    harness.refuses("transact-get-items", gets, "ResourceNotFoundException", &parts).await;
    let gets = json!({"gets": [{"tableName": "Tab", "key": {"id": "a"}}, {"tableName": "Ran", "key": {"id": "a"}}]});
    let error = harness.err("transact-get-items", gets).await;
    assert!(error.error_message.contains("`gets[1]"), "{error:?}");
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "canceled",
        "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "m"}],
    });
    harness.proxy().next("TransactGetItems", Canned::Answer(400, body.to_string()));
    let gets = json!({"gets": [{"tableName": "Tab", "key": {"id": "a"}}, {"tableName": "Tab", "key": {"id": "b"}}]});
    let parts = ["`gets[1]`: TransactionConflict (m)"];
    harness.refuses("transact-get-items", gets, "TransactionConflictException", &parts).await;
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_an_error() {
    let harness = Harness::with(|builder| builder.env("MAX_RESPONSE_BYTES", "2000")).await;
    harness.table("Tab", false).await;
    for id in ["a", "b"] {
        harness.put("Tab", json!({"id": id, "text": "x".repeat(1_500)})).await;
    }
    let get = |id: &str| json!({"tableName": "Tab", "hashKeyValue": id});
    harness.ok("transact-get-items", json!({"gets": [get("a")]})).await;
    let both = json!({"gets": [get("a"), get("b")]});
    harness.refuses("transact-get-items", both, "ResponseTooLarge", &["more than the 2000 allowed"]).await;
}
