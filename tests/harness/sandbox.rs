//! Runs a function's process under the test's own Runtime API. The process takes several events at once, and the test
//! can stop it and measure its memory.

use std::{
    collections::{HashMap, VecDeque},
    process::{Child, Command, Stdio},
    time::Duration,
};

use local::{
    FunctionError,
    runtime_api::{Call, Event, EventRequest, RuntimeApi},
};
use serde_json::Value;

use super::FUNCTIONS;

/// The answer to an event, or its error.
pub(crate) type Answer = Result<Value, FunctionError>;

/// A function's process. Dropping it kills the process.
pub(crate) struct Sandbox {
    api: RuntimeApi,
    child: Child,
    /// The unanswered requests for an event, the oldest first.
    idle: VecDeque<EventRequest>,
    events: usize,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Sandbox {
    /// Starts a function with these variables that takes this number of events at once.
    pub(crate) async fn start(function: &str, at_once: usize, environment: &[(&str, &str)]) -> Self {
        let api = RuntimeApi::start().await.unwrap();
        let (_, binary) = FUNCTIONS.into_iter().find(|(name, _)| *name == function).unwrap();
        let child = Command::new(binary)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
            .env("AWS_LAMBDA_MAX_CONCURRENCY", at_once.to_string())
            .envs([
                ("AWS_LAMBDA_FUNCTION_NAME", function),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_REGION", "us-east-1"),
                ("AWS_SECRET_ACCESS_KEY", "local"),
            ])
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { api, child, idle: VecDeque::new(), events: 0 }
    }

    /// The answer to one event.
    pub(crate) async fn invoke(&mut self, event: Value, timeout: Duration) -> Answer {
        self.run(vec![event], 1, timeout).await.remove(0)
    }

    /// The answers to the events, in their order. At most this number of events is under way at once.
    pub(crate) async fn run(&mut self, events: Vec<Value>, at_once: usize, timeout: Duration) -> Vec<Answer> {
        let first = self.events;
        let mut waiting: VecDeque<Value> = events.into();
        self.events += waiting.len();
        let mut answers = HashMap::new();
        let (mut sent, last) = (first, self.events);
        while answers.len() < last - first {
            while sent - first - answers.len() < at_once
                && let Some(request) = self.idle.pop_front()
            {
                // The process's connection has broken. The process requests an event again on another connection.
                if request.is_abandoned() {
                    continue;
                }
                let Some(event) = waiting.pop_front() else {
                    self.idle.push_front(request);
                    break;
                };
                request.answer(Event {
                    request_id: sent.to_string(),
                    deadline: Event::deadline_in(timeout),
                    function_arn: "arn:aws:lambda:us-east-1:123456789012:function:test".to_owned(),
                    trace_id: String::new(),
                    payload: event.to_string().into(),
                });
                sent += 1;
            }
            match self.api.call().await {
                Call::Next(request) => self.idle.push_back(request),
                Call::Response { id, body, receipt } => {
                    receipt.accept();
                    let answer = serde_json::from_slice(&body).unwrap();
                    assert!(
                        answers.insert(id.parse::<usize>().unwrap(), Ok(answer)).is_none(),
                        "two answers to one event"
                    );
                }
                Call::Error { id, body, receipt } => {
                    receipt.accept();
                    let error = serde_json::from_slice(&body).unwrap();
                    assert!(
                        answers.insert(id.parse::<usize>().unwrap(), Err(error)).is_none(),
                        "two answers to one event"
                    );
                }
                Call::InitError { body, .. } => panic!("{body:?}"),
            }
        }
        (first..last).map(|number: usize| answers.remove(&number).unwrap()).collect()
    }

    /// Waits until this number of requests for an event has arrived.
    pub(crate) async fn idle(&mut self, workers: usize) {
        while self.idle.len() < workers {
            match self.api.call().await {
                Call::Next(request) => self.idle.push_back(request),
                call => panic!("{call:?}"),
            }
        }
    }

    /// Stops the process, as Lambda does between two events.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Continues a stopped process.
    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// The memory that the process holds, in kilobytes. `None` if the system does not report it.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    }
}
