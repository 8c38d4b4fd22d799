//! Connections on ministack, a local AWS account that checks signatures, trust policies and permissions.
//!
//! `tests/third-party/run ministack` starts it with `AUTH=true`, names it in `MINISTACK_ENDPOINT_URL`, puts the AWS CLI
//! on `PATH`, and runs these tests. Other runs skip them.

use std::{env, process::Command};

use local::{Invocation, Lambda};
use serde_json::{Value, json};

use crate::harness::FUNCTIONS;

const REGION: &str = "us-east-1";
const ACCOUNT: &str = "123456789012";

/// An account with the tables `Orders` and `Other`. Each table holds the item `a`.
struct Account {
    url: String,
}

/// An access key pair of the account.
#[derive(Clone)]
struct Pair {
    id: String,
    secret: String,
}

impl Pair {
    fn connection(&self) -> Value {
        json!({"accessKeyId": self.id, "secretAccessKey": self.secret})
    }

    fn with(&self, more: &Value) -> Value {
        let mut connection = self.connection();
        connection.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        connection
    }
}

impl Account {
    fn new() -> Self {
        let account = Self { url: env::var("MINISTACK_ENDPOINT_URL").unwrap() };
        for table in ["Orders", "Other"] {
            let name = ["dynamodb", "create-table", "--table-name", table, "--billing-mode", "PAY_PER_REQUEST"];
            let keys = [
                "--attribute-definitions",
                "AttributeName=id,AttributeType=S",
                "--key-schema",
                "AttributeName=id,KeyType=HASH",
            ];
            // The tests share the account, so another test may have created the table.
            if account.try_aws(&[&name[..], &keys[..]].concat()).is_some() {
                account.aws(&["dynamodb", "put-item", "--table-name", table, "--item", r#"{"id":{"S":"a"}}"#]);
            }
        }
        account
    }

    fn try_aws(&self, arguments: &[&str]) -> Option<Value> {
        let output = Command::new("aws")
            .args(["--endpoint-url", &self.url, "--region", REGION, "--output", "json"])
            .args(arguments)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .output()
            .unwrap();
        output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    fn aws(&self, arguments: &[&str]) -> Value {
        self.try_aws(arguments).unwrap_or_else(|| panic!("aws {arguments:?}"))
    }

    /// A user with the permissions of the policy.
    fn user(&self, name: &str, policy: &Value) -> Pair {
        self.aws(&["iam", "create-user", "--user-name", name]);
        let document = policy.to_string();
        self.aws(&[
            "iam",
            "put-user-policy",
            "--user-name",
            name,
            "--policy-name",
            "all",
            "--policy-document",
            &document,
        ]);
        let key = self.aws(&["iam", "create-access-key", "--user-name", name]);
        let text = |member: &str| key["AccessKey"][member].as_str().unwrap().to_owned();
        Pair { id: text("AccessKeyId"), secret: text("SecretAccessKey") }
    }

    /// A role with the permissions of the policy. A user may assume it with an external ID.
    fn role(&self, name: &str, user: &str, external_id: &str, policy: &Value) -> String {
        let trust = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:user/{user}")},
            "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
        }]});
        self.aws(&["iam", "create-role", "--role-name", name, "--assume-role-policy-document", &trust.to_string()]);
        let document = policy.to_string();
        self.aws(&[
            "iam",
            "put-role-policy",
            "--role-name",
            name,
            "--policy-name",
            "all",
            "--policy-document",
            &document,
        ]);
        format!("arn:aws:iam::{ACCOUNT}:role/{name}")
    }

    /// The functions. This pair is their own role.
    async fn functions(&self, own: &Pair) -> Lambda {
        Lambda::builder()
            .functions(FUNCTIONS)
            .region(REGION)
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_ACCESS_KEY_ID", &own.id)
            .env("AWS_SECRET_ACCESS_KEY", &own.secret)
            .start()
            .await
            .unwrap()
    }
}

fn allow(actions: &Value, resource: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]})
}

async fn get(lambda: &Lambda, table: &str, connection: &Value) -> Invocation {
    let event = json!({"tableName": table, "key": {"id": "a"}, "connection": connection});
    lambda.invoke("get-item", event.to_string()).await.unwrap()
}

async fn found(lambda: &Lambda, table: &str, connection: &Value) {
    let answer = get(lambda, table, connection).await;
    assert!(!answer.failed, "{:?} {}", answer.error(), answer.log);
    let answer: Value = serde_json::from_slice(&answer.payload).unwrap();
    assert_eq!(answer["data"]["found"], true);
}

async fn refused(lambda: &Lambda, table: &str, connection: &Value, codes: &[&str], step: &str) {
    let error = get(lambda, table, connection).await.error().unwrap();
    assert!(codes.contains(&error.error_type.as_str()), "{codes:?}: {error:?}");
    assert!(error.error_message.contains(step), "{step}: {error:?}");
}

#[tokio::test]
#[ignore = "needs ministack: tests/third-party/run ministack"]
async fn an_access_key_pair_signs_and_its_policy_holds() {
    let account = Account::new();
    let arn = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/Orders");
    let reader = account.user("pair-reader", &allow(&json!("dynamodb:GetItem"), &arn));
    let nobody = account.user("pair-nobody", &allow(&json!("sqs:*"), "*"));
    let lambda = account.functions(&nobody).await;
    found(&lambda, "Orders", &reader.connection()).await;
    refused(&lambda, "Other", &reader.connection(), &["AccessDeniedException"], "DynamoDB GetItem, table `Other`")
        .await;
    refused(&lambda, "Orders", &json!(null), &["AccessDeniedException"], "DynamoDB GetItem").await;
    let wrong = json!({"accessKeyId": reader.id, "secretAccessKey": "wrong"});
    refused(&lambda, "Orders", &wrong, &["InvalidSignatureException"], "DynamoDB GetItem").await;
    let unknown = json!({"accessKeyId": "AKIAUNKNOWNKEY", "secretAccessKey": "wrong"});
    refused(&lambda, "Orders", &unknown, &["UnrecognizedClientException"], "DynamoDB GetItem").await;
    let token = reader.with(&json!({"sessionToken": "wrong"}));
    refused(&lambda, "Orders", &token, &["UnrecognizedClientException", "InvalidClientTokenId"], "DynamoDB GetItem")
        .await;
    // A refused identity leaves nothing behind.
    found(&lambda, "Orders", &reader.connection()).await;
}

#[tokio::test]
#[ignore = "needs ministack: tests/third-party/run ministack"]
async fn a_role_is_assumed_by_the_users_that_it_trusts() {
    let account = Account::new();
    let may_assume = allow(&json!("sts:AssumeRole"), "*");
    let trusted = account.user("role-trusted", &may_assume);
    let stranger = account.user("role-stranger", &may_assume);
    let arn = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/Orders");
    let role = account.role("orders-reader", "role-trusted", "shared-words", &allow(&json!("dynamodb:GetItem"), &arn));
    let lambda = account.functions(&trusted).await;

    let with = |pair: &Pair, external_id: &str| pair.with(&json!({"roleArn": role, "externalId": external_id}));
    found(&lambda, "Orders", &with(&trusted, "shared-words")).await;
    // The function's own role is the trusted user.
    found(&lambda, "Orders", &json!({"roleArn": role, "externalId": "shared-words"})).await;
    let component = json!({"key": "awsAssumeRole", "fields": {
        "roleARN": role, "externalId": "shared-words", "accessKeyId": trusted.id, "secretAccessKey": trusted.secret,
    }});
    found(&lambda, "Orders", &component).await;
    for connection in [
        with(&trusted, "other-words"),
        trusted.with(&json!({"roleArn": role})),
        with(&stranger, "shared-words"),
        trusted.with(&json!({"roleArn": format!("arn:aws:iam::{ACCOUNT}:role/none"), "externalId": "shared-words"})),
    ] {
        refused(&lambda, "Orders", &connection, &["AccessDenied"], "STS AssumeRole").await;
    }
    let wrong = Pair { secret: "wrong".into(), ..trusted.clone() };
    refused(&lambda, "Orders", &with(&wrong, "shared-words"), &["SignatureDoesNotMatch"], "STS AssumeRole").await;
    // The policy allows one action on one table.
    refused(
        &lambda,
        "Other",
        &with(&trusted, "shared-words"),
        &["AccessDeniedException"],
        "DynamoDB GetItem, table `Other`",
    )
    .await;
    let event = json!({"tableName": "Orders", "item": {"id": "b"}, "connection": with(&trusted, "shared-words")});
    let error = lambda.invoke("create-item", event.to_string()).await.unwrap().error().unwrap();
    assert_eq!(error.error_type, "AccessDeniedException");
}

#[tokio::test]
#[ignore = "needs ministack: tests/third-party/run ministack"]
async fn the_functions_own_role_reads_a_secret_and_follows_its_rotation() {
    let account = Account::new();
    let reads_secrets = account.user("secret-own", &allow(&json!("secretsmanager:GetSecretValue"), "*"));
    let reads_nothing = account.user("secret-nobody", &allow(&json!("sqs:*"), "*"));
    let reader = account.user("secret-reader", &allow(&json!("dynamodb:*"), "*"));
    let text = reader.connection().to_string();
    account.aws(&["secretsmanager", "create-secret", "--name", "orders", "--secret-string", &text]);
    let connection = json!({"secretId": "orders"});
    let lambda = account.functions(&reads_secrets).await;
    found(&lambda, "Orders", &connection).await;

    // The key is replaced. The old one is deleted before the functions learn about it.
    let new = account.aws(&["iam", "create-access-key", "--user-name", "secret-reader"]);
    let text = json!({
        "accessKeyId": new["AccessKey"]["AccessKeyId"], "secretAccessKey": new["AccessKey"]["SecretAccessKey"],
    });
    account.aws(&["secretsmanager", "put-secret-value", "--secret-id", "orders", "--secret-string", &text.to_string()]);
    account.aws(&["iam", "delete-access-key", "--user-name", "secret-reader", "--access-key-id", &reader.id]);
    found(&lambda, "Orders", &connection).await;

    refused(
        &lambda,
        "Orders",
        &json!({"secretId": "none"}),
        &["ResourceNotFoundException"],
        "Secrets Manager GetSecretValue",
    )
    .await;
    let lambda = account.functions(&reads_nothing).await;
    refused(&lambda, "Orders", &connection, &["AccessDeniedException"], "Secrets Manager GetSecretValue").await;
}

#[tokio::test]
#[ignore = "needs ministack: tests/third-party/run ministack"]
async fn test_connection_reports_the_identity() {
    let account = Account::new();
    let user = account.user("who", &allow(&json!(["dynamodb:ListTables", "dynamodb:DescribeTable"]), "*"));
    let lambda = account.functions(&user).await;
    let test = async |connection: Value| -> Value {
        let event = json!({"connection": connection, "tableName": "Orders"});
        let answer = lambda.invoke("test-connection", event.to_string()).await.unwrap();
        assert!(!answer.failed, "{:?} {}", answer.error(), answer.log);
        serde_json::from_slice::<Value>(&answer.payload).unwrap()["data"].take()
    };
    let report = test(user.connection()).await;
    assert_eq!(report["ok"], true, "{report}");
    assert_eq!(report["identity"]["account"], ACCOUNT);
    assert_eq!(report["identity"]["arn"], format!("arn:aws:iam::{ACCOUNT}:user/who"));
    assert_eq!(
        report["actions"],
        json!([{"action": "ListTables", "ok": true}, {"action": "DescribeTable", "ok": true}])
    );
    let report = test(json!({"accessKeyId": user.id, "secretAccessKey": "wrong"})).await;
    assert_eq!(report["ok"], false, "{report}");
    assert_eq!(report["error"]["errorType"], "SignatureDoesNotMatch", "{report}");
}
