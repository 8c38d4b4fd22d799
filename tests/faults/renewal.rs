//! Credentials that are slow to come: a renewal without an answer is given up in time and asked for again, a refusal is shared, and
//! one identity's troubles are not another's.

use std::{sync::Arc, time::Duration};

use axum::{Router, routing};
use local::{Builder, Identity, Operation, Role};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    harness::{
        Harness,
        sandbox::Sandbox,
        wire::{Ending, Fault, Wire},
    },
    identities::{ROLE, ada, role},
};

const SILENCE: Fault = Fault { applied: false, ending: Ending::Silence };

/// A harness whose STS and Secrets Manager are behind the wire. The secret `pair` holds a key pair, `role` a role.
async fn harness(wire: &Wire, set_up: impl FnOnce(Builder) -> Builder) -> (Harness, Arc<Identity>) {
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.user("ada", "ada secret", "arn:aws:iam::123456789012:user/ada");
    identity.role(Role::new(ROLE, ["own", "ada"]).external_id("ours"));
    identity.secret("pair", ada().to_string());
    identity.secret("role", role().to_string());
    wire.before(identity.url());
    let harness = Harness::guarded(&identity, |builder| {
        let builder = builder.env("AWS_ENDPOINT_URL_STS", wire.url());
        set_up(builder.env("AWS_ENDPOINT_URL_SECRETS_MANAGER", wire.url()))
    })
    .await;
    harness.table("Tab", false).await;
    (harness, identity)
}

fn get(connection: &Value) -> Value {
    json!({"tableName": "Tab", "key": {"id": "a"}, "connection": connection})
}

/// Each source of credentials, with a text of its request and the name of its call.
fn sources() -> [(Value, &'static str, &'static str); 4] {
    [
        (role(), "Action=AssumeRole", "STS AssumeRole"),
        (
            json!({"roleArn": ROLE, "externalId": "ours", "accessKeyId": "ada", "secretAccessKey": "ada secret"}),
            "Action=AssumeRole",
            "STS AssumeRole",
        ),
        (json!({"secretId": "pair"}), "GetSecretValue", "Secrets Manager GetSecretValue"),
        (json!({"secretId": "role"}), "Action=AssumeRole", "STS AssumeRole"),
    ]
}

#[tokio::test]
async fn a_renewal_without_an_answer_is_asked_for_again_where_there_is_time() {
    let wire = Wire::start().await;
    let (harness, _identity) = harness(&wire, |builder| builder.timeout(Duration::from_secs(10))).await;
    for (connection, text, _) in sources() {
        wire.next(text, SILENCE);
        let invocation = harness.invoke("get-item", get(&connection).to_string()).await;
        assert!(!invocation.failed, "{connection}: {invocation:?}");
        assert!(invocation.duration < Duration::from_secs(8), "{connection}: {:?}", invocation.duration);
    }
}

#[tokio::test]
async fn a_renewal_without_an_answer_costs_one_invocation_and_no_other() {
    let wire = Wire::start().await;
    let (harness, _identity) = harness(&wire, |builder| builder.timeout(Duration::from_secs(2))).await;
    for (connection, text, call) in sources() {
        // The first attempt of the renewal takes longer than the invocation has.
        wire.next(text, SILENCE);
        let parts = [call, "nothing was changed"];
        harness.refuses("get-item", get(&connection), "Timeout", &parts).await;
        let mut answered = false;
        for _ in 0..4 {
            answered = answered || !harness.invoke("get-item", get(&connection).to_string()).await.failed;
        }
        assert!(answered, "{connection}");
        harness.ok("get-item", get(&connection)).await;
    }
}

/// The address of the functions' own credentials, as Lambda has it where processes live on in a snapshot.
async fn container() -> (String, JoinHandle<()>) {
    let pair = json!({
        "AccessKeyId": Harness::key(),
        "SecretAccessKey": "local",
        "Token": "local",
        "Expiration": "2099-01-01T00:00:00Z",
    });
    let credentials = async move || pair.to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        axum::serve(listener, Router::new().route("/role", routing::get(credentials))).await.unwrap();
    });
    (url, server)
}

#[tokio::test]
async fn the_functions_own_credentials_are_asked_for_again_when_no_answer_comes() {
    let wire = Wire::start().await;
    let (url, server) = container().await;
    wire.before(&url);
    for (function, event) in [
        ("get-item", json!({"tableName": "get-item", "key": {"id": "a"}})),
        ("update-item", json!({"tableName": "update-item", "key": {"id": "a"}, "add": {"n": 1}})),
    ] {
        let harness = Harness::with(|builder| {
            builder
                .env("AWS_ACCESS_KEY_ID", "")
                .env("AWS_SECRET_ACCESS_KEY", "")
                .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}/role", wire.url()))
                .timeout(Duration::from_secs(12))
        })
        .await;
        harness.table(function, false).await;
        let before = wire.count("GET /role");
        wire.next("GET /role", SILENCE);
        let invocation = harness.invoke(function, event.to_string()).await;
        assert!(!invocation.failed, "{function}: {invocation:?}");
        assert!(wire.count("GET /role") - before >= 2);
    }
    server.abort();
}

#[tokio::test]
async fn a_refused_role_is_asked_for_once_or_twice_for_many_at_once() {
    let wire = Wire::start().await;
    let (harness, identity) = harness(&wire, |builder| builder).await;
    let _ = identity.take_calls();
    let environment = [
        ("AWS_ACCESS_KEY_ID", "own"),
        ("AWS_SECRET_ACCESS_KEY", "own secret"),
        ("AWS_ENDPOINT_URL_DYNAMODB", harness.proxy().url()),
        ("AWS_ENDPOINT_URL_STS", wire.url()),
    ];
    let mut process = Sandbox::start("get-item", 32, &environment).await;
    process.idle(32).await;
    let refused = json!({"roleArn": "arn:aws:iam::123456789012:role/nobody"});
    let answers = process.run(vec![get(&refused); 32], 32, Duration::from_secs(20)).await;
    for answer in answers {
        let error = answer.unwrap_err();
        assert_eq!(error.error_type, "AccessDenied", "{error:?}");
    }
    let asked = identity.take_calls().iter().filter(|call| call.operation == Operation::AssumeRole).count();
    assert!((1..=2).contains(&asked), "{asked}");
}

#[tokio::test]
async fn one_identitys_throttling_does_not_use_up_anothers_retries() {
    let wire = Wire::start().await;
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.user("ada", "ada secret", "arn:aws:iam::123456789012:user/ada");
    let harness = Harness::guarded(&identity, |builder| builder).await;
    harness.table("Tab", false).await;
    wire.before(harness.proxy().url());
    let environment = [
        ("AWS_ACCESS_KEY_ID", "own"),
        ("AWS_SECRET_ACCESS_KEY", "own secret"),
        ("AWS_ENDPOINT_URL_DYNAMODB", wire.url()),
    ];
    let mut process = Sandbox::start("get-item", 64, &environment).await;
    let event = |id: &str, connection: &Value| json!({"tableName": "Tab", "key": {"id": id}, "connection": connection});
    let throttled = Fault { applied: false, ending: Ending::Error(400, "ThrottlingException") };
    wire.always("noisy", Some(throttled));
    let noisy = process.run(vec![event("noisy", &ada()); 128], 64, Duration::from_secs(30)).await;
    assert!(noisy.iter().all(|answer| answer.as_ref().is_err_and(|error| error.error_type == "ThrottlingException")));
    let spent = wire.count("noisy");
    assert!(spent < 128 * 3, "the budget of the noisy identity is used up: {spent} requests");
    wire.next("calm", throttled);
    let calm = process.invoke(event("calm", &json!(null)), Duration::from_secs(30)).await.unwrap();
    assert_eq!(calm["data"]["result"]["$metadata"]["attempts"], 2);
}
