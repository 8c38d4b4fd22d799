//! The Invoke API, as its clients see it.

use std::collections::HashMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use local::Lambda;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::lambda;

struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn post(lambda: &Lambda, name: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let url = lambda.url();
    let host = url.strip_prefix("http://").unwrap();
    let length = body.len().to_string();
    let fixed = [("host", host), ("connection", "close"), ("content-length", &length)];
    let headers: String =
        fixed.iter().chain(headers).map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
    let request = format!("POST /2015-03-31/functions/{name}/invocations HTTP/1.1\r\n{headers}\r\n");
    let mut connection = TcpStream::connect(host).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    connection.write_all(body).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: body.to_owned() }
}

const ECHO: &[u8] = br#"{"do": "echo", "with": {"n": [1, 2]}}"#;

#[tokio::test]
async fn every_name_of_a_function_works() {
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
async fn a_success_has_lambdas_headers() {
    let lambda = lambda().await;
    let answer = post(&lambda, "puppet", &[], ECHO).await;
    assert_eq!(answer.headers["x-amz-executed-version"], "$LATEST");
    assert_eq!(answer.headers["x-amzn-requestid"].len(), 36);
    assert!(!answer.headers.contains_key("x-amz-function-error"));
    assert!(!answer.headers.contains_key("x-amz-log-result"));
}

#[tokio::test]
async fn a_failure_is_a_200_that_says_so() {
    let lambda = lambda().await;
    let answer = post(&lambda, "puppet", &[], br#"{"do": "fail", "with": "why"}"#).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["x-amz-function-error"], "Unhandled");
    assert_eq!(answer.json(), json!({"errorType": "Refused", "errorMessage": "why"}));
}

#[tokio::test]
async fn the_tail_is_the_end_of_the_log() {
    let lambda = lambda().await;
    let order = json!({"do": "print", "with": "x".repeat(5_000)}).to_string();
    let answer = post(&lambda, "puppet", &[("X-Amz-Log-Type", "Tail")], order.as_bytes()).await;
    let log = BASE64_STANDARD.decode(&answer.headers["x-amz-log-result"]).unwrap();
    assert_eq!(log.len(), 4096);
    let log = String::from_utf8(log).unwrap();
    assert!(log.contains(&format!("REPORT RequestId: {}\t", answer.headers["x-amzn-requestid"])), "{log}");
}

#[tokio::test]
async fn an_empty_payload_is_an_empty_object() {
    let lambda = lambda().await;
    let answer = post(&lambda, "puppet", &[], b"").await;
    assert!(answer.body.contains("missing field `do`"), "{}", answer.body);
}

#[tokio::test]
async fn an_event_is_accepted_and_then_done() {
    let lambda = lambda().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let order = json!({"do": "call", "with": listener.local_addr().unwrap().to_string()}).to_string();
    let answer = post(&lambda, "puppet", &[("X-Amz-Invocation-Type", "Event")], order.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, ""));
    assert!(answer.headers.contains_key("x-amzn-requestid"));
    listener.accept().await.unwrap();
}

#[tokio::test]
async fn a_dry_run_looks_and_does_nothing() {
    let lambda = lambda().await;
    let dry = [("X-Amz-Invocation-Type", "DryRun")];
    let answer = post(&lambda, "puppet", &dry, br#"{"do": "exit"}"#).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(post(&lambda, "nobody", &dry, b"{}").await.status, 404);
}

#[tokio::test]
async fn refusals_are_lambdas() {
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
        assert_eq!((answer.status, answer.headers["x-amzn-errortype"].as_str()), (status, code), "{}", answer.body);
        assert_eq!(answer.json()["Type"], "User");
        assert!(answer.headers.contains_key("x-amzn-requestid"));
    }
    let missing = post(&lambda, "nobody", &[], b"{}").await;
    let message = "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody";
    assert_eq!(missing.json()["Message"], message);
}
