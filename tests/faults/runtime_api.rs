//! Lambda's Runtime API in trouble, with many events at once: a lost answer or a failed call for an event ends nothing.

use std::{
    collections::HashSet,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// How many events the process takes at once.
const AT_ONCE: usize = 8;

/// A function without calls under a Runtime API that the test speaks itself; killed when dropped.
struct Function {
    listener: TcpListener,
    child: Child,
}

impl Drop for Function {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Function {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_select-region"))
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", listener.local_addr().unwrap().to_string().as_str()),
                ("AWS_LAMBDA_MAX_CONCURRENCY", AT_ONCE.to_string().as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "select-region"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
                ("AWS_REGION", "us-east-1"),
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { listener, child }
    }

    /// The next request: its line, and the connection to answer on.
    async fn request(&self) -> (String, TcpStream) {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let line = read(&mut stream).await;
        (line, stream)
    }

    /// The processor time that the process has used, in seconds; `None` where the system does not say.
    fn processor_time(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: u32 = fields[11..13].iter().filter_map(|ticks| ticks.parse::<u32>().ok()).sum();
        Some(f64::from(ticks) / 100.0)
    }

    /// What it has logged, when it is ended.
    fn log(mut self) -> String {
        self.child.kill().unwrap();
        std::io::read_to_string(self.child.stdout.take().unwrap()).unwrap()
    }
}

/// Reads one request with its body, and returns its first line.
async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return head.lines().next().unwrap().to_owned();
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return String::new();
        }
    }
}

/// Answers a call for an event. The connection is closed after it, so that each request has its own.
async fn send_event(mut stream: TcpStream, id: &str) {
    let body = json!({}).to_string();
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\nlambda-runtime-deadline-ms: 99999999999999";
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:select-region";
    let answer = format!(
        "{head}\r\nlambda-runtime-aws-request-id: {id}\r\nlambda-runtime-invoked-function-arn: {arn}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
}

async fn accept(mut stream: TcpStream) {
    stream.write_all(b"HTTP/1.1 202 Accepted\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_ends_no_worker_and_is_logged() {
    const EVENTS: usize = 64;
    let function = Function::start().await;
    let (mut sent, mut lost, mut answered) = (0, 0, HashSet::new());
    let mut idle = Vec::new();
    while sent < EVENTS || idle.len() < AT_ONCE {
        let (line, stream) = function.request().await;
        if line.starts_with("GET ") && sent < EVENTS {
            send_event(stream, &format!("id{sent}")).await;
            sent += 1;
        } else if line.starts_with("GET ") {
            idle.push(stream);
        } else if lost < 2 * AT_ONCE {
            // Twice as many as there are workers.
            lost += 1;
            stream.set_zero_linger().unwrap();
        } else if !line.is_empty() {
            answered.insert(line);
            accept(stream).await;
        }
    }
    assert!(answered.len() >= EVENTS - 2 * AT_ONCE, "{}", answered.len());
    let log = function.log();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let errors = lines.filter(|line| line["level"] == "ERROR" || line["level"] == "WARN").count();
    assert!(errors >= 1, "{log}");
}

#[tokio::test]
async fn a_failed_call_for_an_event_is_made_again_without_haste() {
    let function = Function::start().await;
    // All workers are there.
    let mut idle = Vec::new();
    while idle.len() < AT_ONCE {
        let (_, stream) = function.request().await;
        idle.push(stream);
    }
    for stream in idle {
        stream.set_zero_linger().unwrap();
    }
    let before = function.processor_time();
    let (mut failed, started) = (0, std::time::Instant::now());
    while started.elapsed() < Duration::from_secs(1) {
        if let Ok((_, stream)) = tokio::time::timeout(Duration::from_millis(100), function.request()).await {
            stream.set_zero_linger().unwrap();
            failed += 1;
        }
    }
    if let (Some(before), Some(after)) = (before, function.processor_time()) {
        assert!(after - before < 0.3, "{failed} calls in a second took {} s of processor", after - before);
    }
    assert!(failed < 40 * AT_ONCE, "{failed} calls in a second");
    // The workers are all there again.
    let mut idle = 0;
    while idle < AT_ONCE {
        let (line, _stream) = function.request().await;
        idle += usize::from(line.starts_with("GET "));
    }
}
