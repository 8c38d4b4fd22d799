//! What a function does when it starts, before its first event.

use std::time::Duration;

use serde_json::json;

use crate::stage::Stage;

fn get() -> serde_json::Value {
    json!({"tableName": "Tab", "key": {"id": "a"}})
}

#[tokio::test]
async fn the_first_event_finds_a_connection_open() {
    let stage = Stage::new().await;
    stage.table("Tab", false).await;
    stage.wire().take_seen();
    let before = stage.wire().warm_ups().len();
    stage.ok("get-item", get()).await;
    stage.ok("get-item", get()).await;
    let warm_ups = stage.wire().warm_ups().split_off(before);
    assert_eq!(warm_ups.len(), 1, "one for each process");
    assert!(!warm_ups[0].headers.contains_key("authorization"), "it is nobody's request");
    let calls = stage.wire().take_seen();
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| call.connection == warm_ups[0].connection), "{calls:?}");
}

#[tokio::test]
async fn what_calls_nobody_opens_no_connection() {
    let stage = Stage::new().await;
    stage.ok("select-region", json!({})).await;
    assert_eq!(stage.wire().warm_ups().len(), 0);
}

#[tokio::test]
async fn a_start_that_finds_nobody_is_told_by_the_first_event() {
    let stage = Stage::with(|builder| builder.dynamodb("http://127.0.0.1:1").env("AWS_MAX_ATTEMPTS", "1")).await;
    stage.refuses("get-item", get(), "ConnectionFailed", &["no connection"]).await;
    let stage = Stage::with(|builder| builder.env("AWS_REGION", "")).await;
    stage.refuses("get-item", get(), "InvalidInput", &["`awsRegion`: required input is missing"]).await;
}

#[tokio::test]
async fn a_bundle_without_certificates_ends_the_function_with_its_name() {
    for (file, problem) in [("nowhere.pem", "No such file"), ("Cargo.toml", "there is no certificate (PEM) in it")] {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let stage = Stage::with(|builder| builder.env("AWS_CA_BUNDLE", path).timeout(Duration::from_secs(5))).await;
        let invocation = stage.invoke("get-item", "{}").await;
        assert!(invocation.error().is_some());
        assert!(invocation.log.contains("AWS_CA_BUNDLE"), "{}", invocation.log);
        assert!(invocation.log.contains(problem), "{}", invocation.log);
    }
}
