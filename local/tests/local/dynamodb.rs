//! The embedded DynamoDB.

use std::path::Path;

use local::DynamoDb;

use crate::http_client::post;

/// The status and the body of the answer to a request.
async fn call(database: &DynamoDb, operation: &str, body: &str) -> (u16, String) {
    let target = format!("DynamoDB_20120810.{operation}");
    let headers = [
        ("x-amz-target", target.as_str()),
        ("content-type", "application/x-amz-json-1.0"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=local/20250101/us-east-1/dynamodb/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=0",
        ),
        ("x-amz-date", "20250101T000000Z"),
    ];
    let answer = post(database.url(), "/", &headers, body.as_bytes()).await;
    (answer.status, answer.body)
}

async fn list_tables(database: &DynamoDb) -> (u16, String) {
    call(database, "ListTables", "{}").await
}

#[tokio::test]
async fn two_databases_in_one_process_have_ports_of_their_own() {
    let (first, second) = (DynamoDb::memory().await.unwrap(), DynamoDb::memory().await.unwrap());
    assert_ne!(first.url(), second.url());
    for database in [&first, &second] {
        assert_eq!(list_tables(database).await, (200, r#"{"TableNames":[]}"#.to_owned()));
    }
}

#[tokio::test]
async fn a_file_is_created_and_can_be_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tables.db");
    for _ in 0..2 {
        let database = DynamoDb::file(&file).await.unwrap();
        assert_eq!(list_tables(&database).await.0, 200);
        database.stop().await;
    }
    assert!(file.exists());
}

/// Only on Linux is all of 127.0.0.0/8 loopback.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn listens_at_the_requested_address() {
    let database = DynamoDb::memory_at("127.0.0.2:0".parse().unwrap()).await.unwrap();
    assert!(database.url().starts_with("http://127.0.0.2:"), "{}", database.url());
    assert_eq!(list_tables(&database).await.0, 200);
}

#[tokio::test]
async fn the_error_names_an_address_that_is_taken() {
    let first = DynamoDb::memory().await.unwrap();
    let taken = first.url().trim_start_matches("http://");
    let error = DynamoDb::memory_at(taken.parse().unwrap()).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot listen on {taken}: ")), "{error}");
}

#[tokio::test]
async fn the_error_names_a_file_that_cannot_be_opened() {
    let error = DynamoDb::file(Path::new("/nowhere/tables.db")).await.unwrap_err().to_string();
    assert!(error.contains("cannot open the database `/nowhere/tables.db`"), "{error}");
}

#[tokio::test]
async fn continuous_backups_are_a_setting_of_each_table() {
    let database = DynamoDb::memory().await.unwrap();
    for table in ["One", "Two"] {
        let create = format!(
            r#"{{"TableName": "{table}", "BillingMode": "PAY_PER_REQUEST",
                 "AttributeDefinitions": [{{"AttributeName": "id", "AttributeType": "S"}}],
                 "KeySchema": [{{"AttributeName": "id", "KeyType": "HASH"}}]}}"#
        );
        assert_eq!(call(&database, "CreateTable", &create).await.0, 200);
    }
    let enable = r#"{"TableName": "One", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}}"#;
    let (status, body) = call(&database, "UpdateContinuousBackups", enable).await;
    assert!(status == 200 && body.contains(r#""PointInTimeRecoveryStatus":"ENABLED""#), "{body}");
    for (table, expected) in
        [("One", (200, "ENABLED\"")), ("Two", (200, "DISABLED")), ("Three", (400, "TableNotFound"))]
    {
        let body = format!(r#"{{"TableName": "{table}"}}"#);
        let (status, body) = call(&database, "DescribeContinuousBackups", &body).await;
        assert!(status == expected.0 && body.contains(expected.1), "{table}: {status} {body}");
    }
}
