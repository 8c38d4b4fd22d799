use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

const INDEX: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Tab/index/byColor";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Tab";

fn throttled(code: &str, name: &str) -> Canned {
    let reasons = json!([
        {"reason": "IndexWriteKeyRangeThroughputExceeded", "resource": INDEX},
        {"reason": "TableWriteAccountLimitExceeded", "resource": TABLE},
    ]);
    let body =
        json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "canned", name: reasons});
    Canned::Answer(400, body.to_string())
}

async fn harness() -> Harness {
    let harness = Harness::with(|builder| {
        builder
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .env("AWS_LAMBDA_LOG_LEVEL", "INFO")
            .env("METRICS_NAMESPACE", "Orders")
            .env("AWS_MAX_ATTEMPTS", "2")
    })
    .await;
    harness.table("Tab", false).await;
    harness
}

fn lines(log: &str) -> Vec<Value> {
    log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[tokio::test]
async fn dynamodbs_reasons_are_in_the_message_the_line_and_a_metric() {
    let harness = harness().await;
    let put = json!({"tableName": "Tab", "item": {"id": "a"}}).to_string();
    for (code, name) in [
        ("ProvisionedThroughputExceededException", "ThrottlingReasons"),
        ("RequestLimitExceeded", "ThrottlingReasons"),
        ("ThrottlingException", "throttlingReasons"),
    ] {
        for _ in 0..2 {
            harness.proxy().next("PutItem", throttled(code, name));
        }
        let invocation = harness.invoke("create-item", put.clone()).await;
        let error = invocation.error().unwrap();
        assert_eq!(error.error_type, code);
        let reasons =
            format!("IndexWriteKeyRangeThroughputExceeded of {INDEX}, TableWriteAccountLimitExceeded of {TABLE}");
        assert!(error.error_message.ends_with(&format!("; throttling reasons: {reasons}")), "{error:?}");
        let lines = lines(&invocation.log);
        let line = lines.iter().find(|line| line["message"] == "failed").unwrap();
        assert_eq!((&line["throttlingReasons"], &line["throttles"]), (&json!(reasons), &json!(2)));
        for reason in ["IndexWriteKeyRangeThroughputExceeded", "TableWriteAccountLimitExceeded"] {
            let metric = lines.iter().find(|line| line["reason"] == reason).unwrap();
            assert_eq!((&metric["Throttles"], &metric["action"]), (&json!(2), &json!("create-item")));
            let [directive] = metric["_aws"]["CloudWatchMetrics"].as_array().unwrap().as_slice() else { panic!() };
            assert_eq!(directive["Dimensions"], json!([["action", "reason"]]));
            assert_eq!(directive["Metrics"], json!([{"Name": "Throttles", "Unit": "Count"}]));
            assert_eq!(directive["Namespace"], "Orders");
        }
    }
}

#[tokio::test]
async fn a_call_that_got_through_tells_why_it_had_to_wait() {
    let harness = harness().await;
    harness.proxy().next("PutItem", throttled("ThrottlingException", "throttlingReasons"));
    let put = json!({"tableName": "Tab", "item": {"id": "a"}}).to_string();
    let invocation = harness.invoke("create-item", put.clone()).await;
    assert!(invocation.error().is_none());
    let line = lines(&invocation.log).into_iter().find(|line| line["message"] == "answered").unwrap();
    assert!(line["throttlingReasons"].as_str().unwrap().starts_with("IndexWriteKeyRangeThroughputExceeded of "));

    let invocation = harness.invoke("create-item", put).await;
    let lines = lines(&invocation.log);
    assert!(lines.iter().all(|line| line.get("throttlingReasons").is_none() && line.get("reason").is_none()));
}
