//! Roles and their sessions.

use std::time::{Duration, SystemTime};

use aws_smithy_types::{DateTime, date_time::Format};
use local::{Identity, Operation, Role};
use serde_json::json;

use super::{
    ADA, READER,
    client::{Client, credentials},
    identity,
};

const OURS: (&str, &str) = ("ExternalId", "ours");

fn ada() -> Client {
    Client::new("ada", "ada-secret")
}

#[tokio::test]
async fn a_session_has_credentials_of_its_own() {
    let identity = identity().await;
    let before = SystemTime::now();
    let answer = ada().assume(&identity, READER, &[OURS, ("DurationSeconds", "900")]).await;
    let session = credentials(&answer);
    let arn = "arn:aws:sts::123456789012:assumed-role/reader/one";
    assert!(session.access_key_id().starts_with("ASIA"));
    assert!(session.access_key_id().bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(answer.xml("Arn"), arn);

    let told = DateTime::from_str(answer.xml("Expiration"), Format::DateTime).unwrap();
    let state = identity.session(session.access_key_id(), session.session_token().unwrap()).unwrap();
    assert_eq!(SystemTime::try_from(told).unwrap(), state.expiration);
    // The expiration is rounded down to the millisecond.
    let [earliest, latest] = [before, SystemTime::now()].map(|time| time + Duration::from_mins(15));
    assert!((earliest - Duration::from_millis(1)..=latest).contains(&state.expiration), "{state:?}");
    assert_eq!((state.arn.as_str(), state.role_arn.as_str(), state.assumed_by.as_str()), (arn, READER, "ada"));
    assert!(state.is_live);
    assert_eq!(identity.session(session.access_key_id(), "another"), None);

    let caller = Client::with(session).caller(&identity).await;
    assert_eq!((caller.xml("Arn"), caller.xml("UserId")), (arn, answer.xml("AssumedRoleId")));
}

#[tokio::test]
async fn refuses_a_caller_that_the_role_does_not_trust() {
    let identity = identity().await;
    identity.user("bob", "bob-secret", "arn:aws:iam::123456789012:user/bob");
    let bob = Client::new("bob", "bob-secret");
    for (client, role, with) in [
        (ada(), READER, vec![]),
        (ada(), READER, vec![("ExternalId", "theirs")]),
        (bob, READER, vec![OURS]),
        (ada(), "arn:aws:iam::123456789012:role/nobody", vec![OURS]),
    ] {
        let answer = client.assume(&identity, role, &with).await;
        assert_eq!(answer.sts_error(), (403, "AccessDenied"), "{role} {with:?}");
        assert!(answer.xml("Message").contains(&format!("sts:AssumeRole on resource: {role}")), "{answer:?}");
    }
    assert!(identity.take_calls().iter().all(|call| call.refused.as_deref() == Some("AccessDenied")));
}

#[tokio::test]
async fn a_role_trusts_a_key_or_an_arn_or_another_role() {
    const WRITER: &str = "arn:aws:iam::210987654321:role/writer";
    let identity = identity().await;
    identity.role(Role::new(WRITER, [READER]));
    assert_eq!(ada().assume(&identity, WRITER, &[]).await.sts_error().1, "AccessDenied");
    let reader = Client::with(credentials(&ada().assume(&identity, READER, &[OURS]).await));
    // A role without an external ID accepts any.
    let writer = Client::with(credentials(&reader.assume(&identity, WRITER, &[("ExternalId", "any")]).await));
    let caller = writer.caller(&identity).await;
    assert_eq!(caller.xml("Arn"), "arn:aws:sts::210987654321:assumed-role/writer/one");
    assert_eq!(caller.xml("Account"), "210987654321");
    identity.role(Role::new(WRITER, [ADA]));
    assert_eq!(ada().assume(&identity, WRITER, &[]).await.status, 200);
}

#[tokio::test]
async fn refuses_a_session_longer_than_the_role_allows() {
    let identity = identity().await;
    let long = [OURS, ("DurationSeconds", "7200")];
    assert_eq!(ada().assume(&identity, READER, &long).await.sts_error(), (400, "ValidationError"));
    let role = |trusted: &str| Role::new(READER, [trusted]).max_session(Duration::from_hours(12));
    identity.role(role("ada"));
    let session = Client::with(credentials(&ada().assume(&identity, READER, &long).await));
    identity.role(role(READER));
    let chained = session.assume(&identity, READER, &long).await;
    assert_eq!(chained.sts_error(), (400, "ValidationError"));
    assert!(chained.xml("Message").contains("role chaining"), "{chained:?}");
}

#[tokio::test]
async fn a_test_sets_how_long_sessions_last() {
    let identity = identity().await;
    identity.session_lifetime(Duration::ZERO);
    let ended = credentials(&ada().assume(&identity, READER, &[OURS, ("DurationSeconds", "3600")]).await);
    assert_expired(&Client::with(ended.clone()), &identity).await;
    assert!(!identity.session(ended.access_key_id(), ended.session_token().unwrap()).unwrap().is_live);

    identity.session_lifetime(Duration::from_hours(1));
    let live = Client::with(credentials(&ada().assume(&identity, READER, &[OURS]).await));
    assert_eq!(live.caller(&identity).await.status, 200);
    identity.expire_sessions();
    assert_expired(&live, &identity).await;
}

async fn assert_expired(client: &Client, identity: &Identity) {
    assert_eq!(client.caller(identity).await.sts_error(), (403, "ExpiredToken"));
    let secret = client.secret(identity, json!({"SecretId": "any"})).await;
    assert_eq!(secret.json_error(), (400, "ExpiredTokenException".to_owned()));
}

#[tokio::test]
async fn refuses_the_key_of_a_session_without_its_token() {
    let identity = identity().await;
    let [one, two] = [ada().assume(&identity, READER, &[OURS]).await, ada().assume(&identity, READER, &[OURS]).await];
    let (one, two) = (credentials(&one), credentials(&two));
    for token in [None, Some("none".to_owned()), two.session_token().map(str::to_owned)] {
        let mixed =
            aws_credential_types::Credentials::new(one.access_key_id(), one.secret_access_key(), token, None, "test");
        let answer = Client::with(mixed).caller(&identity).await;
        assert_eq!(answer.sts_error(), (403, "InvalidClientTokenId"));
    }
}

#[tokio::test]
async fn recorded_calls_print_no_secrets() {
    let identity = identity().await;
    ada().assume(&identity, READER, &[("ExternalId", "marked"), ("DurationSeconds", "900")]).await;
    let calls = identity.take_calls();
    let call = &calls[0];
    assert_eq!((call.operation, call.role_arn.as_deref()), (Operation::AssumeRole, Some(READER)));
    assert_eq!((call.session_name.as_deref(), call.duration.as_deref()), (Some("one"), Some("900")));
    assert_eq!(call.external_id.as_deref(), Some("marked"));
    let role = Role::new(READER, ["ada"]).external_id("marked");
    let printed = format!("{calls:?} {role:?} {identity:?}");
    assert!(!printed.contains("marked") && !printed.contains("ada-secret"), "{printed}");
}
