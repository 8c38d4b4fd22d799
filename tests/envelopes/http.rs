//! HTTP requests, and the responses to them.

use std::process::Command;

use serde_json::{Value, json};

use super::{recorded, request, response, shop, text};
use crate::harness::{Harness, proxy::Canned};

#[tokio::test]
async fn every_recorded_request_is_answered_by_a_response() {
    let harness = shop().await;
    for name in ["function-url", "http-api-v2", "rest-v1", "rest-v1-base64", "alb", "alb-multi-value"] {
        let answer = harness.ok("get-item", text(name)).await;
        assert_eq!(answer["statusCode"], 200, "{name}: {answer}");
        assert_eq!(answer["isBase64Encoded"], false);
        if name == "alb-multi-value" {
            assert_eq!(answer["multiValueHeaders"]["content-type"], json!(["application/json"]));
        } else {
            assert_eq!(answer["headers"]["content-type"], "application/json");
        }
        let description = if name.starts_with("alb") { json!("200 OK") } else { Value::Null };
        assert_eq!(answer["statusDescription"], description, "{name}");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        let item = &body["data"]["result"]["Item"];
        match name {
            // The numbers must keep their digits.
            "function-url" | "rest-v1-base64" => assert_eq!(item["balance"].to_string(), "12345678901234567890.12"),
            _ => assert_eq!(item["total"], json!({"N": "99.9"}), "{name}: {body}"),
        }
    }
}

#[tokio::test]
async fn errors_are_statuses() {
    let harness = Harness::with(|builder| builder.env("AWS_MAX_ATTEMPTS", "1")).await;
    harness.table("Tab", false).await;
    let get = |table: &str| json!({"tableName": table, "key": {"id": "a"}});
    let create = json!({"tableName": "Tab", "item": {"id": "a"}, "conditionExpression": "attribute_exists(id)"});
    let half = json!({"tableName": "Tab", "key": {"id": "a"}, "connection": {"accessKeyId": "half"}});
    for (function, event, status, error_type) in [
        ("get-item", json!({"tableNaem": "Tab"}), 400, "InvalidInput"),
        ("get-item", json!([]), 400, "InvalidInput"),
        ("get-item", half, 400, "InvalidConnection"),
        ("get-item", get("None"), 404, "ResourceNotFoundException"),
        ("create-item", create, 409, "ConditionalCheckFailedException"),
    ] {
        for sender in ["function-url", "rest-v1", "alb"] {
            let (answered, body) = response(&harness, function, &request(sender, &event)).await;
            assert_eq!((answered, &body["errorType"]), (status, &json!(error_type)), "{event}: {body}");
            assert!(body["errorMessage"].is_string());
        }
    }
    for (code, service, status) in [
        ("ValidationException", 400, 400),
        ("AccessDeniedException", 400, 403),
        ("ProvisionedThroughputExceededException", 400, 429),
        ("InternalServerError", 500, 502),
    ] {
        harness.proxy().next("GetItem", Canned::error(service, code));
        let (answered, body) = response(&harness, "get-item", &request("http-api-v2", &get("Tab"))).await;
        assert_eq!((answered, &body["errorType"]), (status, &json!(code)));
    }
    for content_type in [json!("text/plain"), json!("application/x-www-form-urlencoded"), Value::Null] {
        let mut typed = request("function-url", &get("Tab"));
        typed["headers"]["content-type"] = content_type;
        let (answered, body) = response(&harness, "get-item", &typed).await;
        assert_eq!((answered, &body["errorType"]), (415, &json!("InvalidInput")), "{body}");
    }
    let mut fetched = recorded("alb");
    fetched["httpMethod"] = "GET".into();
    let answer = harness.ok("get-item", fetched).await;
    assert_eq!(answer["statusCode"], 405);
    assert_eq!(answer["statusDescription"], "405 Method Not Allowed");
    assert_eq!(answer["headers"]["allow"], "POST, PUT, PATCH, DELETE");
}

#[tokio::test]
async fn answers_a_load_balancers_health_check_if_a_setting_says_so() {
    let check = |sender: &str, method: &str| {
        let mut check = recorded(sender);
        check["httpMethod"] = method.into();
        check["body"] = "".into();
        check
    };
    let harness = Harness::with(|builder| builder.env("HTTP_HEALTH_CHECK", "true")).await;
    for function in ["get-item", "select-region"] {
        for (sender, method, body) in [
            ("alb", "GET", r#"{"status":"ok"}"#),
            ("alb-multi-value", "GET", r#"{"status":"ok"}"#),
            ("alb", "HEAD", ""),
        ] {
            let answer = harness.ok(function, check(sender, method)).await;
            assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(200), &json!(body)), "{answer}");
        }
    }
    // Only a load balancer's GET and HEAD requests count as health checks.
    for (sender, method) in [("rest-v1", "GET"), ("alb", "OPTIONS")] {
        assert_eq!(response(&harness, "get-item", &check(sender, method)).await.0, 405);
    }
    assert!(harness.proxy().take_seen().is_empty());
    for harness in [Harness::new().await, Harness::with(|builder| builder.env("HTTP_HEALTH_CHECK", "false")).await] {
        assert_eq!(response(&harness, "get-item", &check("alb", "GET")).await.0, 405);
    }
}

#[test]
fn a_health_check_is_switched_on_or_off() {
    let output = Command::new(env!("CARGO_BIN_EXE_get-item"))
        .env_clear()
        .envs([("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"), ("HTTP_HEALTH_CHECK", "200")])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("HTTP_HEALTH_CHECK: `200` is not true or false"), "{said}");
}

#[tokio::test]
async fn a_response_keeps_to_its_senders_limit() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    // The text takes four times its size after it is escaped as JSON text inside JSON text.
    harness.put("Tab", json!({"id": "a", "text": "\"".repeat(300_000)})).await;
    let get = json!({"tableName": "Tab", "key": {"id": "a"}, "outputFormat": "plain"});
    assert_eq!(response(&harness, "get-item", &request("function-url", &get)).await.0, 200);
    let (status, body) = response(&harness, "get-item", &request("alb", &get)).await;
    assert_eq!((status, &body["errorType"]), (413, &json!("ResponseTooLarge")));
    // If the answer to a write is too large, the error says that the write took effect.
    let delete = json!({"tableName": "Tab", "key": {"id": "a"}, "returnValues": "ALL_OLD", "outputFormat": "plain"});
    let (status, body) = response(&harness, "delete-item", &request("alb", &delete)).await;
    assert_eq!(status, 413);
    assert!(body["errorMessage"].as_str().unwrap().contains("took effect all the same"), "{body}");
    assert_eq!(harness.ok("get-item", &get).await["data"]["found"], false);
}

#[tokio::test]
async fn a_page_ends_where_its_response_is_full() {
    let most = 20_000;
    let harness = Harness::with(|builder| builder.env("MAX_RESPONSE_BYTES", most.to_string())).await;
    harness.table("Tab", true).await;
    for at in 0..40 {
        harness.put("Tab", json!({"id": "a", "at": at, "text": "\"".repeat(500)})).await;
    }
    let mut query = json!({
        "tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "a"}, "fetchAll": true,
    });
    let mut found = Vec::new();
    loop {
        let invocation = harness.invoke("query-items", request("rest-v1", &query).to_string()).await;
        assert!(invocation.payload.len() <= most, "{}", invocation.payload.len());
        let answer: Value = serde_json::from_slice(&invocation.payload).unwrap();
        assert_eq!(answer["statusCode"], 200, "{answer}");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        let items = body["data"]["Items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() < 40);
        found.extend(items.iter().map(|item| item["at"].as_u64().unwrap()));
        match &body["data"]["LastEvaluatedKey"] {
            Value::Null => break,
            key => query["exclusiveStartKey"] = key.clone(),
        }
    }
    assert_eq!(found, (0..40).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_pick_list_answers_http_requests() {
    let harness = Harness::new().await;
    let (status, body) = response(&harness, "select-region", &request("function-url", &json!({}))).await;
    assert_eq!(status, 200);
    assert!(body["result"].as_array().unwrap().len() > 40);
}
