//! Secrets, and errors that a test asks for.

use local::Operation;
use serde_json::json;

use super::{
    READER,
    client::{Client, credentials},
    identity,
};

fn ada() -> Client {
    Client { region: "us-east-1", ..Client::new("ada", "ada-secret") }
}

#[tokio::test]
async fn a_secret_is_found_by_its_name_and_by_its_arn() {
    let identity = identity().await;
    let arn = identity.secret("team/dynamodb", r#"{"a": "\u00e9<&"}"#);
    let (short, _) = arn.rsplit_once('-').unwrap();
    assert_eq!(short, "arn:aws:secretsmanager:us-east-1:123456789012:secret:team/dynamodb");
    for id in ["team/dynamodb", &arn, short] {
        let answer = ada().secret(&identity, json!({"SecretId": id})).await;
        let value = answer.json();
        assert_eq!((answer.status, &value["SecretString"]), (200, &json!(r#"{"a": "\u00e9<&"}"#)), "{id}");
        assert_eq!((&value["ARN"], &value["Name"]), (&json!(arn), &json!("team/dynamodb")));
        assert_eq!(value["VersionStages"], json!(["AWSCURRENT"]));
    }
    assert_eq!(identity.take_calls()[1].secret_id, Some(arn));
}

#[tokio::test]
async fn a_rotated_secret_keeps_its_arn() {
    let identity = identity().await;
    let arn = identity.secret("s", "first");
    let first = ada().secret(&identity, json!({"SecretId": "s"})).await.json();
    assert_eq!(identity.secret("s", "second"), arn);
    let second = ada().secret(&identity, json!({"SecretId": "s", "VersionStage": "AWSCURRENT"})).await.json();
    assert_eq!((&first["SecretString"], &second["SecretString"]), (&json!("first"), &json!("second")));
    assert_ne!(first["VersionId"], second["VersionId"]);
}

#[tokio::test]
async fn a_secret_is_found_only_in_its_own_region_account_and_version() {
    let identity = identity().await;
    let arn = identity.secret_in("cn-north-1", "s", "text");
    assert!(arn.starts_with("arn:aws-cn:secretsmanager:cn-north-1:"), "{arn}");
    identity.secret("here", "text");
    identity.user("eve", "eve-secret", "arn:aws:iam::210987654321:user/eve");
    let eve = Client { region: "us-east-1", ..Client::new("eve", "eve-secret") };
    let not_found = "ResourceNotFoundException";
    for (client, inputs, code) in [
        (ada(), json!({"SecretId": "s"}), not_found),
        (ada(), json!({"SecretId": arn}), not_found),
        (ada(), json!({"SecretId": "nowhere"}), not_found),
        (ada(), json!({"SecretId": "here", "VersionStage": "AWSPREVIOUS"}), not_found),
        (ada(), json!({"SecretId": "here", "VersionId": "x"}), not_found),
        (ada(), json!({}), "ValidationException"),
        (ada(), json!({"SecretId": 1}), "SerializationException"),
        (eve, json!({"SecretId": "here"}), "AccessDeniedException"),
    ] {
        let answer = client.secret(&identity, inputs.clone()).await;
        assert_eq!(answer.json_error(), (400, code.to_owned()), "{inputs}");
    }
    let there = Client { region: "cn-north-1", ..ada() };
    assert_eq!(there.secret(&identity, json!({"SecretId": "s"})).await.status, 200);
}

#[tokio::test]
async fn a_session_can_read_a_secret() {
    let identity = identity().await;
    identity.secret("s", "text");
    let session = credentials(&ada().assume(&identity, READER, &[("ExternalId", "ours")]).await);
    let session = Client { region: "us-east-1", ..Client::with(session) };
    assert_eq!(session.secret(&identity, json!({"SecretId": "s"})).await.status, 200);
}

#[tokio::test]
async fn an_operation_fails_as_often_as_a_test_asks_for() {
    let identity = identity().await;
    identity.secret("s", "text");
    identity.fail_next(Operation::GetSecretValue, "ThrottlingException", 2);
    identity.fail_next(Operation::GetSecretValue, "InternalServiceError", 1);
    identity.fail_next(Operation::GetCallerIdentity, "Throttling", 1);
    for expected in
        [Some((400, "ThrottlingException")), Some((400, "ThrottlingException")), Some((500, "InternalServiceError"))]
    {
        let answer = ada().secret(&identity, json!({"SecretId": "s"})).await;
        assert_eq!(Some(answer.json_error()), expected.map(|(status, code)| (status, code.to_owned())));
    }
    assert_eq!(ada().secret(&identity, json!({"SecretId": "s"})).await.status, 200);
    assert_eq!(ada().caller(&identity).await.sts_error(), (400, "Throttling"));
    assert_eq!(ada().caller(&identity).await.status, 200);
    let refused: Vec<_> = identity.take_calls().into_iter().filter_map(|call| call.refused).collect();
    assert_eq!(refused, ["ThrottlingException", "ThrottlingException", "InternalServiceError", "Throttling"]);
}
