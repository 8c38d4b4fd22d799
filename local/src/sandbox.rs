//! One process of a function with the Runtime API that serves it: takes one event at a time to its end.

use std::{
    io,
    process::ExitStatus,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep_until},
};
use uuid::Uuid;

use crate::{
    environment,
    function::Settings,
    log::Log,
    process::Process,
    runtime_api::{Call, Event, RuntimeApi},
};

/// An event for whichever process takes it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) trace_id: String,
    pub(crate) payload: Bytes,
}

impl Request {
    /// A request for the function at `arn`, with ids of its own.
    pub(crate) fn new(arn: &str, payload: Bytes) -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let (root, parent) = (Uuid::new_v4().simple().to_string(), Uuid::new_v4().simple().to_string());
        Self {
            id: Uuid::new_v4().to_string(),
            arn: arn.to_owned(),
            trace_id: format!("Root=1-{seconds:08x}-{};Parent={};Sampled=0", &root[..24], &parent[..16]),
            payload,
        }
    }
}

/// How it ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The process answered.
    Response(Bytes),
    /// The process said that it failed.
    Error(Bytes),
    /// The process said that it cannot start.
    InitError(Bytes),
    /// The process ended before it asked for an event: the event is untouched.
    Untouched(io::Result<ExitStatus>),
    /// The process ended with the event in its hands.
    Exited(io::Result<ExitStatus>),
    /// There was no answer in this time.
    TimedOut(Duration),
}

/// What an invocation took.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// For a process's first: from its start to its first question for an event.
    pub(crate) init: Option<Duration>,
    /// From handing the event over to the end.
    pub(crate) duration: Duration,
}

/// A process and its Runtime API. Dropping it kills the process.
#[derive(Debug)]
pub(crate) struct Sandbox {
    process: Process,
    api: RuntimeApi,
    log: Log,
    /// When the process was started, until it has asked for its first event.
    starting: Option<Instant>,
    timeout: Duration,
    init_timeout: Duration,
}

impl Sandbox {
    /// Starts a process of `function`, the binary at `path`.
    pub(crate) async fn start(settings: &Settings, function: &str, path: &std::path::Path) -> io::Result<Self> {
        let api = RuntimeApi::start().await.map_err(io::Error::other)?;
        let log = Log::new(settings.show_logs.then_some(function));
        let log_stream = format!("local/[$LATEST]{}", Uuid::new_v4().simple());
        let environment = environment::of_process(settings, function, path, api.address(), &log_stream);
        let starting = Some(Instant::now());
        let process = Process::start(path, environment, &log)?;
        Ok(Self { process, api, log, starting, timeout: settings.timeout, init_timeout: settings.init_timeout })
    }

    /// Whether its process has not ended yet.
    pub(crate) fn is_running(&mut self) -> bool {
        self.process.is_running()
    }

    /// Whether its process has been given an event already.
    pub(crate) fn is_warm(&self) -> bool {
        self.starting.is_none()
    }

    /// Its log.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// The most memory that its process ever held, in bytes.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        self.process.peak_memory()
    }

    /// Kills its process and waits until that is gone.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await;
    }

    /// Takes `request` to its end. Then all that the process printed is in the log.
    pub(crate) async fn run(&mut self, request: &Request) -> (End, Times) {
        let mut times = Times::default();
        let end = match self.asked().await {
            Ok(question) => {
                times.init = self.starting.take().map(|start| start.elapsed());
                let start = Instant::now();
                self.log.line(&format!("START RequestId: {} Version: $LATEST", request.id));
                let end = self.answered(request, question, start + self.timeout).await;
                times.duration = start.elapsed();
                end
            }
            Err(end) => end,
        };
        if let End::TimedOut(_) = end {
            self.process.kill().await;
        }
        self.process.drain().await;
        (end, times)
    }

    /// Waits until the process asks for an event.
    async fn asked(&mut self) -> Result<oneshot::Sender<Event>, End> {
        // A warm process had its time already; what it does between two events counts like an event.
        let (from, limit) = match self.starting {
            Some(start) => (start, self.init_timeout),
            None => (Instant::now(), self.timeout),
        };
        loop {
            let call = tokio::select! {
                biased;
                call = self.api.call() => call,
                status = self.process.ended() => return Err(End::Untouched(status)),
                () = sleep_until(from + limit) => return Err(End::TimedOut(limit)),
            };
            match call {
                // A question that nobody waits for any more is from a connection that broke.
                Call::Next(question) if question.is_closed() => {}
                Call::Next(question) => return Ok(question),
                Call::Response { reply, .. } | Call::Error { reply, .. } => refuse(reply),
                Call::InitError { body, reply } => {
                    accept(reply);
                    return Err(End::InitError(body));
                }
            }
        }
    }

    /// Answers the process's question with the event and waits for what it says to that.
    async fn answered(&mut self, request: &Request, question: oneshot::Sender<Event>, deadline: Instant) -> End {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let event = Event {
            request_id: request.id.clone(),
            deadline: (now + self.timeout).as_millis(),
            arn: request.arn.clone(),
            trace_id: request.trace_id.clone(),
            payload: request.payload.clone(),
        };
        // Where the question is withdrawn at this moment, the process is ending: seen below.
        let _ = question.send(event);
        loop {
            let call = tokio::select! {
                biased;
                call = self.api.call() => call,
                status = self.process.ended() => return End::Exited(status),
                () = sleep_until(deadline) => return End::TimedOut(self.timeout),
            };
            match call {
                Call::Response { id, body, reply } if id == request.id => {
                    accept(reply);
                    return End::Response(body);
                }
                Call::Error { id, body, reply } if id == request.id => {
                    accept(reply);
                    return End::Error(body);
                }
                Call::Response { reply, .. } | Call::Error { reply, .. } => refuse(reply),
                Call::InitError { body, reply } => {
                    accept(reply);
                    return End::InitError(body);
                }
                // It asks for another event without an answer to this one: that is refused, as Lambda does.
                Call::Next(question) => drop(question),
            }
        }
    }
}

fn accept(reply: oneshot::Sender<bool>) {
    // The process may be gone already.
    let _ = reply.send(true);
}

fn refuse(reply: oneshot::Sender<bool>) {
    let _ = reply.send(false);
}
