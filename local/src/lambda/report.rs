//! The result of an invocation in Lambda's words: its error objects and its `REPORT` line.

use std::{io, time::Duration};

use bytes::Bytes;

use super::{
    function_error::error_object,
    invocation::Invocation,
    log::Log,
    process::describe,
    request::Request,
    runtime_api::RESPONSE_LIMIT,
    sandbox::{End, Times},
};

/// Writes the end of an invocation to the log and returns its result. `memory` is the memory size in megabytes that the
/// function was told. `peak_memory` is in bytes.
pub(super) fn invocation(
    request: &Request,
    end: End,
    times: &Times,
    log: &Log,
    memory: u32,
    peak_memory: Option<u64>,
) -> Invocation {
    let id = &request.id;
    let Outcome { payload, failed, status } = Outcome::of(end, id, log);
    log.line(&format!("END RequestId: {id}"));
    log.line(&format!("REPORT RequestId: {id}\t{}{status}", measurements(times, memory, peak_memory)));
    Invocation { payload, failed, request_id: id.clone(), log: log.take(), duration: times.duration, init: times.init }
}

/// The result of an invocation whose process could not be started: the binary exists but cannot be run.
pub(super) fn not_started(request: &Request, path: &std::path::Path, error: &io::Error) -> Invocation {
    let message = format!("RequestId: {} Error: cannot run `{}`: {error}", request.id, path.display());
    Invocation {
        payload: error_object("Runtime.InvalidEntrypoint", &message),
        failed: true,
        request_id: request.id.clone(),
        log: format!("{message}\n"),
        duration: Duration::ZERO,
        init: None,
    }
}

struct Outcome {
    payload: Bytes,
    failed: bool,
    /// The end of the `REPORT` line.
    status: String,
}

impl Outcome {
    fn of(end: End, id: &str, log: &Log) -> Self {
        match end {
            End::Response(body) if body.len() > RESPONSE_LIMIT => Self::error(
                "Function.ResponseSizeTooLarge",
                &format!(
                    "Response payload size ({} bytes) exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes).",
                    body.len()
                ),
            ),
            End::Response(payload) => Self { payload, failed: false, status: String::new() },
            End::Error(payload) | End::InitError(payload) => Self { payload, failed: true, status: String::new() },
            End::ExitedBefore(status) | End::Exited(status) => {
                let message = format!("RequestId: {id} Error: {}", describe(status));
                log.line(&message);
                Self::error("Runtime.ExitError", &message)
            }
            End::TimedOut(limit) => {
                let text = format!("Task timed out after {:.2} seconds", limit.as_secs_f64());
                log.line(&format!("{id} {text}"));
                let message = format!("RequestId: {id} Error: {text}");
                Self { status: "\tStatus: timeout".to_owned(), ..Self::error("Sandbox.Timedout", &message) }
            }
        }
    }

    fn error(error_type: &str, message: &str) -> Self {
        let status = format!("\tStatus: error\tError Type: {error_type}");
        Self { payload: error_object(error_type, message), failed: true, status }
    }
}

fn measurements(times: &Times, memory: u32, peak_memory: Option<u64>) -> String {
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1000.0;
    let duration = milliseconds(times.duration);
    let used = peak_memory.map(|bytes| format!("\tMax Memory Used: {} MB", bytes.div_ceil(1024 * 1024)));
    let init = times.init.map(|init| format!("\tInit Duration: {:.2} ms", milliseconds(init)));
    format!(
        "Duration: {duration:.2} ms\tBilled Duration: {:.0} ms\tMemory Size: {memory} MB{}{}",
        duration.ceil(),
        used.unwrap_or_default(),
        init.unwrap_or_default()
    )
}
