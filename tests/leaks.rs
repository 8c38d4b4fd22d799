//! No log line, answer or error contains a secret. The tests run every function with every kind of connection and every
//! kind of failure, at log level TRACE.

use std::{sync::Arc, time::Duration};

use local::{Identity, Invocation, Operation, Role};
use serde_json::{Value, json};

use crate::harness::{FUNCTIONS, Harness, proxy::Canned};

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

/// A part of every secret in these tests.
const MARK: &str = "MARKED";

/// One connection of each kind, each with secrets. (The ID of the unknown key is not a secret.)
fn connections() -> Vec<Value> {
    let secret = |of: &str| format!("{of} {MARK}");
    let pair = json!({"accessKeyId": "ada", "secretAccessKey": secret("ada")});
    let role = json!({
        "roleArn": ROLE, "externalId": secret("ours"), "accessKeyId": "ada", "secretAccessKey": secret("ada"),
    });
    let mut wrong_role = role.clone();
    wrong_role["externalId"] = secret("others").into();
    let mut token = pair.clone();
    token["sessionToken"] = secret("token").into();
    vec![
        pair,
        token,
        json!({"accessKeyId": "nobody", "secretAccessKey": secret("nobody")}),
        json!({"key": "apiKeySecret", "fields": {"accessKeyId": "ada", "secretAccessKey": secret("wrong")}}),
        role,
        wrong_role,
        json!({"roleArn": ROLE, "externalId": secret("ours")}),
        json!({"secretId": "good"}),
        json!({"secretId": "bad"}),
        json!({"secretId": "none"}),
        json!({"secretAccessKey": secret("half")}),
        json!({"accessKeyId": "ada", "secretAccessKey": secret("ada"), "externalId": secret("ours")}),
        json!({"secretId": {"secretAccessKey": secret("odd")}}),
        json!(secret("text")),
    ]
}

/// A valid event for each function.
fn event(function: &str) -> Value {
    match function {
        "create-table" => json!({
            "tableName": "New", "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        }),
        "list-tables" | "select-region" | "select-table" | "test-connection" => json!({}),
        "describe-table" | "update-table" | "delete-table" => json!({"tableName": "nowhere"}),
        "create-item" => json!({"tableName": "Tab", "item": {"id": "a"}, "conditionExpression": "attribute_exists(x)"}),
        "get-item" | "delete-item" => json!({"tableName": "Tab", "hashKeyValue": "a"}),
        "update-item" => json!({"tableName": "Tab", "hashKeyValue": "a", "set": {"n": 1}}),
        "query-items" => json!({
            "tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "a"},
        }),
        "scan-items" => json!({"tableName": "Tab", "segments": 2}),
        "batch-get-items" => json!({"tableName": "Tab", "keys": ["a"]}),
        "batch-write-items" => json!({"tableName": "Tab", "put": [{"id": "a"}]}),
        "raw-request" => json!({"statement": "nonsense"}),
        "transact-write-items" => json!({"actions": [
            {"check": {"tableName": "Tab", "hashKeyValue": "a", "conditionExpression": "attribute_exists(x)"}},
        ]}),
        "transact-get-items" => json!({"gets": [{"tableName": "Tab", "hashKeyValue": "a"}]}),
        "batch-statements" => json!({"statements": [{"statement": "nonsense"}]}),
        "plain-records" => json!({"records": []}),
        other => panic!("no event for {other}"),
    }
}

fn check(function: &str, connection: &Value, invocation: &Invocation) {
    let said = format!("{}\n{}", String::from_utf8_lossy(&invocation.payload), invocation.log);
    assert!(!said.contains(MARK), "{function} {connection}\n{said}");
}

async fn harness() -> (Harness, Arc<Identity>) {
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.user("ada", format!("ada {MARK}"), "arn:aws:iam::123456789012:user/ada");
    identity.role(Role::new(ROLE, ["own", "ada"]).external_id(format!("ours {MARK}")));
    identity.secret("good", json!({"accessKeyId": "ada", "secretAccessKey": format!("ada {MARK}")}).to_string());
    identity.secret("bad", format!("{{\"accessKeyId\": \"ada\", \"password\": \"{MARK}\""));
    let harness = Harness::guarded(&identity, |builder| {
        let builder = builder.env("AWS_LAMBDA_LOG_LEVEL", "TRACE").env("RUST_LOG", "trace").env("RUST_BACKTRACE", "1");
        builder.env("AWS_MAX_ATTEMPTS", "1").timeout(Duration::from_secs(5))
    })
    .await;
    harness.table("Tab", false).await;
    (harness, identity)
}

#[tokio::test]
async fn no_secret_is_shown_when_a_service_refuses() {
    let (harness, identity) = harness().await;
    for (function, _) in FUNCTIONS {
        for connection in connections() {
            let mut event = event(function);
            event["connection"] = connection.clone();
            check(function, &connection, &harness.invoke(function, event.to_string()).await);
        }
    }
    // STS or Secrets Manager fails for another reason.
    for operation in [Operation::AssumeRole, Operation::GetSecretValue, Operation::GetCallerIdentity] {
        identity.fail_next(operation, "InternalFailure", 1);
        for function in ["get-item", "test-connection"] {
            for connection in connections() {
                let mut event = event(function);
                event["connection"] = connection.clone();
                check(function, &connection, &harness.invoke(function, event.to_string()).await);
            }
        }
    }
}

#[tokio::test]
async fn no_secret_is_shown_when_a_call_fails() {
    let (harness, _identity) = harness().await;
    let faults = [
        ("PutItem", Canned::error(400, "ThrottlingException")),
        ("PutItem", Canned::error(400, "ExpiredTokenException")),
        ("PutItem", Canned::WrongChecksum),
        ("PutItem", Canned::CutOff),
        ("PutItem", Canned::Answer(200, "[".into())),
        ("PutItem", Canned::Answer(502, "<html>".into())),
    ];
    for connection in connections() {
        for (operation, fault) in &faults {
            harness.proxy().next(operation, fault.clone());
            let mut event = json!({"tableName": "Tab", "item": {"id": "a"}});
            event["connection"] = connection.clone();
            check("create-item", &connection, &harness.invoke("create-item", event.to_string()).await);
        }
    }
    harness.proxy().next("PutItem", Canned::Silence);
    let connection = &connections()[0];
    let event = json!({"tableName": "Tab", "item": {"id": "a"}, "connection": connection});
    let invocation = harness.invoke("create-item", event.to_string()).await;
    check("create-item", connection, &invocation);
    // Payloads that cannot be read and that contain a secret.
    for payload in [
        format!(r#"{{"connection": {{"secretAccessKey": "{MARK}"}}, "connection": 1}}"#),
        format!(r#"{{"connection": {{"secretAccessKey": "{MARK}", "secretAccessKey": "{MARK}"}}}}"#),
        format!(r#"{{"connection": {{"secretAccessKey": "{MARK}"}}"#),
        format!(r#"{{"connection": "{{\"secretAccessKey\": \"{MARK}\""}}"#),
        format!(r#"{{"connection": ["{MARK}"]}}"#),
        format!(r#"{{"awsConnection": "{MARK}", "connection": "{MARK}"}}"#),
    ] {
        for function in ["get-item", "select-region"] {
            check(function, &json!(payload), &harness.invoke(function, payload.clone()).await);
        }
    }
}
