//! Roles and secrets: each identity signs as itself, is kept while it lasts, and never meets another.
//!
//! STS, Secrets Manager and what stands in front of DynamoDB check every signature.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use local::{Identity, Operation, Role};
use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned, wire::Wire};

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

/// The users `own` (the functions) and `ada`; the role `reader`, which both may assume with the external ID `ours`.
pub(crate) async fn harness() -> (Harness, Arc<Identity>) {
    harness_with(Identity::start().await.unwrap(), |builder| builder).await
}

async fn harness_with(
    identity: Identity,
    set_up: impl FnOnce(local::Builder) -> local::Builder,
) -> (Harness, Arc<Identity>) {
    let identity = Arc::new(identity);
    identity.user("ada", "ada secret", "arn:aws:iam::123456789012:user/ada");
    identity.role(Role::new(ROLE, ["own", "ada"]).external_id("ours"));
    let harness = Harness::guarded(&identity, set_up).await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a"})).await;
    harness.proxy().take_seen();
    (harness, identity)
}

/// As [`harness`], with a wire before DynamoDB.
pub(crate) async fn guarded_with(
    set_up: impl FnOnce(local::Builder) -> local::Builder,
    wire: &Wire,
) -> (Harness, Arc<Identity>) {
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.user("ada", "ada secret", "arn:aws:iam::123456789012:user/ada");
    identity.role(Role::new(ROLE, ["own", "ada"]).external_id("ours"));
    let harness = Harness::guarded(&identity, set_up).await;
    wire.before(harness.proxy().url());
    harness.table("Tab", false).await;
    (harness, identity)
}

pub(crate) fn ada() -> Value {
    json!({"accessKeyId": "ada", "secretAccessKey": "ada secret"})
}

pub(crate) fn role() -> Value {
    json!({"roleArn": ROLE, "externalId": "ours"})
}

fn role_by_ada() -> Value {
    json!({"roleArn": ROLE, "externalId": "ours", "accessKeyId": "ada", "secretAccessKey": "ada secret"})
}

fn get(connection: &Value) -> Value {
    json!({"tableName": "Tab", "hashKeyValue": "a", "connection": connection})
}

/// Who signed the last request.
fn signer(harness: &Harness) -> String {
    let seen = harness.proxy().take_seen();
    seen.last().unwrap().signed_by.clone().unwrap().unwrap().arn
}

fn count(identity: &Identity, operation: Operation) -> usize {
    identity.take_calls().iter().filter(|call| call.operation == operation).count()
}

fn operations(harness: &Harness) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for operation in harness.proxy().take_operations() {
        *counts.entry(operation).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn each_kind_of_connection_signs_as_itself() {
    let (harness, identity) = harness().await;
    identity.secret("pair", ada().to_string());
    identity
        .secret("role", json!({"key": "awsAssumeRole", "fields": {"roleARN": ROLE, "externalId": "ours"}}).to_string());
    let session = "arn:aws:sts::123456789012:assumed-role/reader/dynamodb-component";
    for (connection, arn) in [
        (json!(null), "arn:aws:iam::123456789012:user/own"),
        (ada(), "arn:aws:iam::123456789012:user/ada"),
        (role(), session),
        (role_by_ada(), session),
        (json!({"secretId": "pair"}), "arn:aws:iam::123456789012:user/ada"),
        (json!({"secretId": "role"}), session),
        (
            json!({"roleArn": ROLE, "externalId": "ours", "sessionName": "nightly"}),
            "arn:aws:sts::123456789012:assumed-role/reader/nightly",
        ),
    ] {
        assert_eq!(harness.ok("get-item", get(&connection)).await["data"]["found"], true, "{connection}");
        assert_eq!(signer(&harness), arn, "{connection}");
    }
}

#[tokio::test]
async fn the_given_keys_sign_the_call_to_sts_in_the_actions_region() {
    let (harness, identity) = harness().await;
    let mut connection = role_by_ada();
    connection["durationSeconds"] = "1800".into();
    let event = json!({"tableName": "Tab", "key": {"id": "a"}, "connection": connection, "awsRegion": "eu-west-1"});
    harness.invoke("get-item", event.to_string()).await;
    let calls = identity.take_calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let call = &calls[0];
    assert_eq!(
        (call.operation, call.access_key_id.as_str(), call.region.as_str()),
        (Operation::AssumeRole, "ada", "eu-west-1")
    );
    assert_eq!(call.external_id.as_deref(), Some("ours"));
    assert_eq!(call.session_name.as_deref(), Some("dynamodb-component"));
    assert_eq!(call.duration.as_deref(), Some("1800"));
}

#[tokio::test]
async fn a_hundred_calls_make_one_assume_role_and_one_look_up() {
    let (harness, identity) = harness().await;
    for _ in 0..100 {
        harness.ok("get-item", get(&role())).await;
    }
    assert_eq!(count(&identity, Operation::AssumeRole), 1);
    let operations = operations(&harness);
    assert_eq!((operations["DescribeTable"], operations["GetItem"]), (1, 100));
}

#[tokio::test]
async fn fifty_identities_interleaved_are_kept_apart() {
    let (harness, identity) = harness().await;
    for _ in 0..4 {
        for number in 0..50 {
            let name = format!("session-{number}");
            let mut connection = role();
            connection["sessionName"] = name.clone().into();
            harness.ok("get-item", get(&connection)).await;
            let seen = harness.proxy().take_seen();
            let arn = seen.last().unwrap().signed_by.clone().unwrap().unwrap().arn;
            assert!(arn.ends_with(&format!("/{name}")), "{arn}");
            assert_eq!(seen.len(), if identity.take_calls().is_empty() { 1 } else { 2 });
        }
    }
}

#[tokio::test]
async fn nothing_is_shared_between_identities_that_differ_in_one_input() {
    let (harness, identity) = harness().await;
    let mut wrong_secret = ada();
    wrong_secret["secretAccessKey"] = "other secret".into();
    let mut wrong_external_id = role_by_ada();
    wrong_external_id["externalId"] = "others".into();
    let mut other_session = role_by_ada();
    other_session["sessionName"] = "other".into();
    for _ in 0..3 {
        harness.ok("get-item", get(&ada())).await;
        let parts = ["DynamoDB"];
        harness.refuses("get-item", get(&wrong_secret), "InvalidSignatureException", &parts).await;
        harness.ok("get-item", get(&role_by_ada())).await;
        harness.refuses("get-item", get(&wrong_external_id), "AccessDenied", &["STS AssumeRole"]).await;
        harness.ok("get-item", get(&other_session)).await;
        assert!(signer(&harness).ends_with("/other"));
        harness.ok("get-item", get(&json!(null))).await;
        assert!(signer(&harness).ends_with("/own"));
    }
    let calls = identity.take_calls();
    let assumed = calls.iter().filter(|call| call.refused.is_none()).count();
    assert_eq!(assumed, 2, "once for each of the two sessions: {calls:?}");
}

#[tokio::test]
async fn a_refused_step_is_named_with_the_services_code() {
    let (harness, identity) = harness().await;
    identity.user("stranger", "stranger secret", "arn:aws:iam::123456789012:user/stranger");
    let with = |id: &str, secret: &str, role: &str| json!({"accessKeyId": id, "secretAccessKey": secret, "roleArn": role, "externalId": "ours"});
    for (connection, code, step) in [
        (
            json!({"accessKeyId": "nobody", "secretAccessKey": "x"}),
            "UnrecognizedClientException",
            "DynamoDB DescribeTable",
        ),
        (json!({"accessKeyId": "ada", "secretAccessKey": "x"}), "InvalidSignatureException", "DynamoDB DescribeTable"),
        (
            json!({"accessKeyId": "ada", "secretAccessKey": "ada secret", "sessionToken": "x"}),
            "UnrecognizedClientException",
            "DynamoDB DescribeTable",
        ),
        (with("ada", "x", ROLE), "SignatureDoesNotMatch", "STS AssumeRole"),
        (with("nobody", "x", ROLE), "InvalidClientTokenId", "STS AssumeRole"),
        (with("stranger", "stranger secret", ROLE), "AccessDenied", "STS AssumeRole"),
        (with("ada", "ada secret", "arn:aws:iam::123456789012:role/none"), "AccessDenied", "STS AssumeRole"),
        (json!({"roleArn": ROLE}), "AccessDenied", "STS AssumeRole"),
        (json!({"secretId": "none"}), "ResourceNotFoundException", "Secrets Manager GetSecretValue"),
    ] {
        harness.refuses("get-item", get(&connection), code, &[step, "region us-east-1"]).await;
    }
}

#[tokio::test]
async fn a_role_of_another_partition_is_refused_before_any_call() {
    let (harness, identity) = harness().await;
    for (arn, region, message) in [
        (
            "arn:aws-cn:iam::123456789012:role/reader",
            "us-east-1",
            "the role is in the partition `aws-cn`, the region us-east-1 in `aws`",
        ),
        (
            "arn:aws:iam::123456789012:role/reader",
            "us-gov-west-1",
            "the role is in the partition `aws`, the region us-gov-west-1 in `aws-us-gov`",
        ),
    ] {
        let event =
            json!({"tableName": "Tab", "hashKeyValue": "a", "connection": {"roleArn": arn}, "awsRegion": region});
        harness.refuses("get-item", event, "InvalidConnection", &[message]).await;
    }
    assert!(identity.take_calls().is_empty());
}

#[tokio::test]
async fn expired_credentials_are_renewed_and_the_call_tried_again_once() {
    let (harness, identity) = harness().await;
    harness.ok("get-item", get(&role())).await;
    identity.expire_sessions();
    let answer = harness.ok("get-item", get(&role())).await;
    assert_eq!(answer["data"]["result"]["$metadata"]["attempts"], 2);
    assert_eq!(count(&identity, Operation::AssumeRole), 2);
    // Where renewing does not help, it is not done again and again.
    harness.proxy().take_seen();
    for _ in 0..3 {
        harness.proxy().next("GetItem", Canned::error(400, "ExpiredTokenException"));
    }
    harness.refuses("get-item", get(&role()), "ExpiredTokenException", &["DynamoDB GetItem"]).await;
    assert_eq!(harness.proxy().take_operations(), ["GetItem", "GetItem"]);
    assert_eq!(count(&identity, Operation::AssumeRole), 1);
}

/// Credentials that live six seconds, and calls without a pause until they were renewed twice.
#[tokio::test]
async fn no_call_fails_while_credentials_expire_under_load() {
    let identity = Identity::start().await.unwrap();
    identity.session_lifetime(Duration::from_secs(6));
    let (harness, identity) = harness_with(identity, |builder| builder).await;
    let mut renewals = 0;
    for _ in 0..100_000 {
        let answer =
            harness.ok("get-item", json!({"tableName": "Tab", "key": {"id": "a"}, "connection": role()})).await;
        assert_eq!(answer["data"]["result"]["$metadata"]["attempts"], 1, "none was signed by expired credentials");
        renewals += identity.take_calls().len();
        if renewals == 3 {
            break;
        }
    }
    assert_eq!(renewals, 3);
    assert!(harness.proxy().take_seen().iter().all(|seen| seen.signed_by.as_ref().unwrap().is_ok()));
}

#[tokio::test]
async fn a_rotated_secret_is_noticed_at_once_when_the_old_one_is_refused() {
    let (harness, identity) = harness().await;
    identity.secret("pair", ada().to_string());
    let connection = json!({"secretId": "pair"});
    for _ in 0..5 {
        harness.ok("get-item", get(&connection)).await;
    }
    assert_eq!(count(&identity, Operation::GetSecretValue), 1);
    identity.user("ada", "new secret", "arn:aws:iam::123456789012:user/ada");
    identity.secret("pair", json!({"accessKeyId": "ada", "secretAccessKey": "new secret"}).to_string());
    let answer = harness.ok("get-item", get(&connection)).await;
    assert_eq!(answer["data"]["result"]["$metadata"]["attempts"], 2);
    // From a key pair to a role.
    identity.secret("pair", role().to_string());
    identity.forget("ada");
    harness.ok("get-item", get(&connection)).await;
    assert!(signer(&harness).contains(":assumed-role/reader/"));
}

#[tokio::test]
async fn a_secrets_text_is_kept_as_long_as_the_environment_says() {
    let identity = Identity::start().await.unwrap();
    let (harness, identity) = harness_with(identity, |builder| builder.env("SECRET_TTL_SECONDS", "0")).await;
    identity.user("ben", "ben secret", "arn:aws:iam::123456789012:user/ben");
    identity.secret("pair", ada().to_string());
    harness.ok("get-item", get(&json!({"secretId": "pair"}))).await;
    assert!(signer(&harness).ends_with("/ada"));
    identity.secret("pair", json!({"accessKeyId": "ben", "secretAccessKey": "ben secret"}).to_string());
    harness.ok("get-item", get(&json!({"secretId": "pair"}))).await;
    assert!(signer(&harness).ends_with("/ben"));
}

#[tokio::test]
async fn a_secret_that_makes_no_identity_is_refused_without_showing_it() {
    let (harness, identity) = harness().await;
    for (text, message) in [
        ("marked", "the secret behind `connection.secretId` is not JSON"),
        ("{}", "the secret behind `connection.secretId` holds neither an access key pair nor a role"),
        (r#"{"secretId": "marked"}"#, "the secret behind `connection.secretId` names another secret"),
        (r#"{"accessKeyId": "marked"}"#, "`secret.secretAccessKey`: required input is missing"),
        (
            r#"{"username": "marked", "password": "marked"}"#,
            "`secret.username`: this kind of connection has no such input",
        ),
        (r#"["marked"]"#, "`secret`: an object such as"),
        (r#"{"roleArn": "arn:aws-cn:iam::123456789012:role/marked"}"#, "the role is in the partition `aws-cn`"),
    ] {
        identity.secret("odd", text);
        let error = harness.err("get-item", get(&json!({"secretId": "odd"}))).await;
        assert_eq!(error.error_type, "InvalidConnection", "{text}: {error:?}");
        assert!(error.error_message.contains(message), "{text}: {error:?}");
        assert!(!error.error_message.contains("marked"), "{error:?}");
    }
}

#[tokio::test]
async fn a_secret_is_read_where_it_is() {
    let (harness, identity) = harness().await;
    let arn = identity.secret_in("eu-west-1", "far", ada().to_string());
    for connection in [json!({"secretId": "far", "secretRegion": "eu-west-1"}), json!({"secretId": arn})] {
        harness.ok("get-item", get(&connection)).await;
        let calls = identity.take_calls();
        assert_eq!((calls[0].region.as_str(), calls[0].access_key_id.as_str()), ("eu-west-1", "own"));
    }
}

#[tokio::test]
async fn the_environment_narrows_what_an_event_may_ask_for() {
    let (harness, identity) = harness_with(Identity::start().await.unwrap(), |builder| {
        builder.env("ALLOWED_CONNECTIONS", "own, role").env("ALLOWED_REGIONS", "us-east-1,eu-west-1")
    })
    .await;
    identity.secret("pair", ada().to_string());
    for connection in [json!(null), role()] {
        harness.ok("get-item", get(&connection)).await;
    }
    let _ = identity.take_calls();
    harness.proxy().take_seen();
    for connection in [ada(), json!({"secretId": "pair"})] {
        let parts = ["not allowed here: ALLOWED_CONNECTIONS is own, role"];
        harness.refuses("get-item", get(&connection), "InvalidConnection", &parts).await;
    }
    let mut elsewhere = get(&json!(null));
    elsewhere["awsRegion"] = "eu-central-1".into();
    harness.refuses("get-item", elsewhere, "InvalidInput", &["ALLOWED_REGIONS is us-east-1, eu-west-1"]).await;
    assert!(identity.take_calls().is_empty() && harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn a_character_that_no_header_takes_is_an_invalid_connection_and_no_panic() {
    let (harness, identity) = harness().await;
    let _ = identity.take_calls();
    for text in ["a\u{0}b", "a\nb", "a\rb", "a\u{7f}b", "a\u{1b}b", "aéb", "a\u{2028}b"] {
        for connection in [
            json!({"accessKeyId": text, "secretAccessKey": "b"}),
            json!({"accessKeyId": "a", "secretAccessKey": text}),
            json!({"accessKeyId": "a", "secretAccessKey": "b", "sessionToken": text}),
            json!({"roleArn": format!("{ROLE}{text}")}),
            json!({"roleArn": ROLE, "externalId": text}),
            json!({"roleArn": ROLE, "sessionName": text}),
            json!({"secretId": text}),
        ] {
            let invocation = harness.invoke("get-item", get(&connection).to_string()).await;
            let error = invocation.error().unwrap();
            assert_eq!(error.error_type, "InvalidConnection", "{connection}: {error:?}");
            assert!(!invocation.log.contains("panicked"), "{}", invocation.log);
        }
        // What a secret holds, too.
        identity.secret("odd", json!({"accessKeyId": text, "secretAccessKey": "b"}).to_string());
        let connection = json!({"secretId": "odd"});
        harness.refuses("get-item", get(&connection), "InvalidConnection", &["secret.accessKeyId"]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}
