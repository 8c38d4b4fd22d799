//! The Invoke API, as its clients see it.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use local::Lambda;
use serde_json::json;
use tokio::net::TcpListener;

use super::lambda;
use crate::http_client::{self, Answer};

async fn post(lambda: &Lambda, name: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    http_client::post(&lambda.url(), &format!("/2015-03-31/functions/{name}/invocations"), headers, body).await
}

const ECHO: &[u8] = br#"{"do": "echo", "with": {"n": [1, 2]}}"#;

#[tokio::test]
async fn a_function_is_found_by_every_form_of_its_name() {
    let lambda = lambda().await;
    for name in [
        "puppet",
        "Puppet",
        "PuppetFunction",
        "puppet:$LATEST",
        "puppet:1",
        "arn:aws:lambda:us-east-1:123456789012:function:puppet",
        "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Apuppet%3A%24LATEST",
        "123456789012:function:puppet",
    ] {
        let answer = post(&lambda, name, &[], ECHO).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"n":[1,2]}"#), "{name}");
    }
}

#[tokio::test]
async fn a_successful_answer_has_the_headers_of_lambda() {
    let lambda = lambda().await;
    let answer = post(&lambda, "puppet", &[], ECHO).await;
    assert_eq!(answer.header("x-amz-executed-version").unwrap(), "$LATEST");
    assert_eq!(answer.header("x-amzn-requestid").unwrap().len(), 36);
    assert!(answer.header("x-amz-function-error").is_none());
    assert!(answer.header("x-amz-log-result").is_none());
}

#[tokio::test]
async fn a_failure_is_a_200_with_a_header() {
    let lambda = lambda().await;
    let answer = post(&lambda, "puppet", &[], br#"{"do": "fail", "with": "why"}"#).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-amz-function-error").unwrap(), "Unhandled");
    assert_eq!(answer.json(), json!({"errorType": "Refused", "errorMessage": "why"}));
}

#[tokio::test]
async fn the_tail_is_the_last_4_kb_of_the_log() {
    let lambda = lambda().await;
    let event = json!({"do": "print", "with": "x".repeat(5_000)}).to_string();
    let answer = post(&lambda, "puppet", &[("X-Amz-Log-Type", "Tail")], event.as_bytes()).await;
    let log = BASE64_STANDARD.decode(answer.header("x-amz-log-result").unwrap()).unwrap();
    assert_eq!(log.len(), 4096);
    let log = String::from_utf8(log).unwrap();
    assert!(log.contains(&format!("REPORT RequestId: {}\t", answer.header("x-amzn-requestid").unwrap())), "{log}");
}

#[tokio::test]
async fn an_empty_payload_is_an_empty_object() {
    let lambda = lambda().await;
    let answer = post(&lambda, "puppet", &[], b"").await;
    assert!(answer.body.contains("missing field `do`"), "{}", answer.body);
}

#[tokio::test]
async fn an_asynchronous_event_is_accepted_before_it_is_handled() {
    let lambda = lambda().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let event = json!({"do": "call", "with": listener.local_addr().unwrap().to_string()}).to_string();
    let answer = post(&lambda, "puppet", &[("X-Amz-Invocation-Type", "Event")], event.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, ""));
    assert!(answer.header("x-amzn-requestid").is_some());
    listener.accept().await.unwrap();
}

#[tokio::test]
async fn a_dry_run_finds_the_function_and_does_not_invoke_it() {
    let lambda = lambda().await;
    let dry = [("X-Amz-Invocation-Type", "DryRun")];
    let answer = post(&lambda, "puppet", &dry, br#"{"do": "exit"}"#).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(post(&lambda, "nobody", &dry, b"{}").await.status, 404);
}

#[tokio::test]
async fn refusals_have_the_status_and_code_of_lambda() {
    let lambda = lambda().await;
    let large = format!("\"{}\"", "x".repeat(6_291_456));
    let huge = vec![b'x'; 65 * 1024 * 1024];
    let strange = [("X-Amz-Invocation-Type", "Later")];
    for (name, headers, body, status, code) in [
        ("nobody", [].as_slice(), b"{}".as_slice(), 404, "ResourceNotFoundException"),
        ("puppet", &[], large.as_bytes(), 413, "RequestTooLargeException"),
        ("puppet", &[], &huge, 413, "RequestTooLargeException"),
        ("puppet", &[], b"{", 400, "InvalidRequestContentException"),
        ("puppet", &strange, b"{}", 400, "ValidationException"),
    ] {
        let answer = post(&lambda, name, headers, body).await;
        assert_eq!((answer.status, answer.header("x-amzn-errortype").unwrap()), (status, code), "{}", answer.body);
        assert_eq!(answer.json()["Type"], "User");
        assert!(answer.header("x-amzn-requestid").is_some());
    }
    let missing = post(&lambda, "nobody", &[], b"{}").await;
    let message = "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody";
    assert_eq!(missing.json()["Message"], message);
}
