//! One process of a function with the Runtime API that serves it. It handles one event at a time.

use std::{io, path::Path, process::ExitStatus, time::Duration};

use bytes::Bytes;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{
    environment,
    log::Log,
    process::Process,
    request::Request,
    runtime_api::{Call, Event, EventRequest, RuntimeApi},
    settings::Settings,
};

/// How an invocation ended.
#[derive(Debug)]
pub(super) enum End {
    /// The process answered.
    Response(Bytes),
    /// The process reported an error.
    Error(Bytes),
    /// The process reported that it cannot start.
    InitError(Bytes),
    /// The process ended before it was given the event.
    ExitedBefore(io::Result<ExitStatus>),
    /// The process ended after it was given the event.
    Exited(io::Result<ExitStatus>),
    /// The process did not answer within this time.
    TimedOut(Duration),
}

/// How long an invocation took.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// From the process's start until it asked for an event. Only for the first invocation of a process.
    pub(super) init: Option<Duration>,
    /// From handing the event over to the end.
    pub(super) duration: Duration,
}

/// A process and its Runtime API. Dropping it kills the process.
#[derive(Debug)]
pub(super) struct Sandbox {
    process: Process,
    api: RuntimeApi,
    log: Log,
    /// When the process was started. `None` after it has asked for its first event.
    starting: Option<Instant>,
    timeout: Duration,
    init_timeout: Duration,
}

impl Sandbox {
    /// Starts a process of `function`, whose binary is at `path`.
    pub(super) async fn start(settings: &Settings, function: &str, path: &Path) -> io::Result<Self> {
        let api = RuntimeApi::start().await.map_err(io::Error::other)?;
        let log = Log::new(settings.show_logs.then_some(function));
        let log_stream = format!("local/[$LATEST]{}", Uuid::new_v4().simple());
        let environment = environment::of_process(settings, function, path, api.address(), &log_stream);
        let starting = Some(Instant::now());
        let process = Process::start(path, environment, &log)?;
        Ok(Self { process, api, log, starting, timeout: settings.timeout, init_timeout: settings.init_timeout })
    }

    pub(super) fn is_running(&mut self) -> bool {
        self.process.is_running()
    }

    /// Whether the process has been given an event before.
    pub(super) fn is_warm(&self) -> bool {
        self.starting.is_none()
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// The most memory that the process has ever held, in bytes.
    pub(super) fn peak_memory(&self) -> Option<u64> {
        self.process.peak_memory()
    }

    /// Kills the process and waits until it has ended.
    pub(super) async fn kill(&mut self) {
        self.process.kill().await;
    }

    /// Runs one invocation to its end. Afterwards, everything that the process printed is in the log.
    pub(super) async fn run(&mut self, request: &Request) -> (End, Times) {
        let mut times = Times::default();
        let end = match self.idle().await {
            Ok(event_request) => {
                times.init = self.starting.take().map(|start| start.elapsed());
                let start = Instant::now();
                self.log.line(&format!("START RequestId: {} Version: $LATEST", request.id));
                let end = self.answer(request, event_request, start + self.timeout).await;
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
    async fn idle(&mut self) -> Result<EventRequest, End> {
        // A warm process gets the time of an invocation: it may have work left from the event before.
        let (from, limit) = match self.starting {
            Some(start) => (start, self.init_timeout),
            None => (Instant::now(), self.timeout),
        };
        loop {
            let call = tokio::select! {
                biased;
                call = self.api.call() => call,
                status = self.process.ended() => return Err(End::ExitedBefore(status)),
                () = sleep_until(from + limit) => return Err(End::TimedOut(limit)),
            };
            match call {
                // The request came on a connection that has broken since.
                Call::Next(event_request) if event_request.is_abandoned() => {}
                Call::Next(event_request) => return Ok(event_request),
                Call::Response { receipt, .. } | Call::Error { receipt, .. } => receipt.refuse(),
                Call::InitError { body, receipt } => {
                    receipt.accept();
                    return Err(End::InitError(body));
                }
            }
        }
    }

    /// Sends the event to the process and waits for its answer.
    async fn answer(&mut self, request: &Request, event_request: EventRequest, deadline: Instant) -> End {
        event_request.answer(Event {
            request_id: request.id.clone(),
            deadline: Event::deadline_in(self.timeout),
            function_arn: request.function_arn.clone(),
            trace_id: request.trace_id.clone(),
            payload: request.payload.clone(),
        });
        loop {
            let call = tokio::select! {
                biased;
                call = self.api.call() => call,
                status = self.process.ended() => return End::Exited(status),
                () = sleep_until(deadline) => return End::TimedOut(self.timeout),
            };
            match call {
                Call::Response { id, body, receipt } if id == request.id => {
                    receipt.accept();
                    return End::Response(body);
                }
                Call::Error { id, body, receipt } if id == request.id => {
                    receipt.accept();
                    return End::Error(body);
                }
                Call::Response { receipt, .. } | Call::Error { receipt, .. } => receipt.refuse(),
                Call::InitError { body, receipt } => {
                    receipt.accept();
                    return End::InitError(body);
                }
                // The process asks for another event before it has answered this one. Lambda refuses that.
                Call::Next(event_request) => drop(event_request),
            }
        }
    }
}
