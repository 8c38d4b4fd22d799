use serde_json::{Value, json};

use crate::identities::{ROLE, ada, harness, role};

#[tokio::test]
async fn reports_the_identity_and_answers_for_a_refused_one() {
    let (harness, _identity) = harness().await;
    let report = |connection: Value| json!({"connection": connection, "tableName": "Tab"});
    let answer = harness.ok("test-connection", report(ada())).await;
    let actions = json!([{"action": "ListTables", "ok": true}, {"action": "DescribeTable", "ok": true}]);
    assert_eq!(answer["data"]["ok"], true);
    assert_eq!(answer["data"]["connection"], "accessKey");
    assert_eq!(answer["data"]["region"], "us-east-1");
    assert_eq!(answer["data"]["identity"]["arn"], "arn:aws:iam::123456789012:user/ada");
    assert_eq!(answer["data"]["identity"]["account"], "123456789012");
    assert_eq!(answer["data"]["credentialsExpire"], Value::Null);
    assert_eq!(answer["data"]["actions"], actions);
    let answer = harness.ok("test-connection", report(role())).await;
    assert!(answer["data"]["credentialsExpire"].as_str().unwrap().ends_with('Z'), "{answer}");
    let answer = harness.ok("test-connection", json!({"connection": ada(), "tableName": "nowhere"})).await;
    assert_eq!(answer["data"]["ok"], true);
    assert_eq!(answer["data"]["actions"][1]["errorType"], "ResourceNotFoundException");
    for (connection, code) in [
        (json!({"accessKeyId": "ada", "secretAccessKey": "x"}), "SignatureDoesNotMatch"),
        (json!({"roleArn": ROLE, "externalId": "others"}), "AccessDenied"),
        (json!({"secretId": "none"}), "ResourceNotFoundException"),
    ] {
        let answer = harness.ok("test-connection", report(connection)).await;
        assert_eq!(answer["data"]["ok"], false);
        assert_eq!(answer["data"]["error"]["errorType"], code);
        assert!(answer["data"].get("identity").is_none());
    }
    // Inputs that make no connection are an error, as in every action.
    harness.refuses("test-connection", report(json!({"accessKeyId": "ada"})), "InvalidConnection", &[]).await;
}
