//! What goes wrong on the way.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Harness, proxy::Canned};

fn get() -> serde_json::Value {
    json!({"tableName": "Tab", "key": {"id": "a"}})
}

#[tokio::test]
async fn every_code_of_the_service_is_the_error_type() {
    let harness = Harness::with(|builder| builder.env("AWS_MAX_ATTEMPTS", "1")).await;
    for (status, code) in [
        (400, "ConditionalCheckFailedException"),
        (400, "ResourceNotFoundException"),
        (400, "ResourceInUseException"),
        (400, "ValidationException"),
        (400, "ProvisionedThroughputExceededException"),
        (400, "ThrottlingException"),
        (400, "RequestLimitExceeded"),
        (400, "ItemCollectionSizeLimitExceededException"),
        (400, "TransactionConflictException"),
        (400, "AccessDeniedException"),
        (400, "UnrecognizedClientException"),
        (400, "InvalidSignatureException"),
        (400, "ExpiredTokenException"),
        (400, "SomethingNewException"),
        (500, "InternalServerError"),
        (503, "ServiceUnavailable"),
    ] {
        harness.proxy().next("GetItem", Canned::error(status, code));
        let parts = ["canned (DynamoDB GetItem, table `Tab`, region us-east-1, request id CANNED)"];
        harness.refuses("get-item", get(), code, &parts).await;
    }
}

#[tokio::test]
async fn throttling_is_retried_and_then_told() {
    let harness = Harness::new().await;
    for _ in 0..3 {
        harness.proxy().next("GetItem", Canned::error(400, "ThrottlingException"));
    }
    harness.refuses("get-item", get(), "ThrottlingException", &["canned"]).await;
    assert_eq!(harness.proxy().take_operations(), ["GetItem"; 3]);
}

#[tokio::test]
async fn a_broken_answer_is_retried() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    for fault in [Canned::WrongChecksum, Canned::CutOff] {
        harness.proxy().next("GetItem", fault);
        let answer = harness.ok("get-item", get()).await;
        assert_eq!(answer["data"]["result"]["$metadata"]["attempts"], 2);
        assert_eq!(answer["data"]["found"], false);
    }
}

#[tokio::test]
async fn an_answer_that_stays_broken_is_a_failed_connection() {
    let harness = Harness::with(|builder| builder.env("AWS_MAX_ATTEMPTS", "2")).await;
    harness.table("Tab", false).await;
    for _ in 0..2 {
        harness.proxy().next("GetItem", Canned::WrongChecksum);
    }
    let parts = ["the answer is broken", "x-amz-crc32 says 1", "DynamoDB GetItem"];
    harness.refuses("get-item", get(), "ConnectionFailed", &parts).await;
    for body in ["", "[]", r#"{"Item":{"id":"#, r#"{"Item":{"id":7}}"#] {
        harness.proxy().next("GetItem", Canned::Answer(200, body.into()));
        let event = json!({"tableName": "Tab", "key": {"id": "a"}, "outputFormat": "plain"});
        harness.refuses("get-item", event, "ConnectionFailed", &["DynamoDB's answer is broken"]).await;
    }
    for _ in 0..2 {
        harness.proxy().next("GetItem", Canned::Answer(502, "<html>".into()));
    }
    harness.refuses("get-item", get(), "ConnectionFailed", &["HTTP status 502 without an error code"]).await;
}

#[tokio::test]
async fn nobody_there_is_a_failed_connection() {
    let harness = Harness::with(|builder| builder.dynamodb("http://127.0.0.1:1").env("AWS_MAX_ATTEMPTS", "1")).await;
    harness.refuses("get-item", get(), "ConnectionFailed", &["no connection", "DynamoDB GetItem"]).await;
}

#[tokio::test]
async fn no_answer_before_the_deadline_is_a_timeout_that_says_what_may_have_happened() {
    let harness = Harness::with(|builder| builder.timeout(Duration::from_secs(2))).await;
    for _ in 0..4 {
        harness.proxy().next("GetItem", Canned::Silence);
    }
    harness.refuses("get-item", get(), "Timeout", &["no answer", "DynamoDB GetItem"]).await;
    harness.proxy().next("PutItem", Canned::Silence);
    let event = json!({"tableName": "Tab", "item": {"id": "a"}, "conditionExpression": "attribute_not_exists(id)"});
    let parts =
        ["no answer before the invocation's deadline", "DynamoDB PutItem", "whether it took effect is not known"];
    harness.refuses("create-item", event, "OutcomeUnknown", &parts).await;
}

#[tokio::test]
async fn the_process_serves_the_next_event_after_every_fault() {
    let harness = Harness::with(|builder| builder.env("AWS_MAX_ATTEMPTS", "1")).await;
    harness.table("Tab", false).await;
    harness.proxy().next("GetItem", Canned::error(400, "ThrottlingException"));
    assert!(harness.invoke("get-item", get().to_string()).await.init.is_some(), "the first one starts the process");
    for event in ["", "{", "null", r#"{"tableName": "nowhere", "key": {"id": "a"}}"#] {
        let invocation = harness.invoke("get-item", event).await;
        assert!(invocation.failed && invocation.init.is_none(), "{event}");
    }
    let invocation = harness.invoke("get-item", get().to_string()).await;
    assert!(!invocation.failed && invocation.init.is_none());
}

#[tokio::test]
async fn one_line_is_logged_and_no_item_is_in_it() {
    let harness =
        Harness::with(|builder| builder.env("AWS_LAMBDA_LOG_LEVEL", "TRACE").env("AWS_LAMBDA_LOG_FORMAT", "JSON"))
            .await;
    harness.table("Tab", false).await;
    let connection = json!({"accessKeyId": "local", "secretAccessKey": "marked", "sessionToken": "marked"});
    let event = json!({"tableName": "Tab", "item": {"id": "marked", "marked": 1}, "connection": connection});
    let invocation = harness.invoke("create-item", event.to_string()).await;
    assert!(!invocation.log.contains("marked"), "{}", invocation.log);
    let lines: Vec<serde_json::Value> = invocation
        .log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|line: &serde_json::Value| line["level"] == "INFO")
        .collect();
    assert_eq!(lines.len(), 1, "{}", invocation.log);
    assert_eq!(lines[0]["table"], "Tab");
    assert_eq!(lines[0]["connection"], "accessKey");
    assert_eq!(lines[0]["requestId"], invocation.request_id);
}

#[tokio::test]
async fn who_may_not_describe_the_table_is_told_the_way_without() {
    let harness = Harness::new().await;
    harness.proxy().next("DescribeTable", Canned::error(400, "AccessDeniedException"));
    let event = json!({"tableName": "Tab", "hashKeyValue": "a"});
    let parts = ["give the whole key as `key`", "DynamoDB DescribeTable"];
    harness.refuses("get-item", event, "AccessDeniedException", &parts).await;
}

#[tokio::test]
async fn a_look_up_that_fails_hides_nothing() {
    let harness = Harness::with(|builder| builder.env("AWS_MAX_ATTEMPTS", "1")).await;
    harness.table("Tab", false).await;
    let event = json!({"tableName": "Tab", "hashKeyValue": "a"});
    harness.ok("get-item", event.clone()).await;
    // The function cannot find out whether the table was replaced. The error still names what was wrong.
    harness.proxy().next("DescribeTable", Canned::error(400, "ThrottlingException"));
    let mut ranged = event.clone();
    ranged["rangeKeyValue"] = 1.into();
    harness.refuses("get-item", ranged, "InvalidInput", &["your table does not have a range key"]).await;
    harness.proxy().next(
        "GetItem",
        Canned::Answer(400, r#"{"__type":"ValidationException","message":"the provided key element"}"#.into()),
    );
    harness.proxy().next("DescribeTable", Canned::error(400, "ResourceNotFoundException"));
    harness.refuses("get-item", event, "ResourceNotFoundException", &["DynamoDB DescribeTable"]).await;
}
