//! Between two events, Lambda stops a function's process. Its connections may be gone when it goes on.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    harness::{
        Harness,
        sandbox::Sandbox,
        wire::{Ending, Fault, Wire},
    },
    identities::{guarded_with, role},
};

const TIMEOUT: Duration = Duration::from_secs(10);

async fn process(function: &str, wire: &Wire) -> (Sandbox, Harness) {
    let key = Harness::key();
    let harness = Harness::with(|builder| builder.env("AWS_ACCESS_KEY_ID", &key)).await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "n": 1})).await;
    wire.before(harness.proxy().url());
    let environment = [("AWS_ACCESS_KEY_ID", key.as_str()), ("AWS_ENDPOINT_URL_DYNAMODB", wire.url())];
    (Sandbox::start(function, 1, &environment).await, harness)
}

#[tokio::test]
async fn connections_that_were_closed_meanwhile_cost_nothing() {
    for (function, event) in [
        ("get-item", json!({"tableName": "Tab", "key": {"id": "a"}})),
        ("update-item", json!({"tableName": "Tab", "key": {"id": "a"}, "add": {"n": 1}})),
    ] {
        let wire = Wire::start().await;
        let (mut process, harness) = process(function, &wire).await;
        for _ in 0..5 {
            process.invoke(event.clone(), TIMEOUT).await.unwrap();
            process.idle(1).await;
            process.freeze();
            wire.close_connections();
            process.thaw();
            let started = Instant::now();
            let answer = process.invoke(event.clone(), TIMEOUT).await.unwrap();
            let data = answer["data"].get("result").unwrap_or(&answer["data"]);
            assert_eq!(data["$metadata"]["attempts"], 1, "{function}: {answer}");
            assert!(started.elapsed() < Duration::from_secs(2), "{function}: {:?}", started.elapsed());
        }
        let item = harness.ok("get-item", json!({"tableName": "Tab", "key": {"id": "a"}})).await;
        let writes = if function == "update-item" { 10 } else { 0 };
        assert_eq!(item["data"]["result"]["Item"]["n"]["N"], (1 + writes).to_string());
    }
}

#[tokio::test]
async fn connections_that_the_network_forgot_are_given_up_for_new_ones() {
    let wire = Wire::start().await;
    let (mut process, _harness) = process("get-item", &wire).await;
    let event = json!({"tableName": "Tab", "key": {"id": "a"}});
    process.invoke(event.clone(), TIMEOUT).await.unwrap();
    process.idle(1).await;
    process.freeze();
    wire.lose_connections();
    process.thaw();
    let answer = process.invoke(event.clone(), TIMEOUT).await.unwrap();
    assert_eq!(answer["data"]["result"]["$metadata"]["attempts"], 2);
    let answer = process.invoke(event, TIMEOUT).await.unwrap();
    assert_eq!(answer["data"]["result"]["$metadata"]["attempts"], 1);
}

#[tokio::test]
async fn a_renewal_that_was_stopped_in_its_middle_does_not_hold_the_identity() {
    let sts = Wire::start().await;
    let dynamodb = Wire::start().await;
    let (harness, identity) = guarded_with(|builder| builder, &dynamodb).await;
    sts.before(identity.url());
    let environment = [
        ("AWS_ACCESS_KEY_ID", "own"),
        ("AWS_SECRET_ACCESS_KEY", "own secret"),
        ("AWS_ENDPOINT_URL_DYNAMODB", harness.proxy().url()),
        ("AWS_ENDPOINT_URL_STS", sts.url()),
    ];
    let mut process = Sandbox::start("get-item", 1, &environment).await;
    let event = json!({"tableName": "Tab", "key": {"id": "a"}, "connection": role()});
    sts.next("Action=AssumeRole", Fault { applied: true, ending: Ending::Silence });
    let error = process.invoke(event.clone(), Duration::from_millis(700)).await.unwrap_err();
    assert_eq!(error.error_type, "Timeout", "{error:?}");
    process.idle(1).await;
    process.freeze();
    sts.close_connections();
    process.thaw();
    process.invoke(event, TIMEOUT).await.unwrap();
}
