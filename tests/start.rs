//! The work of a function when it starts, before its first event.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri},
    routing,
};
use local::Builder;
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::harness::{Harness, proxy::Canned};

fn get() -> serde_json::Value {
    json!({"tableName": "Tab", "key": {"id": "a"}})
}

#[tokio::test]
async fn the_first_event_finds_an_open_connection() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let before = harness.proxy().warm_ups().len();
    harness.ok("get-item", get()).await;
    harness.ok("get-item", get()).await;
    let warm_ups = harness.proxy().warm_ups().split_off(before);
    assert_eq!(warm_ups.len(), 1, "one for each process");
    assert!(!warm_ups[0].headers.contains_key("authorization"), "it is nobody's request");
    let calls = harness.proxy().take_seen();
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| call.connection == warm_ups[0].connection), "{calls:?}");
}

#[tokio::test]
async fn a_function_that_makes_no_calls_opens_no_connection() {
    let harness = Harness::new().await;
    harness.ok("select-region", json!({})).await;
    assert_eq!(harness.proxy().warm_ups().len(), 0);
}

#[tokio::test]
async fn the_first_event_reports_why_the_start_opened_no_connection() {
    let harness = Harness::with(|builder| builder.dynamodb("http://127.0.0.1:1").env("AWS_MAX_ATTEMPTS", "1")).await;
    harness.refuses("get-item", get(), "ConnectionFailed", &["no connection"]).await;
    let harness = Harness::with(|builder| builder.env("AWS_REGION", "")).await;
    harness.refuses("get-item", get(), "InvalidInput", &["`awsRegion`: required input is missing"]).await;
}

#[tokio::test]
async fn a_bundle_without_certificates_ends_the_function_and_is_named() {
    for (file, problem) in [("nowhere.pem", "No such file"), ("Cargo.toml", "there is no certificate (PEM) in it")] {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let harness = Harness::with(|builder| builder.env("AWS_CA_BUNDLE", path).timeout(Duration::from_secs(5))).await;
        let invocation = harness.invoke("get-item", "{}").await;
        assert!(invocation.error().is_some());
        assert!(invocation.log.contains("AWS_CA_BUNDLE"), "{}", invocation.log);
        assert!(invocation.log.contains(problem), "{}", invocation.log);
    }
}

#[tokio::test]
async fn an_invalid_setting_ends_the_function_and_is_named() {
    for (name, value, rule) in [
        ("AWS_MAX_ATTEMPTS", "many", "a whole number from 1"),
        ("AWS_RETRY_MODE", "never", "standard or adaptive"),
        ("AWS_USE_FIPS_ENDPOINT", "perhaps", "true or false"),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "1", "true or false"),
        ("AWS_ENDPOINT_URL_STS", "localhost", "a URL such as https://"),
        ("AWS_SDK_UA_APP_ID", "no blanks", "a name of letters"),
        ("SECRET_TTL_SECONDS", "-1", "a whole number from 0"),
    ] {
        let harness = Harness::with(|builder| builder.env(name, value).timeout(Duration::from_secs(5))).await;
        let invocation = harness.invoke("get-item", "{}").await;
        assert!(invocation.error().is_some());
        let said = format!("{name}: `{value}` is not {rule}");
        assert!(invocation.log.contains(&said), "no {said:?} in {}", invocation.log);
    }
}

#[tokio::test]
async fn honours_the_settings_of_every_sdk() {
    let harness = Harness::with(|builder| {
        builder
            .env("AWS_MAX_ATTEMPTS", " 2 ")
            .env("AWS_RETRY_MODE", "Adaptive")
            .env("AWS_USE_DUALSTACK_ENDPOINT", "False")
            .env("AWS_SDK_UA_APP_ID", "orders")
    })
    .await;
    for _ in 0..2 {
        harness.proxy().next("GetItem", Canned::error(500, "InternalServerError"));
    }
    harness.refuses("get-item", get(), "InternalServerError", &["canned"]).await;
    let calls = harness.proxy().take_seen();
    assert_eq!(calls.len(), 2);
    assert!(calls[0].headers["x-amz-user-agent"].to_str().unwrap().contains("app/orders"), "{:?}", calls[0].headers);
}

/// A local address that serves credentials. Lambda uses one for processes that live on in a snapshot.
struct CredentialsAddress {
    url: String,
    calls: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Drop for CredentialsAddress {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl CredentialsAddress {
    async fn open() -> Self {
        let calls = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&calls);
        let credentials = async move |headers: HeaderMap| {
            counted.fetch_add(1, Ordering::Relaxed);
            let status = if headers["authorization"] == "pass" { StatusCode::OK } else { StatusCode::FORBIDDEN };
            let pair = json!({"AccessKeyId": "container", "SecretAccessKey": "local", "Token": "local", "Expiration": "2099-01-01T00:00:00Z"});
            (status, pair.to_string())
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/role", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            axum::serve(listener, Router::new().route("/role", routing::get(credentials))).await.unwrap();
        });
        Self { url, calls, server }
    }

    /// A harness whose functions get their own credentials from this address.
    async fn harness(&self, set_up: impl FnOnce(Builder) -> Builder) -> Harness {
        Harness::with(|builder| {
            set_up(builder)
                .env("AWS_ACCESS_KEY_ID", "")
                .env("AWS_SECRET_ACCESS_KEY", "")
                .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &self.url)
                .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pass")
        })
        .await
    }
}

#[tokio::test]
async fn the_functions_own_credentials_may_be_at_an_address() {
    let address = CredentialsAddress::open().await;
    let harness = address.harness(|builder| builder).await;
    harness.proxy().next("GetItem", Canned::Answer(200, "{}".into()));
    harness.ok("get-item", get()).await;
    let calls = harness.proxy().take_seen();
    assert!(calls[0].headers["authorization"].to_str().unwrap().contains("Credential=container/"));
}

#[tokio::test]
async fn key_pairs_do_not_displace_the_functions_own_credentials_from_the_cache() {
    // The SDK's cache holds the credentials of 64 identities.
    const PAIRS: usize = 70;

    let address = CredentialsAddress::open().await;
    let harness = address.harness(|builder| builder).await;
    for number in 0..PAIRS {
        for connection in [json!(null), json!({"accessKeyId": format!("key{number}"), "secretAccessKey": "local"})] {
            harness.proxy().next("ListTables", Canned::Answer(200, r#"{"TableNames": []}"#.into()));
            harness.ok("list-tables", json!({"connection": connection})).await;
        }
    }
    assert_eq!(address.calls.load(Ordering::Relaxed), 1);
}

/// A proxy that answers every request itself.
async fn http_proxy() -> (String, Arc<Mutex<Vec<String>>>, JoinHandle<()>) {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let uris = Arc::clone(&seen);
    let answer = async move |uri: Uri| {
        uris.lock().unwrap().push(uri.to_string());
        "{}"
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.unwrap() });
    (url, seen, server)
}

#[tokio::test]
async fn calls_go_through_the_proxy_of_the_environment_but_the_functions_own_credentials_do_not() {
    let address = CredentialsAddress::open().await;
    let (url, seen, server) = http_proxy().await;
    let set_up = |builder: Builder| builder.dynamodb("http://dynamodb.invalid").env("HTTP_PROXY", url);
    let harness = address.harness(set_up).await;
    harness.ok("get-item", get()).await;
    assert_eq!(address.calls.load(Ordering::Relaxed), 1);
    let seen = seen.lock().unwrap();
    assert!(seen.len() == 2 && seen.iter().all(|uri| uri == "http://dynamodb.invalid/"), "{seen:?}");
    server.abort();
}

#[tokio::test]
async fn instance_metadata_is_not_asked_for_credentials_or_a_region() {
    for region in ["us-east-1", ""] {
        let harness = Harness::with(|builder| {
            builder
                .env("AWS_EC2_METADATA_DISABLED", "false")
                .env("AWS_ACCESS_KEY_ID", "")
                .env("AWS_SECRET_ACCESS_KEY", "")
                .env("AWS_REGION", region)
        })
        .await;
        let (error_type, part) = if region.is_empty() {
            ("InvalidInput", "`awsRegion`: required input is missing")
        } else {
            ("InvalidConnection", "the function has no credentials of its own")
        };
        harness.refuses("get-item", get(), error_type, &[part]).await;
    }
}
