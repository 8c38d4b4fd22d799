//! The embedded DynamoDB.

use std::path::Path;

use local::DynamoDb;

use crate::http_client::post;

async fn list_tables(database: &DynamoDb) -> (u16, String) {
    let headers = [
        ("x-amz-target", "DynamoDB_20120810.ListTables"),
        ("content-type", "application/x-amz-json-1.0"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=local/20250101/us-east-1/dynamodb/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=0",
        ),
        ("x-amz-date", "20250101T000000Z"),
    ];
    let answer = post(database.url(), "/", &headers, b"{}").await;
    (answer.status, answer.body)
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
