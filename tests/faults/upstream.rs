//! No way to DynamoDB, answers without end, and a clock that is wrong.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

use crate::{
    harness::{
        Harness,
        proxy::Canned,
        wire::{Ending, Fault, Wire},
    },
    identities::{ada, guarded_with, role},
};

/// A read, a write that counts twice, and one that does not.
fn events() -> [(&'static str, Value); 3] {
    [
        ("get-item", json!({"tableName": "Tab", "key": {"id": "a"}})),
        ("update-item", json!({"tableName": "Tab", "key": {"id": "a"}, "add": {"n": 1}})),
        ("create-item", json!({"tableName": "Tab", "item": {"id": "a"}})),
    ]
}

#[tokio::test]
async fn no_way_to_dynamodb_is_a_failed_connection_even_for_a_write() {
    // What speaks no TLS.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = format!("https://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    for url in ["http://127.0.0.1:1", "https://dynamodb.invalid", &plain] {
        let harness = Harness::with(|builder| builder.dynamodb(url).timeout(Duration::from_secs(20))).await;
        for (function, event) in events() {
            let error = harness.err(function, &event).await;
            assert_eq!(error.error_type, "ConnectionFailed", "{url} {function}: {error:?}");
            assert!(error.error_message.starts_with("no connection: "), "{url} {function}: {error:?}");
        }
    }
    server.abort();
}

/// The memory that an invocation's process has held at most, in megabytes.
pub(super) fn peak(log: &str) -> Option<u64> {
    let (_, rest) = log.split_once("Max Memory Used: ")?;
    rest.split(' ').next()?.parse().ok()
}

#[tokio::test]
async fn an_answer_without_end_takes_no_memory() {
    for ending in [Ending::Endless, Ending::Terabyte] {
        let wire = Wire::start().await;
        let harness = Harness::with(|builder| builder.dynamodb(wire.url()).timeout(Duration::from_secs(20))).await;
        wire.before(harness.proxy().url());
        wire.always("\"Tab\"", Some(Fault { applied: false, ending }));
        for ((function, event), error_type) in
            events().into_iter().zip(["ConnectionFailed", "OutcomeUnknown", "OutcomeUnknown"])
        {
            let invocation = harness.invoke(function, event.to_string()).await;
            let error = invocation.error().unwrap();
            assert_eq!(error.error_type, error_type, "{ending:?} {function}: {error:?}");
            assert!(peak(&invocation.log).is_none_or(|peak| peak < 128), "{ending:?} {function}: {}", invocation.log);
        }
    }
}

#[tokio::test]
async fn an_answer_without_end_of_another_service_takes_no_memory() {
    for ending in [Ending::Endless, Ending::Terabyte] {
        let dynamodb = Wire::start().await;
        let services = Wire::start().await;
        let (harness, identity) = guarded_with(
            |builder| {
                builder
                    .env("AWS_ENDPOINT_URL_STS", services.url())
                    .env("AWS_ENDPOINT_URL_SECRETS_MANAGER", services.url())
                    .timeout(Duration::from_secs(20))
            },
            &dynamodb,
        )
        .await;
        services.before(identity.url());
        services.always("POST / ", Some(Fault { applied: false, ending }));
        for connection in [role(), json!({"secretId": "pair"})] {
            let event = json!({"tableName": "Tab", "key": {"id": "a"}, "connection": connection});
            let invocation = harness.invoke("get-item", event.to_string()).await;
            let error = invocation.error().unwrap();
            assert_eq!(error.error_type, "ConnectionFailed", "{ending:?} {connection}: {error:?}");
            assert!(peak(&invocation.log).is_none_or(|peak| peak < 128), "{ending:?}: {}", invocation.log);
        }
    }
}

#[tokio::test]
async fn a_refusal_for_the_clock_is_told_and_nothing_was_written() {
    let wire = Wire::start().await;
    let (harness, _identity) = guarded_with(|builder| builder, &wire).await;
    let body = r#"{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Signature expired: 20260101T000000Z is now earlier than 20261126T000000Z"}"#;
    for connection in [json!(null), ada(), role()] {
        for _ in 0..4 {
            harness.proxy().next("UpdateItem", Canned::Answer(400, body.into()));
        }
        let event = json!({"tableName": "Tab", "key": {"id": "a"}, "add": {"n": 1}, "connection": connection});
        harness.refuses("update-item", event, "InvalidSignatureException", &["Signature expired"]).await;
        while harness.invoke("update-item", r#"{"tableName": "Tab", "key": {"id": "b"}, "add": {"n": 1}}"#).await.failed
        {
        }
    }
    let answer = harness.ok("get-item", json!({"tableName": "Tab", "key": {"id": "a"}})).await;
    assert_eq!(answer["data"]["found"], false);
}

#[tokio::test]
async fn a_table_operation_whose_answer_is_lost_says_so() {
    let wire = Wire::start().await;
    let harness = Harness::with(|builder| builder.dynamodb(wire.url())).await;
    wire.before(harness.proxy().url());
    let create = json!({
        "tableName": "New",
        "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "billingMode": "PAY_PER_REQUEST",
    });
    for (function, event, tables) in
        [("create-table", &create, json!(["New"])), ("delete-table", &json!({"tableName": "New"}), json!([]))]
    {
        wire.next("\"New\"", Fault { applied: true, ending: Ending::Reset });
        let before = wire.count("\"New\"");
        harness.refuses(function, event, "OutcomeUnknown", &["whether it took effect is not known"]).await;
        assert_eq!(wire.count("\"New\"") - before, 1);
        assert_eq!(harness.ok("list-tables", "{}").await["data"]["result"]["TableNames"], tables);
    }
}
