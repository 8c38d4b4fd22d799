use serde_json::{Value, json};

use crate::harness::Harness;

fn least(more: &Value) -> Value {
    let mut event = json!({
        "tableName": "Tab",
        "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"}],
        "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "globalSecondaryIndexes": [index(&json!({}))],
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

fn index(more: &Value) -> Value {
    let mut index = json!({
        "IndexName": "byC", "KeySchema": [{"AttributeName": "c", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"},
    });
    index.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    index
}

/// An index as `describeTable` answers it on demand.
fn described() -> Value {
    index(&json!({
        "IndexStatus": "ACTIVE", "Backfilling": false, "IndexSizeBytes": 0, "ItemCount": 0, "IndexArn": "arn:aws:dynamodb:x",
        "ProvisionedThroughput": {
            "ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0,
            "LastIncreaseDateTime": "2024-03-15T08:00:00.000Z", "LastDecreaseDateTime": "2024-03-15T08:00:00.000Z",
        },
        "OnDemandThroughput": {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 10},
        "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"},
    }))
}

#[tokio::test]
async fn on_demand_capacity_0_is_not_sent() {
    let harness = Harness::new().await;
    for zero in [json!(0), json!("0"), json!(0.0), json!("")] {
        let event = least(&json!({
            "billingMode": "PAY_PER_REQUEST", "readCapacityUnits": zero, "writeCapacityUnits": zero,
            "globalSecondaryIndexes": [index(&json!({
                "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0},
            }))],
        }));
        harness.ok("create-table", event).await;
        let sent = harness.proxy().take_body("CreateTable");
        assert!(!sent.to_string().contains("ProvisionedThroughput"), "{sent}");
        harness.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": true})).await;
    }
}

#[tokio::test]
async fn capacity_0_cannot_be_provisioned() {
    let harness = Harness::new().await;
    for (more, path) in [
        (json!({"readCapacityUnits": 0}), "readCapacityUnits"),
        (json!({"writeCapacityUnits": "0", "billingMode": "PROVISIONED"}), "writeCapacityUnits"),
        (
            json!({"globalSecondaryIndexes": [described()]}),
            "globalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits",
        ),
    ] {
        let parts = [&*format!("`{path}`: `0` is not a whole number from 1"), "`PAY_PER_REQUEST`"];
        harness.refuses("create-table", least(&more), "InvalidInput", &parts).await;
    }
    // The component would take 5 for text that is no number. A table with another capacity than its author meant costs more, or
    // fails under load, so the function refuses it.
    for text in ["many", "5 units", "2.5", "-1"] {
        let event = least(&json!({"readCapacityUnits": text}));
        harness.refuses("create-table", event, "InvalidInput", &["`readCapacityUnits`", "is not a whole number"]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn a_description_goes_back_in() {
    let harness = Harness::new().await;
    let event = least(&json!({"billingMode": "PAY_PER_REQUEST", "globalSecondaryIndexes": [described()]}));
    harness.invoke("create-table", event.to_string()).await;
    let sent = harness.proxy().take_body("CreateTable");
    assert_eq!(
        sent["GlobalSecondaryIndexes"],
        json!([index(&json!({
            "OnDemandThroughput": {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 10},
            "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000},
        }))])
    );
    // What the engine itself answers.
    harness.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": true})).await;
    for billing in ["PAY_PER_REQUEST", "PROVISIONED"] {
        let local = json!([{
            "IndexName": "byAt", "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}],
        }]);
        let mut event = least(&json!({
            "billingMode": billing, "localSecondaryIndexes": local,
            "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        }));
        event["attributeDefinitions"]
            .as_array_mut()
            .unwrap()
            .push(json!({"AttributeName": "at", "AttributeType": "N"}));
        harness.ok("create-table", &event).await;
        let mut described = harness.ok("describe-table", json!({"tableName": "Tab"})).await["data"]["Table"].take();
        harness.proxy().take_seen();
        for (name, member) in [
            ("attributeDefinitions", "AttributeDefinitions"),
            ("keySchema", "KeySchema"),
            ("globalSecondaryIndexes", "GlobalSecondaryIndexes"),
            ("localSecondaryIndexes", "LocalSecondaryIndexes"),
        ] {
            event[name] = described[member].take();
        }
        event["readCapacityUnits"] = described["ProvisionedThroughput"]["ReadCapacityUnits"].take();
        event["tableName"] = "Copy".into();
        harness.ok("create-table", &event).await;
        for table in ["Tab", "Copy"] {
            harness.ok("delete-table", json!({"tableName": table, "waitUntilDeleted": true})).await;
        }
    }
}

#[tokio::test]
async fn sends_throughputs_and_a_policy() {
    let harness = Harness::new().await;
    let policy = json!({"Version": "2012-10-17", "Statement": []});
    for given in [policy.clone(), policy.to_string().into()] {
        let event = least(&json!({
            "billingMode": "PAY_PER_REQUEST", "resourcePolicy": given,
            "onDemandThroughput": {"MaxReadRequestUnits": "100", "MaxWriteRequestUnits": 50.0},
            "warmThroughput": r#"{"ReadUnitsPerSecond": 15000}"#,
        }));
        harness.invoke("create-table", event.to_string()).await;
        let sent = harness.proxy().take_body("CreateTable");
        assert_eq!(sent["OnDemandThroughput"], json!({"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}));
        assert_eq!(sent["WarmThroughput"], json!({"ReadUnitsPerSecond": 15000}));
        let text = sent["ResourcePolicy"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), policy);
    }
    for (name, value, message) in [
        ("onDemandThroughput", json!({"MaxReads": 1}), "`onDemandThroughput.MaxReads`: unknown input"),
        (
            "warmThroughput",
            json!({"ReadUnitsPerSecond": -1}),
            "`warmThroughput.ReadUnitsPerSecond`: `-1` is not a whole",
        ),
        ("resourcePolicy", json!("arn:x"), "`resourcePolicy`: the text is not JSON"),
        ("resourcePolicy", json!([1]), "`resourcePolicy`: `[1]` is not a policy document"),
    ] {
        harness.refuses("create-table", least(&json!({name: value})), "InvalidInput", &[message]).await;
    }
}
