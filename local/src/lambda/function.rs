//! One function and its pool of processes.
//!
//! As in Lambda, a process handles one event at a time. Events that arrive meanwhile go to other processes, which then
//! stay warm. Lambda refuses events above its concurrency limit; here they wait for a process.

use std::{
    io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{
    invocation::Invocation,
    name::arn,
    report,
    request::Request,
    sandbox::{End, Sandbox},
    settings::Settings,
};
use crate::error::InvokeError;

#[derive(Debug)]
pub(super) struct Function {
    name: String,
    path: PathBuf,
    arn: String,
    settings: Settings,
    /// One permit for each process that may run.
    permits: Semaphore,
    idle: Mutex<Vec<Sandbox>>,
    stop: CancellationToken,
}

impl Function {
    pub(super) fn new(name: String, path: PathBuf, settings: Settings, stop: CancellationToken) -> Self {
        Self {
            arn: arn(&settings.region, &name),
            permits: Semaphore::new(settings.concurrency),
            idle: Mutex::default(),
            name,
            path,
            settings,
            stop,
        }
    }

    /// Invokes the function with these bytes, which may be anything.
    pub(super) async fn invoke(&self, payload: Bytes) -> Result<Invocation, InvokeError> {
        let request = Request::new(&self.arn, payload);
        let _permit = tokio::select! {
            permit = self.permits.acquire() => permit.map_err(|_| InvokeError::Stopped)?,
            () = self.stop.cancelled() => return Err(InvokeError::Stopped),
        };
        loop {
            let mut sandbox = match self.sandbox().await {
                Ok(sandbox) => sandbox,
                Err(error) => return Ok(report::not_started(&request, &self.path, &error)),
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
            // A warm process that ended while it was idle is replaced. The caller does not notice.
            if warm && matches!(end, End::ExitedBefore(_)) {
                continue;
            }
            let keep = matches!(end, End::Response(_) | End::Error(_));
            let peak_memory = sandbox.peak_memory();
            let invocation =
                report::invocation(&request, end, &times, sandbox.log(), self.settings.memory, peak_memory);
            let unwanted = if keep { self.keep(sandbox) } else { Some(sandbox) };
            if let Some(mut sandbox) = unwanted {
                sandbox.kill().await;
            }
            return Ok(invocation);
        }
    }

    /// Kills the idle processes and waits until they have ended. `stop` ends the others.
    pub(super) async fn end_idle(&self) {
        for mut sandbox in self.take_idle() {
            sandbox.kill().await;
        }
    }

    /// Removes the idle processes from the pool.
    pub(super) fn take_idle(&self) -> Vec<Sandbox> {
        std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the idle process that was used last, or starts one.
    async fn sandbox(&self) -> io::Result<Sandbox> {
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

    /// Puts `sandbox` into the pool. Returns it if the Lambda is stopping.
    fn keep(&self, sandbox: Sandbox) -> Option<Sandbox> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // Checked under the lock: `stop` is cancelled before the idle processes are taken.
        if self.stop.is_cancelled() {
            return Some(sandbox);
        }
        idle.push(sandbox);
        None
    }
}
