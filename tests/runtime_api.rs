//! A Runtime API that fails: it closes connections in the middle of a call.

use std::{
    collections::HashSet,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    sync::{
        Mutex,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    task::JoinSet,
};

/// The behaviour of the Runtime API.
struct Script {
    /// The IDs of the events to send.
    events: Mutex<UnboundedReceiver<String>>,
    /// The number of calls for an event that fail before one succeeds.
    failing_calls: AtomicUsize,
    /// The number of posts of an answer that fail before one succeeds.
    failing_posts: AtomicUsize,
    /// The IDs of events, each with whether the Runtime API accepted the answer.
    posted: UnboundedSender<(String, bool)>,
}

impl Script {
    /// Counts down the remaining failures. Returns false if none are left.
    fn fails(left: &AtomicUsize) -> bool {
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// Answers the calls on one connection. Returning closes the connection.
    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let (mut head, mut length) = (String::new(), 0);
            while stream.read_line(&mut head).await.ok()? > 2 {
                let last = head.lines().last()?.to_ascii_lowercase();
                if let Some(digits) = last.strip_prefix("content-length:") {
                    length = digits.trim().parse().ok()?;
                }
            }
            stream.read_exact(&mut vec![0; length]).await.ok()?;
            let path = head.split(' ').nth(1)?;
            let response = if path.ends_with("/next") {
                if Self::fails(&self.failing_calls) {
                    return None;
                }
                let id = self.events.lock().await.recv().await?;
                format!(
                    "HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: {id}\r\nlambda-runtime-deadline-ms: 0\r\n\
                     lambda-runtime-invoked-function-arn: arn\r\ncontent-length: 2\r\n\r\n{{}}"
                )
            } else {
                let id = path.split('/').nth_back(1)?.to_owned();
                let fails = Self::fails(&self.failing_posts);
                self.posted.send((id, !fails)).ok()?;
                if fails {
                    return None;
                }
                "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_owned()
            };
            stream.write_all(response.as_bytes()).await.ok()?;
        }
    }
}

/// A function that takes events from a Runtime API. Dropping it kills the process.
struct Running {
    process: Child,
    events: UnboundedSender<String>,
    posted: UnboundedReceiver<(String, bool)>,
    _api: JoinSet<()>,
}

impl Running {
    async fn start(at_once: usize, failing_calls: usize, failing_posts: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (events, receiver) = unbounded_channel();
        let (sender, posted) = unbounded_channel();
        let script = Arc::new(Script {
            events: Mutex::new(receiver),
            failing_calls: failing_calls.into(),
            failing_posts: failing_posts.into(),
            posted: sender,
        });
        let mut api = JoinSet::new();
        api.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let script = Arc::clone(&script);
                connections.spawn(async move { script.serve(stream).await });
            }
        });
        let process = Command::new(env!("CARGO_BIN_EXE_select-region"))
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
                ("AWS_LAMBDA_MAX_CONCURRENCY", &at_once.to_string()),
                ("AWS_LAMBDA_FUNCTION_NAME", "select-region"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
                ("AWS_REGION", "us-east-1"),
            ])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self { process, events, posted, _api: api }
    }

    /// Sends `count` events. Returns the IDs of the events whose answers were accepted, and of the others.
    async fn answers(&mut self, count: usize) -> [HashSet<String>; 2] {
        let mut ids: [HashSet<String>; 2] = Default::default();
        for number in 0..count {
            self.events.send(format!("id{number}")).unwrap();
        }
        for _ in 0..count {
            let (id, taken) = self.posted.recv().await.unwrap();
            assert!(ids[usize::from(!taken)].insert(id), "two answers to one event");
        }
        ids
    }

    /// Kills the process. Returns the error lines of its log.
    async fn errors(mut self) -> Vec<Value> {
        self.process.kill().await.unwrap();
        let mut log = String::new();
        self.process.stdout.take().unwrap().read_to_string(&mut log).await.unwrap();
        let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["level"] == "ERROR").collect()
    }
}

#[tokio::test]
async fn a_failed_post_of_an_answer_is_logged_and_the_next_event_is_answered() {
    for at_once in [1, 8] {
        let mut running = Running::start(at_once, 0, 12).await;
        let [taken, lost] = running.answers(40).await;
        assert_eq!((taken.len(), lost.len()), (28, 12), "{at_once} at once");
        let errors = running.errors().await;
        let logged: HashSet<_> = errors.iter().map(|line| line["requestId"].as_str().unwrap().to_owned()).collect();
        assert_eq!(logged, lost, "{at_once} at once: {errors:#?}");
    }
}

#[tokio::test]
async fn repeats_a_failed_call_for_an_event() {
    for at_once in [1, 8] {
        let mut running = Running::start(at_once, 3, 0).await;
        let [taken, lost] = running.answers(10).await;
        assert_eq!((taken.len(), lost.len()), (10, 0), "{at_once} at once");
        let errors = running.errors().await;
        let expected = if at_once == 1 { 3 } else { 0 };
        assert_eq!(errors.len(), expected, "{errors:#?}");
        assert!(errors.iter().all(|line| line["message"] == json!("no event from Lambda; asking again")));
    }
}
