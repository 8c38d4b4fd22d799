use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn lists_a_page_and_says_whether_there_are_tables() {
    let harness = Harness::new().await;
    let answer = harness.ok("list-tables", "{}").await;
    assert_eq!(answer["data"]["found"], false);
    assert_eq!(answer["data"]["result"]["TableNames"], json!([]));
    for name in ["Tab1", "Tab2", "Tab3"] {
        harness.table(name, false).await;
    }
    let answer = harness.ok("list-tables", json!({"limit": "2"})).await;
    assert_eq!(answer["data"]["found"], true);
    assert_eq!(answer["data"]["result"]["TableNames"], json!(["Tab1", "Tab2"]));
    assert_eq!(answer["data"]["result"]["LastEvaluatedTableName"], "Tab2");
    let answer = harness.ok("list-tables", json!({"exclusiveStartTableName": "Tab2"})).await;
    assert_eq!(answer["data"]["result"]["TableNames"], json!(["Tab3"]));
    assert!(answer["data"]["result"].get("LastEvaluatedTableName").is_none());
}

#[tokio::test]
async fn fetches_more_than_100_tables() {
    let harness = Harness::new().await;
    let names: Vec<String> = (0..103).map(|number| format!("table{number:03}")).collect();
    for name in &names {
        let event = json!({
            "tableName": name, "billingMode": "PAY_PER_REQUEST",
            "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        });
        harness.ok("create-table", event).await;
    }
    harness.proxy().take_seen();
    let answer = harness.ok("list-tables", json!({"fetchAll": true})).await;
    assert_eq!(answer["data"]["result"]["TableNames"], json!(names));
    assert_eq!(answer["data"]["found"], true);
    assert_eq!(answer["data"]["result"]["$metadata"]["attempts"], 2);
    assert_eq!(harness.proxy().take_operations(), ["ListTables", "ListTables"]);
    let choices = harness.ok("select-table", "{}").await;
    assert_eq!(choices["result"].as_array().unwrap().len(), 103);
    assert_eq!(choices["result"][102], json!({"label": "table102", "key": "table102"}));
}

#[tokio::test]
async fn rejects_a_limit_that_the_api_does_not_allow() {
    let harness = Harness::new().await;
    harness
        .refuses(
            "list-tables",
            json!({"limit": 101}),
            "InvalidInput",
            &["`limit`: `101` is not a whole number from 1 to 100"],
        )
        .await;
}
