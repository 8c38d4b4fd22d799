use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn deletes_a_table_and_waits_until_it_is_gone() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let answer = harness.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": "yes"})).await;
    assert_eq!(answer["data"]["TableDescription"]["TableName"], "Tab");
    harness.refuses("describe-table", json!({"tableName": "Tab"}), "ResourceNotFoundException", &[]).await;
}

#[tokio::test]
async fn answers_at_once_unless_asked_to_wait() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let answer = harness.ok("delete-table", json!({"tableName": "Tab"})).await;
    assert_eq!(answer["data"]["$metadata"]["httpStatusCode"], 200);
    assert_eq!(harness.proxy().take_operations(), ["DeleteTable"]);
}

#[tokio::test]
async fn an_unknown_table_is_the_services_error() {
    let harness = Harness::new().await;
    harness
        .refuses("delete-table", json!({"tableName": "nowhere"}), "ResourceNotFoundException", &["DeleteTable"])
        .await;
}
