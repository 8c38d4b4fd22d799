//! The check of signatures.

use std::time::Duration;

use aws_credential_types::Credentials;
use local::{Identity, Operation};
use serde_json::json;

use super::{
    ADA, READER,
    client::{Client, credentials, header_map},
    identity,
};
use crate::http_client::post;

/// The status and the code of the error that each service sends to this client.
async fn refusals(client: &Client, identity: &Identity) -> [(u16, String); 2] {
    let sts = client.caller(identity).await;
    let secret = client.secret(identity, json!({"SecretId": "any"})).await;
    let (status, code) = sts.sts_error();
    [(status, code.to_owned()), secret.json_error()]
}

#[tokio::test]
async fn the_key_determines_the_caller() {
    let identity = identity().await;
    let answer = Client::new("ada", "ada-secret").caller(&identity).await;
    assert_eq!((answer.status, answer.xml("Arn"), answer.xml("Account")), (200, ADA, "123456789012"));
    assert!(answer.xml("UserId").starts_with("AIDA"));
    assert_eq!(answer.header("content-type"), Some("text/xml"), "{answer:?}");
    let calls = identity.take_calls();
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert_eq!((call.operation, call.service()), (Operation::GetCallerIdentity, "sts"));
    assert_eq!((call.access_key_id.as_str(), call.region.as_str(), &call.refused), ("ada", "eu-west-1", &None));
    assert!(identity.take_calls().is_empty());
}

#[tokio::test]
async fn each_service_refuses_an_invalid_signature_with_its_own_code() {
    let identity = identity().await;
    let token = |token: &str| Credentials::new("ada", "ada-secret", Some(token.to_owned()), None, "test");
    let ada = Client::new("ada", "ada-secret");
    let mismatch = [(403, "SignatureDoesNotMatch"), (400, "InvalidSignatureException")];
    let unknown = [(403, "InvalidClientTokenId"), (400, "UnrecognizedClientException")];
    for (why, client, expected) in [
        ("wrong secret", Client::new("ada", "another-secret"), mismatch),
        ("unknown key", Client::new("bob", "ada-secret"), unknown),
        ("a token with the key of a user", Client::with(token("none")), unknown),
        ("another service's signature", Client { service: Some("dynamodb"), ..ada.clone() }, mismatch),
        ("an old signature", Client { ago: Duration::from_mins(6), ..ada.clone() }, mismatch),
        ("a body that was not signed", Client { forged: " ", ..ada.clone() }, mismatch),
    ] {
        let found = refusals(&client, &identity).await;
        assert_eq!(found, expected.map(|(status, code)| (status, code.to_owned())), "{why}");
    }
    identity.forget("ada");
    assert_eq!(refusals(&ada, &identity).await[0].1, "InvalidClientTokenId");
}

#[tokio::test]
async fn a_changed_secret_is_valid_at_once() {
    let identity = identity().await;
    identity.user("ada", "second", ADA);
    assert_eq!(Client::new("ada", "ada-secret").caller(&identity).await.sts_error().1, "SignatureDoesNotMatch");
    assert_eq!(Client::new("ada", "second").caller(&identity).await.status, 200);
}

#[tokio::test]
async fn refuses_a_request_without_a_complete_signature() {
    let identity = identity().await;
    let form = "Action=GetCallerIdentity&Version=2011-06-15";
    for (headers, code) in [
        (vec![], "MissingAuthenticationToken"),
        (vec![("authorization", "Basic x")], "IncompleteSignature"),
        (vec![("authorization", "AWS4-HMAC-SHA256 Credential=ada")], "IncompleteSignature"),
        (vec![("authorization", "AWS4-HMAC-SHA256 Credential=ada/20250101/r/sts/aws4_request")], "IncompleteSignature"),
        (
            vec![
                ("x-amz-date", "1"),
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=ada/1/r/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
                ),
            ],
            "IncompleteSignature",
        ),
    ] {
        let answer = post(identity.url(), "/", &headers, form.as_bytes()).await;
        assert_eq!(answer.sts_error(), (403, code), "{headers:?}");
    }
}

#[tokio::test]
async fn refuses_an_unsigned_aws_header() {
    let identity = identity().await;
    let body = b"{}";
    let mut headers = Client::new("ada", "ada-secret").sign("db", "dynamodb", &[("x-amz-target", "T.Op")], body);
    assert_eq!(identity.signed_by("dynamodb", &header_map(&headers), body).unwrap().arn, ADA);
    headers.push(("x-amz-security".to_owned(), "added".to_owned()));
    let refusal = identity.signed_by("dynamodb", &header_map(&headers), body).unwrap_err();
    assert_eq!((refusal.status, refusal.code.as_str()), (400, "InvalidSignatureException"));
}

#[tokio::test]
async fn finds_the_caller_of_another_service() {
    let identity = identity().await;
    let answer = Client::new("ada", "ada-secret").assume(&identity, READER, &[("ExternalId", "ours")]).await;
    let session = Client::with(credentials(&answer));
    let headers = header_map(&session.sign("db:8000", "dynamodb", &[("x-amz-target", "T.Op")], b"{}"));
    let caller = identity.signed_by("dynamodb", &headers, b"{}").unwrap();
    assert_eq!(caller.arn, "arn:aws:sts::123456789012:assumed-role/reader/one");
    assert_eq!((caller.role_arn.as_deref(), caller.account()), (Some(READER), "123456789012"));
    assert_eq!(identity.signed_by("dynamodb", &headers, b"").unwrap_err().code, "InvalidSignatureException");
    identity.expire_sessions();
    assert_eq!(identity.signed_by("dynamodb", &headers, b"{}").unwrap_err().code, "ExpiredTokenException");
}

#[tokio::test]
async fn refuses_an_unknown_operation() {
    let identity = identity().await;
    let ada = Client::new("ada", "ada-secret");
    let answer = ada.sts(&identity, &[("Action", "GetSessionToken")]).await;
    assert_eq!(answer.sts_error(), (400, "InvalidAction"));
    assert!(identity.take_calls().is_empty());
}
