//! One function: its pool of processes, and the words in which Lambda reports what they do.
//!
//! As in Lambda, a process takes one event at a time; events that come meanwhile go to other processes, which stay
//! warm for later. Unlike Lambda, which refuses events above its concurrency limit, they wait here for a process.

use std::{
    io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{
    error::InvokeError,
    invocation::{Invocation, error_object},
    log::Log,
    process::describe,
    runtime_api::RESPONSE_LIMIT,
    sandbox::{End, Request, Sandbox, Times},
};

/// What all functions of a Lambda have in common.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) region: String,
    /// Megabytes; told to the function, not enforced.
    pub(crate) memory: u32,
    pub(crate) timeout: Duration,
    /// How long a process may take to ask for its first event.
    pub(crate) init_timeout: Duration,
    /// The most processes of one function.
    pub(crate) concurrency: usize,
    pub(crate) show_logs: bool,
}

/// A function and its processes.
#[derive(Debug)]
pub(crate) struct Function {
    name: String,
    path: PathBuf,
    arn: String,
    settings: Settings,
    places: Semaphore,
    idle: Mutex<Vec<Sandbox>>,
    stop: CancellationToken,
}

impl Function {
    pub(crate) fn new(name: String, path: PathBuf, settings: Settings, stop: CancellationToken) -> Self {
        Self {
            arn: arn(&settings.region, &name),
            places: Semaphore::new(settings.concurrency),
            idle: Mutex::default(),
            name,
            path,
            settings,
            stop,
        }
    }

    /// Invokes the function with these bytes, whatever they are.
    pub(crate) async fn invoke(&self, payload: Bytes) -> Result<Invocation, InvokeError> {
        let request = Request::new(&self.arn, payload);
        let _place = tokio::select! {
            place = self.places.acquire() => place.map_err(|_| InvokeError::Stopped)?,
            () = self.stop.cancelled() => return Err(InvokeError::Stopped),
        };
        loop {
            let mut sandbox = match self.process().await {
                Ok(sandbox) => sandbox,
                Err(error) => return Ok(self.not_started(&request, &error)),
            };
            let warm = sandbox.is_warm();
            let (end, times) = tokio::select! {
                biased;
                () = self.stop.cancelled() => {
                    sandbox.kill().await;
                    return Err(InvokeError::Stopped);
                }
                end = sandbox.run(&request) => end,
            };
            // One that ended while it was idle is replaced, and the caller does not notice.
            if warm && matches!(end, End::Untouched(_)) {
                continue;
            }
            let keep = matches!(end, End::Response(_) | End::Error(_));
            let invocation = self.report(&request, end, &times, sandbox.log(), sandbox.peak_memory());
            let ended = if keep { self.keep(sandbox) } else { Some(sandbox) };
            if let Some(mut sandbox) = ended {
                sandbox.kill().await;
            }
            return Ok(invocation);
        }
    }

    /// Kills the idle processes, and waits until they are gone. The others end with `stop`.
    pub(crate) async fn end_idle(&self) {
        for mut sandbox in self.take_idle() {
            sandbox.kill().await;
        }
    }

    /// Takes the idle processes out of the pool.
    pub(crate) fn take_idle(&self) -> Vec<Sandbox> {
        std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// An idle process, the one used last first, or a new one.
    async fn process(&self) -> io::Result<Sandbox> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut sandbox) = idle else {
                return Sandbox::start(&self.settings, &self.name, &self.path).await;
            };
            if sandbox.is_running() {
                return Ok(sandbox);
            }
        }
    }

    /// Puts `sandbox` into the pool; gives it back where there is no use for it any more.
    fn keep(&self, sandbox: Sandbox) -> Option<Sandbox> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: who stops us says so before taking the idle ones.
        if self.stop.is_cancelled() {
            return Some(sandbox);
        }
        idle.push(sandbox);
        None
    }

    /// Puts the end of an invocation into Lambda's words.
    fn report(&self, request: &Request, end: End, times: &Times, log: &Log, memory: Option<u64>) -> Invocation {
        let id = &request.id;
        let (payload, failure) = match end {
            End::Response(body) if body.len() > RESPONSE_LIMIT => {
                let message = format!(
                    "Response payload size ({} bytes) exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes).",
                    body.len()
                );
                let error_type = "Function.ResponseSizeTooLarge";
                (error_object(error_type, &message), Some(error_type))
            }
            End::Response(body) => (body, None),
            End::Error(body) | End::InitError(body) => (body, Some("")),
            End::Untouched(status) | End::Exited(status) => {
                let error_type = "Runtime.ExitError";
                let message = format!("RequestId: {id} Error: {}", describe(status));
                log.line(&message);
                (error_object(error_type, &message), Some(error_type))
            }
            End::TimedOut(limit) => {
                let text = format!("Task timed out after {:.2} seconds", limit.as_secs_f64());
                log.line(&format!("{id} {text}"));
                let error_type = "Sandbox.Timedout";
                (error_object(error_type, &format!("RequestId: {id} Error: {text}")), Some(error_type))
            }
        };
        let status = match failure {
            Some("Sandbox.Timedout") => "\tStatus: timeout".to_owned(),
            Some("") | None => String::new(),
            Some(error_type) => format!("\tStatus: error\tError Type: {error_type}"),
        };
        log.line(&format!("END RequestId: {id}"));
        log.line(&format!("REPORT RequestId: {id}\t{}{status}", self.measures(times, memory)));
        Invocation {
            payload,
            failed: failure.is_some(),
            request_id: id.clone(),
            log: log.take(),
            duration: times.duration,
            init: times.init,
        }
    }

    fn measures(&self, times: &Times, memory: Option<u64>) -> String {
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1000.0;
        let duration = milliseconds(times.duration);
        let used = memory.map(|bytes| format!("\tMax Memory Used: {} MB", bytes.div_ceil(1024 * 1024)));
        let init = times.init.map(|init| format!("\tInit Duration: {:.2} ms", milliseconds(init)));
        format!(
            "Duration: {duration:.2} ms\tBilled Duration: {:.0} ms\tMemory Size: {} MB{}{}",
            duration.ceil(),
            self.settings.memory,
            used.unwrap_or_default(),
            init.unwrap_or_default()
        )
    }

    /// The binary is there and cannot be run.
    fn not_started(&self, request: &Request, error: &io::Error) -> Invocation {
        let message = format!("RequestId: {} Error: cannot run `{}`: {error}", request.id, self.path.display());
        Invocation {
            payload: error_object("Runtime.InvalidEntrypoint", &message),
            failed: true,
            request_id: request.id.clone(),
            log: format!("{message}\n"),
            duration: Duration::ZERO,
            init: None,
        }
    }
}

/// The ARN of a function of this Lambda's account.
pub(crate) fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:lambda:{region}:123456789012:function:{name}")
}
