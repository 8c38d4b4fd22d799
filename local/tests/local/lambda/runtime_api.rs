//! The Runtime API, as a function's process sees it.

use std::time::Duration;

use local::runtime_api::{Call, Event, RESPONSE_LIMIT, RuntimeApi};

use crate::http_client::{post, send};

fn event() -> Event {
    Event {
        request_id: "8476a536".into(),
        deadline: Duration::from_millis(1_542_409_706_888),
        function_arn: "arn:aws:lambda:us-east-1:123456789012:function:get-item".into(),
        trace_id: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1".into(),
        payload: b"{\"n\": 1.0000000000000000000001}".as_slice().into(),
    }
}

#[tokio::test]
async fn an_event_comes_unchanged_and_with_its_headers() {
    let mut api = RuntimeApi::start().await.unwrap();
    let url = api.address().to_string();
    let process = async { send(&url, "GET", "/2018-06-01/runtime/invocation/next", &[("host", &url)], b"").await };
    let owner = async {
        let Call::Next(event_request) = api.call().await else { panic!("not next") };
        event_request.answer(event());
    };
    let (answer, ()) = tokio::join!(process, owner);
    for (name, value) in [
        ("Lambda-Runtime-Aws-Request-Id", event().request_id.as_str()),
        ("Lambda-Runtime-Deadline-Ms", "1542409706888"),
        ("Lambda-Runtime-Invoked-Function-Arn", &event().function_arn),
        ("Lambda-Runtime-Trace-Id", &event().trace_id),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"n\": 1.0000000000000000000001}"));
}

#[tokio::test]
async fn a_process_hears_whether_its_answer_was_accepted() {
    for (path, accept, expected) in [
        ("/2018-06-01/runtime/invocation/a/response", true, (202, "{\"status\":\"OK\"}\n")),
        ("/2018-06-01/runtime/invocation/a/error", true, (202, "{\"status\":\"OK\"}\n")),
        ("/2018-06-01/runtime/init/error", true, (202, "{\"status\":\"OK\"}\n")),
        (
            "/2018-06-01/runtime/invocation/b/response",
            false,
            (400, "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}"),
        ),
    ] {
        let mut api = RuntimeApi::start().await.unwrap();
        let url = api.address().to_string();
        let process = async { post(&url, path, &[], b"body").await };
        let owner = async {
            match api.call().await {
                Call::Next(_) => panic!("next"),
                Call::Response { body, receipt, .. }
                | Call::Error { body, receipt, .. }
                | Call::InitError { body, receipt } => {
                    assert_eq!(body, "body");
                    if accept { receipt.accept() } else { receipt.refuse() }
                }
            }
        };
        let (answer, ()) = tokio::join!(process, owner);
        assert_eq!((answer.status, answer.body.as_str()), expected, "{path}");
    }
}

#[tokio::test]
async fn an_answer_above_the_limit_is_read_to_its_end() {
    let mut api = RuntimeApi::start().await.unwrap();
    let url = api.address().to_string();
    let body = vec![b'x'; RESPONSE_LIMIT + 1];
    let process = async { post(&url, "/2018-06-01/runtime/invocation/a/response", &[], &body).await };
    let owner = async {
        let Call::Response { body, receipt, .. } = api.call().await else { panic!("not a response") };
        assert_eq!(body.len(), RESPONSE_LIMIT + 1);
        receipt.accept();
    };
    let (answer, ()) = tokio::join!(process, owner);
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("RequestEntityTooLarge"), "{}", answer.body);
}
