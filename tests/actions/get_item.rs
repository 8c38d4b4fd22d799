use serde_json::json;

use crate::harness::{Harness, proxy::Canned};

#[tokio::test]
async fn gets_an_item_typed_or_plain() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1, "Name": {"first": ["x", null, true]}, "n": 1.5})).await;
    let key = json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": "1"});
    let answer = harness.ok("get-item", key.clone()).await;
    assert_eq!(answer["data"]["found"], true);
    assert_eq!(
        answer["data"]["result"]["Item"],
        json!({
            "id": {"S": "a"}, "at": {"N": "1"}, "n": {"N": "1.5"},
            "Name": {"M": {"first": {"L": [{"S": "x"}, {"NULL": true}, {"BOOL": true}]}}},
        })
    );
    assert_eq!(answer["data"]["result"]["ConsumedCapacity"]["TableName"], "Tab");
    let mut plain = key;
    plain["outputFormat"] = "plain".into();
    plain["projectionExpression"] = "Name.first[0], n".into();
    plain["consistentRead"] = "true".into();
    let answer = harness.ok("get-item", plain).await;
    assert_eq!(answer["data"]["result"]["Item"], json!({"Name": {"first": ["x"]}, "n": 1.5}));
}

#[tokio::test]
async fn a_missing_item_is_not_found_and_not_an_error() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let answer = harness.ok("get-item", json!({"tableName": "Tab", "value": 0})).await;
    assert_eq!(answer["data"]["found"], false);
    assert!(answer["data"]["result"].get("Item").is_none());
}

#[tokio::test]
async fn looks_up_the_key_schema_once() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    for id in ["a", "b", "c"] {
        harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": id})).await;
    }
    assert_eq!(harness.proxy().take_operations(), ["DescribeTable", "GetItem", "GetItem", "GetItem"]);
}

#[tokio::test]
async fn does_not_look_up_the_schema_for_a_whole_key() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 7})).await;
    harness.proxy().take_seen();
    for event in [
        json!({"tableName": "Tab", "key": {"id": "a", "at": 7}}),
        json!({"tableName": "Tab", "key": [{"key": "id", "value": "a"}, {"key": "at", "value": "7"}], "keyTypes": {"at": "N"}}),
        json!({"tableName": "Tab", "key": {"id": {"S": "a"}, "at": {"N": "7"}}, "inputFormat": "typed"}),
    ] {
        assert_eq!(harness.ok("get-item", event).await["data"]["found"], true);
    }
    assert_eq!(harness.proxy().take_operations(), ["GetItem", "GetItem", "GetItem"]);
}

#[tokio::test]
async fn accepts_both_spellings_of_the_key() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 7})).await;
    for event in [
        json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 7}),
        json!({"tableName": "Tab", "value": "a", "sortKeyValue": 7}),
        json!({"tableName": "Tab", "hashKeyValue": {"S": "a"}, "sortKeyValue": {"N": "7"}, "inputFormat": "typed"}),
    ] {
        assert_eq!(harness.ok("get-item", event).await["data"]["found"], true);
    }
}

#[tokio::test]
async fn names_a_missing_or_unneeded_range_key() {
    let harness = Harness::new().await;
    harness.table("Ranged", true).await;
    harness.table("Plain", false).await;
    let cases = [
        (
            json!({"tableName": "Ranged", "hashKeyValue": "a", "rangeKeyValue": ""}),
            "your table has a range key, but you did not provide a range key value: table `Ranged`, range key `at`",
        ),
        (
            json!({"tableName": "Plain", "hashKeyValue": "a", "rangeKeyValue": 1}),
            "your table does not have a range key, but you provided one: table `Plain`, hash key `id`",
        ),
        (
            json!({"tableName": "Plain"}),
            "`hashKeyValue`: required input is missing: the hash key of table `Plain` is `id`",
        ),
        (
            json!({"tableName": "Ranged", "hashKeyValue": "a", "rangeKeyValue": "x"}),
            "`rangeKeyValue`: `\"x\"` is not a number",
        ),
        (
            json!({"tableName": "Plain", "hashKeyValue": "x".repeat(2_049)}),
            "`hashKeyValue`: the value of the hash key `id` has 2049 bytes; DynamoDB holds 2048 bytes",
        ),
        (json!({"tableName": "Plain", "key": {"id": "a"}, "value": "a"}), "`key`: give either `key` or `hashKeyValue`"),
        (
            json!({"tableName": "Plain", "hashKeyValue": "a", "keyTypes": {"id": "S"}}),
            "`keyTypes`: types without a `key`",
        ),
    ];
    for (event, message) in cases {
        harness.refuses("get-item", event, "InvalidInput", &[message]).await;
    }
}

#[tokio::test]
async fn notices_that_a_table_was_created_again() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a"})).await;
    assert_eq!(harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a"})).await["data"]["found"], true);

    // Add a range key.
    harness.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": true})).await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1})).await;
    let ranged = json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1});
    assert_eq!(harness.ok("get-item", ranged.clone()).await["data"]["found"], true);

    // Change names and types. The old schema accepts these values, too.
    harness.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": true})).await;
    let event = json!({
        "tableName": "Tab", "billingMode": "PAY_PER_REQUEST", "waitUntilActive": true,
        "attributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
        "keySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    });
    harness.ok("create-table", event).await;
    harness.put("Tab", json!({"pk": "a", "sk": "1"})).await;
    assert_eq!(harness.ok("get-item", ranged).await["data"]["found"], true);

    // Remove the range key again.
    harness.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": true})).await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a"})).await;
    assert_eq!(harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a"})).await["data"]["found"], true);
}

#[tokio::test]
async fn reports_attempts_and_waits() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().next("GetItem", Canned::error(400, "ThrottlingException"));
    harness.proxy().next("GetItem", Canned::error(500, "InternalServerError"));
    let answer = harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a"})).await;
    assert_eq!(answer["data"]["result"]["$metadata"]["attempts"], 3);
    assert!(answer["data"]["result"]["$metadata"]["totalRetryDelay"].as_u64().unwrap() > 0);
}
