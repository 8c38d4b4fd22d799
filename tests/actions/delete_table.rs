use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn deletes_a_table_and_waits_until_it_is_gone() {
    let stage = Stage::new().await;
    stage.table("Tab", false).await;
    let answer = stage.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": "yes"})).await;
    assert_eq!(answer["data"]["TableDescription"]["TableName"], "Tab");
    stage.refuses("describe-table", json!({"tableName": "Tab"}), "ResourceNotFoundException", &[]).await;
}

#[tokio::test]
async fn answers_at_once_unless_asked_to_wait() {
    let stage = Stage::new().await;
    stage.table("Tab", false).await;
    stage.wire().take_seen();
    let answer = stage.ok("delete-table", json!({"tableName": "Tab"})).await;
    assert_eq!(answer["data"]["$metadata"]["httpStatusCode"], 200);
    assert_eq!(stage.wire().take_operations(), ["DeleteTable"]);
}

#[tokio::test]
async fn an_unknown_table_is_the_services_error() {
    let stage = Stage::new().await;
    stage.refuses("delete-table", json!({"tableName": "nowhere"}), "ResourceNotFoundException", &["DeleteTable"]).await;
}
