use serde_json::json;

use crate::harness::Harness;

fn least() -> serde_json::Value {
    json!({
        "tableName": "Tab",
        "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    })
}

#[tokio::test]
async fn creates_a_table_with_5_units_from_the_required_inputs() {
    let harness = Harness::new().await;
    let answer = harness.ok("create-table", least()).await;
    let table = &answer["data"]["TableDescription"];
    assert_eq!(table["TableName"], "Tab");
    assert_eq!(table["KeySchema"], json!([{"AttributeName": "id", "KeyType": "HASH"}]));
    assert_eq!(table["ProvisionedThroughput"]["ReadCapacityUnits"], 5);
    assert_eq!(table["ProvisionedThroughput"]["WriteCapacityUnits"], 5);
    let created = table["CreationDateTime"].as_str().unwrap();
    assert!(created.len() == 24 && created.ends_with('Z') && created.as_bytes()[19] == b'.', "{created}");
    let metadata = &answer["data"]["$metadata"];
    assert_eq!(metadata["httpStatusCode"], 200);
    assert_eq!(metadata["attempts"], 1);
    assert_eq!(metadata["totalRetryDelay"], 0);
    assert!(!metadata["requestId"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn sends_no_capacity_with_pay_per_request() {
    let harness = Harness::new().await;
    let mut event = least();
    event["billingMode"] = "pay_per_request".into();
    event["readCapacityUnits"] = 7.into();
    event["globalSecondaryIndexes"] = json!([{
        "IndexName": "idx",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
        "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    }]);
    harness.ok("create-table", event).await;
    let sent = harness.proxy().take_body("CreateTable");
    assert_eq!(sent["BillingMode"], "PAY_PER_REQUEST");
    assert!(sent.get("ProvisionedThroughput").is_none(), "{sent}");
    assert!(sent["GlobalSecondaryIndexes"][0].get("ProvisionedThroughput").is_none(), "{sent}");
}

#[tokio::test]
async fn takes_what_the_components_forms_send() {
    let harness = Harness::new().await;
    harness
        .ok(
            "create-table",
            json!({
                "tableName": " Tab ",
                "attributeDefinition": r#"[{"AttributeName": "id", "AttributeType": "S"}]"#,
                "keySchema": r#"[{"KeyType": "HASH", "AttributeName": "id"}]"#,
                "billingMode": "PROVISIONED",
                "readCapacityUnits": "6",
                "writeCapacityUnits": "7",
                "tags": null,
            }),
        )
        .await;
    let sent = harness.proxy().take_body("CreateTable");
    assert_eq!(sent["TableName"], "Tab");
    assert_eq!(sent["ProvisionedThroughput"], json!({"ReadCapacityUnits": 6, "WriteCapacityUnits": 7}));
}

#[tokio::test]
async fn sends_every_setting() {
    let harness = Harness::new().await;
    let event = json!({
        "tableName": "Tab",
        "attributeDefinitions": [
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
            {"AttributeName": "b", "AttributeType": "B"},
        ],
        "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        "globalSecondaryIndexes": [{
            "IndexName": "gsi",
            "KeySchema": [{"AttributeName": "at", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]},
        }],
        "localSecondaryIndexes": [{
            "IndexName": "lsi",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"},
        }],
        "streamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "sseSpecification": {"Enabled": true, "SSEType": "KMS"},
        "tableClass": "STANDARD_INFREQUENT_ACCESS",
        "deletionProtectionEnabled": "no",
        "tags": [{"Key": "team", "Value": ""}],
    });
    // Not every engine supports every setting. The test only looks at the request.
    harness.invoke("create-table", event.to_string()).await;
    let sent = harness.proxy().take_body("CreateTable");
    assert_eq!(
        sent,
        json!({
            "TableName": "Tab",
            "AttributeDefinitions": event["attributeDefinitions"],
            "KeySchema": event["keySchema"],
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
            "GlobalSecondaryIndexes": [{
                "IndexName": "gsi",
                "KeySchema": [{"AttributeName": "at", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]},
                "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
            }],
            "LocalSecondaryIndexes": event["localSecondaryIndexes"],
            "StreamSpecification": event["streamSpecification"],
            "SSESpecification": event["sseSpecification"],
            "TableClass": "STANDARD_INFREQUENT_ACCESS",
            "DeletionProtectionEnabled": false,
            "Tags": event["tags"],
        })
    );
}

#[tokio::test]
async fn waits_until_the_table_is_active() {
    let harness = Harness::new().await;
    harness.proxy().next(
        "DescribeTable",
        crate::harness::proxy::Canned::Answer(200, r#"{"Table":{"TableStatus":"CREATING"}}"#.into()),
    );
    let mut event = least();
    event["waitUntilActive"] = true.into();
    let answer = harness.ok("create-table", event).await;
    assert_eq!(answer["data"]["TableDescription"]["TableStatus"], "ACTIVE");
    let operations = harness.proxy().take_operations();
    assert_eq!(operations[..3], ["CreateTable", "DescribeTable", "DescribeTable"]);
}

#[tokio::test]
async fn a_table_that_exists_is_the_services_error() {
    let harness = Harness::new().await;
    harness.ok("create-table", least()).await;
    harness
        .refuses("create-table", least(), "ResourceInUseException", &["CreateTable", "table `Tab`", "us-east-1"])
        .await;
}

#[tokio::test]
async fn rejects_invalid_structures_with_their_path() {
    let harness = Harness::new().await;
    let with = |name: &str, value: serde_json::Value| {
        let mut event = least();
        event[name] = value;
        event
    };
    for (event, message) in [
        (with("keySchema", json!([{"AttributeName": "id"}])), "`keySchema[0].KeyType`: required input is missing"),
        (
            with("keySchema", json!([{"AttributeName": "id", "KeyType": "SORT"}])),
            "`keySchema[0].KeyType`: `\"SORT\"` is not one of HASH RANGE",
        ),
        (with("keySchema", json!({"AttributeName": "id"})), "`keySchema`: `{\"AttributeName\":\"id\"}` is not a list"),
        (with("attributeDefinitions", json!("[{")), "`attributeDefinitions`: the text is not JSON"),
        (
            with("attributeDefinitions", json!([{"AttributName": "id"}])),
            "`attributeDefinitions[0].AttributName`: unknown input; the nearest is `AttributeName`",
        ),
        (with("billingMode", json!("FREE")), "`billingMode`: `\"FREE\"` is not one of PROVISIONED PAY_PER_REQUEST"),
        (with("readCapacityUnits", json!("many")), "`readCapacityUnits`: `\"many\"` is not a whole number"),
        (with("readCapacityUnits", json!(0)), "`readCapacityUnits`: `0` is not a whole number from 1"),
        (with("attributeDefinition", json!([])), "the same input as `attributeDefinition"),
    ] {
        harness.refuses("create-table", event, "InvalidInput", &[message]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}
