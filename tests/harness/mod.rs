//! The test harness: the real function binaries with a DynamoDB.

pub(crate) mod deployment;
mod functions;
pub(crate) mod permission;
pub(crate) mod proxy;
pub(crate) mod sandbox;
mod schemas;
mod stand_ins;
pub(crate) mod wire;

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use local::{Builder, DynamoDb, FunctionError, Identity, Invocation, Lambda};
use serde_json::{Value, json};

pub(crate) use self::functions::FUNCTIONS;
use self::proxy::Proxy;

/// The functions and their DynamoDB.
pub(crate) struct Harness {
    lambda: Lambda,
    proxy: Proxy,
    _engine: Option<DynamoDb>,
}

impl Harness {
    /// The harness with an empty database.
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    /// The harness with an empty database and with functions that the test configures.
    pub(crate) async fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let (engine, url) = if let Some(url) = external_engine() {
            (None, url)
        } else {
            let engine = DynamoDb::memory().await.unwrap();
            let url = engine.url().to_owned();
            (Some(engine), url)
        };
        let proxy = Proxy::before(&url).await;
        let builder =
            Lambda::builder().functions(FUNCTIONS).dynamodb(proxy.url()).env("AWS_ACCESS_KEY_ID", Self::key());
        let lambda = set_up(builder).start().await.unwrap();
        Self { lambda, proxy, _engine: engine }
    }

    /// The harness with checks of all signatures and identities. The functions' own role is the user `own`.
    pub(crate) async fn guarded(identity: &Arc<Identity>, set_up: impl FnOnce(Builder) -> Builder) -> Self {
        identity.user("own", "own secret", "arn:aws:iam::123456789012:user/own");
        let harness = Self::with(|builder| {
            let builder = builder.identity(identity).env("AWS_ACCESS_KEY_ID", "own");
            set_up(builder.env("AWS_SECRET_ACCESS_KEY", "own secret"))
        })
        .await;
        harness.proxy.guard(Arc::clone(identity), &Self::key());
        harness
    }

    /// An access key ID that no other test uses.
    pub(crate) fn key() -> String {
        static HARNESSES: AtomicU32 = AtomicU32::new(0);
        format!("harness{}x{}", process::id(), HARNESSES.fetch_add(1, Ordering::Relaxed))
    }

    /// The proxy between the functions and DynamoDB.
    pub(crate) fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    /// Invokes a function with this payload.
    pub(crate) async fn invoke(&self, function: &str, payload: impl Into<Vec<u8>>) -> Invocation {
        let _playing = self.proxy.running(function);
        self.lambda.invoke(function, payload.into()).await.unwrap()
    }

    /// The answer to an event that must succeed.
    pub(crate) async fn ok(&self, function: &str, event: impl ToString) -> Value {
        let event = event.to_string();
        let invocation = self.invoke(function, event.clone()).await;
        if let Some(error) = invocation.error() {
            panic!("{function} {event}\nfailed: {error:?}\n{}", invocation.log);
        }
        let answer = serde_json::from_slice(&invocation.payload).unwrap();
        schemas::check(function, &event, &answer);
        answer
    }

    /// The error for an event that must fail.
    pub(crate) async fn err(&self, function: &str, event: impl ToString) -> FunctionError {
        let event = event.to_string();
        let invocation = self.invoke(function, event.clone()).await;
        let Some(error) = invocation.error() else { panic!("{function} {event}\nsucceeded: {:?}", invocation.payload) };
        assert!(!error.error_message.contains('\n'), "one line: {error:?}");
        error
    }

    /// Checks that an event fails with this type and with a message that contains these parts.
    pub(crate) async fn refuses(&self, function: &str, event: impl ToString, error_type: &str, parts: &[&str]) {
        let event = event.to_string();
        let error = self.err(function, &event).await;
        assert_eq!(error.error_type, error_type, "{function} {event}: {error:?}");
        for part in parts {
            assert!(error.error_message.contains(part), "{function} {event}\nlacks {part:?}: {error:?}");
        }
    }

    /// Creates a table with the hash key `id` (S). If `ranged`, it also has the range key `at` (N) and an index
    /// `byColor`.
    pub(crate) async fn table(&self, name: &str, ranged: bool) {
        let mut event = json!({
            "tableName": name,
            "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "billingMode": "PAY_PER_REQUEST",
            "waitUntilActive": true,
        });
        if ranged {
            event["attributeDefinitions"] = json!([
                {"AttributeName": "color", "AttributeType": "S"},
                {"AttributeName": "at", "AttributeType": "N"},
                {"AttributeName": "id", "AttributeType": "S"},
            ]);
            event["keySchema"] =
                json!([{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}]);
            event["globalSecondaryIndexes"] = json!([{
                "IndexName": "byColor",
                "KeySchema": [{"AttributeName": "color", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }]);
        }
        self.ok("create-table", event).await;
    }

    /// Writes an item in plain JSON.
    pub(crate) async fn put(&self, table: &str, item: Value) {
        self.ok("create-item", json!({"tableName": table, "item": item})).await;
    }
}

/// The engine to test with, if it is not the embedded one.
pub(crate) fn external_engine() -> Option<String> {
    std::env::var("DYNAMODB_ENDPOINT_URL").ok().filter(|url| !url.is_empty())
}
