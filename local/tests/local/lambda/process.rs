//! One process: its events, its environment and its log, and how each way to end is reported.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::{builder, error, invoke, lambda, puppet, value};

#[tokio::test]
async fn an_answer_comes_back_unchanged() {
    let lambda = lambda().await;
    let answer = invoke(&lambda, "echo", json!({"a": [1, "é", null]})).await;
    assert_eq!(answer.payload, r#"{"a":[1,"é",null]}"#);
}

#[tokio::test]
async fn a_payload_that_is_not_json_reaches_the_function() {
    let lambda = lambda().await;
    let before = value(&invoke(&lambda, "pid", "").await);
    for payload in [b"".as_slice(), b"{", b"\xff\x00"] {
        let answer = lambda.invoke("puppet", payload.to_vec()).await.unwrap();
        assert!(error(&answer).0.contains("DeserializeError"), "{answer:?}");
    }
    assert_eq!(value(&invoke(&lambda, "pid", "").await), before);
}

#[tokio::test]
async fn an_event_comes_with_its_context() {
    let lambda = builder().region("eu-west-1").timeout(Duration::from_mins(1)).start().await.unwrap();
    let answer = invoke(&lambda, "context", "").await;
    let context = value(&answer);
    assert_eq!(context["request_id"], answer.request_id);
    assert_eq!(context["arn"], "arn:aws:lambda:eu-west-1:123456789012:function:puppet");
    assert!(context["trace"].as_str().unwrap().starts_with("Root=1-"), "{context}");
    let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let deadline = context["deadline"].as_u64().unwrap();
    assert!(deadline > now && deadline <= now + 60_000, "{deadline} at {now}");
}

#[tokio::test]
async fn the_environment_holds_the_variables_of_lambda_and_of_the_caller() {
    let lambda = builder()
        .memory(512)
        .dynamodb("http://127.0.0.1:1")
        .env("MAX_RESPONSE_BYTES", "1000")
        .env("AWS_REGION", "local-1")
        .start()
        .await
        .unwrap();
    let environment = value(&invoke(&lambda, "environment", "").await);
    for (name, expected) in [
        ("AWS_LAMBDA_FUNCTION_NAME", "puppet"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1"),
        ("MAX_RESPONSE_BYTES", "1000"),
        ("AWS_REGION", "local-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ] {
        assert_eq!(environment[name], expected, "{name}");
    }
    // This process has cargo's variables and `HOME`. The function must not inherit them.
    for name in ["CARGO_MANIFEST_DIR", "HOME", "AWS_PROFILE", "AWS_SESSION_TOKEN"] {
        assert!(environment.get(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn each_invocation_has_its_own_log() {
    let lambda = lambda().await;
    let first = invoke(&lambda, "print", "one").await;
    let id = &first.request_id;
    assert!(first.log.starts_with(&format!("ready\nSTART RequestId: {id} Version: $LATEST\n")), "{}", first.log);
    assert!(first.log.contains("\none\n"), "{}", first.log);
    assert!(first.log.contains("and one without an end"), "{}", first.log);
    assert!(first.log.contains(&format!("\nEND RequestId: {id}\nREPORT RequestId: {id}\tDuration: ")), "{}", first.log);
    assert!(first.log.contains("\tMemory Size: 128 MB\t"), "{}", first.log);
    assert!(first.log.contains("\tInit Duration: "), "{}", first.log);
    assert!(first.init.is_some());
    let second = invoke(&lambda, "print", "two").await;
    assert!(second.log.starts_with("START ") && second.log.contains("two"), "{}", second.log);
    assert!(!second.log.contains("one") && !second.log.contains("Init Duration"), "{}", second.log);
    assert!(second.init.is_none());
}

#[tokio::test]
async fn a_failure_keeps_the_functions_error_and_its_process() {
    let lambda = lambda().await;
    let answer = invoke(&lambda, "fail", "because").await;
    assert_eq!(error(&answer), ("Refused".into(), "because".into()));
    // No new process was started.
    assert!(invoke(&lambda, "pid", "").await.init.is_none());
}

#[tokio::test]
async fn an_exit_is_reported_and_the_next_event_starts_a_process() {
    let lambda = lambda().await;
    for (action, with, expected) in [
        ("exit", json!(3), "Runtime exited with error: exit status 3"),
        ("exit", json!(0), "Runtime exited without providing a reason"),
        #[cfg(unix)]
        ("abort", json!(null), "Runtime exited with error: signal: aborted"),
    ] {
        let answer = invoke(&lambda, action, with).await;
        let message = format!("RequestId: {} Error: {expected}", answer.request_id);
        assert_eq!(error(&answer), ("Runtime.ExitError".into(), message));
        assert!(answer.log.contains("\tStatus: error\tError Type: Runtime.ExitError"), "{}", answer.log);
        assert!(invoke(&lambda, "pid", "").await.init.is_some());
    }
}

#[tokio::test]
async fn a_timeout_kills_the_process_and_the_next_event_starts_one() {
    let lambda = builder().timeout(Duration::from_millis(1500)).start().await.unwrap();
    let before = value(&invoke(&lambda, "pid", "").await);
    let answer = invoke(&lambda, "hang", "").await;
    let message = format!("RequestId: {} Error: Task timed out after 1.50 seconds", answer.request_id);
    assert_eq!(error(&answer), ("Sandbox.Timedout".into(), message));
    assert!(answer.log.contains("Task timed out after 1.50 seconds\nEND"), "{}", answer.log);
    let after = invoke(&lambda, "pid", "").await;
    assert_ne!(value(&after), before);
    assert!(after.init.is_some());
}

#[tokio::test]
async fn a_process_that_cannot_start_is_reported() {
    let exits = builder().env("PUPPET_INIT", "exit").start().await.unwrap();
    let (error_type, message) = error(&invoke(&exits, "pid", "").await);
    assert_eq!(error_type, "Runtime.ExitError");
    assert!(message.ends_with("Runtime exited with error: exit status 7"), "{message}");

    let hangs = builder().env("PUPPET_INIT", "hang").init_timeout(Duration::from_millis(200)).start().await.unwrap();
    let (error_type, message) = error(&invoke(&hangs, "pid", "").await);
    assert_eq!(error_type, "Sandbox.Timedout");
    assert!(message.ends_with("Task timed out after 0.20 seconds"), "{message}");

    let missing = local::Lambda::builder().function("puppet", "/nowhere/puppet").start().await;
    let missing = missing.unwrap_err().to_string();
    assert!(missing.contains("function `puppet` has no binary at"), "{missing}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_cannot_be_run_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("puppet");
    std::fs::write(&file, "not a program").unwrap();
    let lambda = local::Lambda::builder().function("puppet", file).start().await.unwrap();
    let (error_type, message) = error(&invoke(&lambda, "pid", "").await);
    assert_eq!(error_type, "Runtime.InvalidEntrypoint");
    assert!(message.contains("Permission denied"), "{message}");
}

#[tokio::test]
async fn an_answer_above_the_limit_is_a_failure_and_the_process_stays() {
    let lambda = lambda().await;
    let most = 6_291_556 - 2;
    assert_eq!(invoke(&lambda, "large", most).await.payload.len(), 6_291_556);
    let answer = invoke(&lambda, "large", most + 1).await;
    let message = "Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).";
    assert_eq!(error(&answer), ("Function.ResponseSizeTooLarge".into(), message.into()));
    assert!(invoke(&lambda, "pid", "").await.init.is_none());
}

#[test]
fn the_puppet_is_built() {
    assert!(puppet().is_file(), "run `cargo test -p local`, which builds the example {}", puppet().display());
}
