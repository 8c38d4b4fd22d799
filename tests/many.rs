//! Concurrent events in one process, as on Lambda Managed Instances. The binary is the same, but
//! `AWS_LAMBDA_MAX_CONCURRENCY` is set.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File},
    process::{Child, Command},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{
        Mutex,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
};

use crate::harness::Harness;

const EVENTS: usize = 64;

/// A Runtime API for a process that requests several events at once.
struct RuntimeApi {
    events: Mutex<UnboundedReceiver<(String, Value)>>,
    answers: UnboundedSender<(String, bool, HeaderMap, Bytes)>,
}

async fn next(State(api): State<Arc<RuntimeApi>>) -> Response<String> {
    let Some((id, event)) = api.events.lock().await.recv().await else { return std::future::pending().await };
    #[expect(clippy::disallowed_methods, reason = "the clock of this Lambda is the machine's")]
    let now = SystemTime::now();
    let deadline = now.duration_since(UNIX_EPOCH).unwrap() + Duration::from_secs(30);
    Response::builder()
        .header("lambda-runtime-aws-request-id", &id)
        .header("lambda-runtime-invocation-id", format!("invocation {id}"))
        .header("lambda-runtime-deadline-ms", deadline.as_millis().to_string())
        .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:get-item")
        .header("lambda-runtime-trace-id", format!("Root=1-{id}"))
        .body(event.to_string())
        .unwrap()
}

async fn answer(
    State(api): State<Arc<RuntimeApi>>,
    Path((id, kind)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) {
    api.answers.send((id, kind == "response", headers, body)).unwrap();
}

/// A process of `get-item` that takes eight events at once. Dropping it kills the process.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Process {
    fn start(runtime_api: &str, dynamodb: &str, key: &str, log: &std::path::Path) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_get-item"))
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", runtime_api),
                ("AWS_LAMBDA_MAX_CONCURRENCY", "8"),
                ("AWS_LAMBDA_FUNCTION_NAME", "get-item"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
                ("AWS_LAMBDA_LOG_LEVEL", "DEBUG"),
                ("AWS_REGION", "us-east-1"),
                ("AWS_ACCESS_KEY_ID", key),
                ("AWS_SECRET_ACCESS_KEY", "local"),
                ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
            ])
            .stdout(File::create(log).unwrap())
            .spawn()
            .unwrap();
        Self(child)
    }
}

#[tokio::test]
async fn concurrent_events_get_their_own_answers_and_the_table_is_described_once() {
    let key = Harness::key();
    let harness = Harness::with(|builder| builder.env("AWS_ACCESS_KEY_ID", &key)).await;
    harness.table("Tab", false).await;
    for number in 0..EVENTS {
        harness.put("Tab", json!({"id": number.to_string(), "number": number})).await;
    }
    harness.proxy().take_seen();

    let (send_event, events) = unbounded_channel();
    let (send_answer, mut answers) = unbounded_channel();
    let api = Arc::new(RuntimeApi { events: Mutex::new(events), answers: send_answer });
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/{kind}", post(answer))
        .with_state(api);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    for number in 0..EVENTS {
        // Every fourth event fails.
        let event = if number % 4 == 3 {
            json!({"tableName": "Tab", "nonsense": number})
        } else {
            json!({"tableName": "Tab", "hashKeyValue": number, "outputFormat": "plain"})
        };
        send_event.send((format!("id{number}"), event)).unwrap();
    }
    let log = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{key}.log"));
    let process = Process::start(&address, harness.proxy().url(), &key, &log);
    let mut got = HashMap::new();
    while got.len() < EVENTS {
        let (id, answered, headers, body) = answers.recv().await.unwrap();
        assert_eq!(headers["lambda-runtime-invocation-id"], format!("invocation {id}"));
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert!(got.insert(id, (answered, body)).is_none(), "two answers to one event");
    }
    for number in 0..EVENTS {
        let (answered, body) = &got[&format!("id{number}")];
        if number % 4 == 3 {
            assert!(!answered && body["errorType"] == "InvalidInput", "{body}");
        } else {
            assert!(*answered && body["data"]["result"]["Item"]["number"] == number, "{body}");
        }
    }
    let seen = harness.proxy().take_seen();
    let described = seen.iter().filter(|call| call.operation == "DescribeTable").count();
    assert_eq!(described, 1, "those that came at the same time wait for the first");
    for call in seen.iter().filter(|call| call.operation == "GetItem") {
        let key: Value = serde_json::from_str(&call.text()).unwrap();
        let number = key["Key"]["id"]["S"].as_str().unwrap();
        assert_eq!(call.headers["x-amzn-trace-id"], format!("Root=1-id{number}"), "each call in its own trace");
    }
    drop(process);
    let log = fs::read_to_string(&log).unwrap();
    let (mut called, mut answered) = (HashSet::new(), HashSet::new());
    for line in log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let id = line["requestId"].as_str();
        match line["message"].as_str().unwrap() {
            "warmed up" => assert_eq!(id, None),
            "called" if line["operation"] == "GetItem" => assert!(called.insert(id.unwrap().to_owned()), "{line}"),
            "answered" => {
                let id = id.unwrap();
                assert_eq!(line["traceId"], format!("Root=1-{id}"), "each line with its own invocation's id");
                answered.insert(id.to_owned());
            }
            _ => assert!(id.is_some(), "{line}"),
        }
    }
    assert_eq!(called.len(), EVENTS * 3 / 4);
    assert_eq!(called, answered);
    server.abort();
}
