//! The identity that signs a request, and the region that the request goes to.

use serde_json::json;

use crate::harness::{Harness, external_engine};

/// The credential scope of a signature: key id, date, region, service.
fn scope(harness: &Harness) -> Vec<String> {
    let seen = harness.proxy().take_seen();
    let authorization = seen.last().unwrap().headers["authorization"].to_str().unwrap().to_owned();
    let (_, scope) = authorization.split_once("Credential=").unwrap();
    scope.split([',', '/']).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_events_credentials_sign_the_request() {
    let harness = Harness::new().await;
    for connection in [
        json!({"accessKeyId": "givenKey", "secretAccessKey": "local"}),
        json!({"type": "accessKey", "accessKeyId": "givenKey", "secretAccessKey": "local"}),
        json!({"key": "apiKeySecret", "fields": {"accessKeyId": "givenKey", "secretAccessKey": "local"}}),
        json!(r#"{"accessKeyId": "givenKey", "secretAccessKey": "local"}"#),
    ] {
        for name in ["connection", "awsConnection"] {
            harness.ok("list-tables", json!({name: connection, "awsRegion": "eu-west-1"})).await;
            let scope = scope(&harness);
            assert_eq!(
                (scope[0].as_str(), scope[2].as_str(), scope[3].as_str()),
                ("givenKey", "eu-west-1", "dynamodb")
            );
        }
    }
}

#[tokio::test]
async fn sends_the_session_token() {
    let harness = Harness::new().await;
    let connection = json!({"accessKeyId": "givenKey", "secretAccessKey": "local", "sessionToken": "localToken"});
    harness.ok("list-tables", json!({"connection": connection})).await;
    assert_eq!(harness.proxy().take_seen()[0].headers["x-amz-security-token"], "localToken");
}

#[tokio::test]
async fn without_a_connection_the_functions_own_role_signs() {
    let harness = Harness::with(|builder| builder.env("AWS_ACCESS_KEY_ID", "ownKey").region("ap-south-1")).await;
    for event in [json!({}), json!({"connection": {}}), json!({"connection": null, "region": ""})] {
        harness.ok("list-tables", event).await;
        let scope = scope(&harness);
        assert_eq!((scope[0].as_str(), scope[2].as_str()), ("ownKey", "ap-south-1"));
    }
}

#[tokio::test]
async fn rejects_an_invalid_connection_without_showing_its_values() {
    let harness = Harness::new().await;
    for (connection, message) in [
        (json!({"accessKeyId": "marked"}), "`connection.secretAccessKey`: required input is missing"),
        (json!({"secretAccessKey": "marked"}), "`connection.accessKeyId`: required input is missing"),
        (
            json!({"accessKeyId": "marked", "secretAccessKey": "marked", "password": "marked"}),
            "`connection.password`: this kind of connection has no such input",
        ),
        (json!({"type": "marked"}), "`connection`: `type` is not one of"),
        (json!("marked"), "`connection`: an object such as"),
        (
            json!({"accessKeyId": ["marked"], "secretAccessKey": "marked"}),
            "`connection.accessKeyId`: a string is expected",
        ),
    ] {
        let invocation = harness.invoke("list-tables", json!({"connection": connection}).to_string()).await;
        let error = invocation.error().unwrap();
        assert_eq!(error.error_type, "InvalidConnection", "{connection}");
        assert!(error.error_message.starts_with(message), "{connection}: {error:?}");
        assert!(!format!("{error:?} {}", invocation.log).contains("marked"), "{connection}: {}", invocation.log);
    }
    assert!(harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn key_schemas_are_remembered_for_one_identity_and_region_only() {
    // DynamoDB Local gives every key its own database. The embedded engine has one database for all keys.
    if external_engine().is_some() {
        return;
    }
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let connections = [
        json!(null),
        json!({"accessKeyId": "one", "secretAccessKey": "secret"}),
        json!({"accessKeyId": "one", "secretAccessKey": "other"}),
        json!({"accessKeyId": "one", "secretAccessKey": "secret", "sessionToken": "token"}),
    ];
    for _ in 0..2 {
        for connection in &connections {
            for region in ["us-east-1", "eu-west-1"] {
                let event =
                    json!({"tableName": "Tab", "hashKeyValue": "a", "connection": connection, "awsRegion": region});
                harness.ok("get-item", event).await;
            }
        }
    }
    let operations = harness.proxy().take_operations();
    assert_eq!(operations.iter().filter(|operation| *operation == "DescribeTable").count(), 8);
    assert_eq!(operations.iter().filter(|operation| *operation == "GetItem").count(), 16);
}

#[tokio::test]
async fn a_function_without_credentials_says_so() {
    let harness = Harness::with(|builder| builder.env("AWS_ACCESS_KEY_ID", "").env("AWS_SECRET_ACCESS_KEY", "")).await;
    let parts = ["no `connection` is given, and the function has no credentials of its own"];
    harness.refuses("list-tables", "{}", "InvalidConnection", &parts).await;
}
