//! From Lambda's event to Lambda's answer; the only room that knows `lambda_runtime`.
//!
//! - [`run`], [`run_offline`]: a whole function
//! - `service`: Lambda's Runtime API: bytes in, bytes out
//! - `invocation`: an event to its end, before the deadline and in spite of panics
//! - `report`: what is told of it: the log line, the metrics

mod invocation;
mod report;
mod service;

use std::{env, process::ExitCode, sync::Arc, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use tracing::error;

use self::{invocation::note_panics, report::Reporter};
use crate::{
    answer::Answer,
    call::{Call, Circumstances},
    connection::Clients,
    error::Error,
    event::{self, Event, Members},
    input::FromInputs,
    log, setting,
};

/// The largest answer that Lambda takes from a function:
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
pub const LARGEST_ANSWER: usize = 6_291_556;

/// How long a function may take at its start to open a connection that its first event will use.
const WARM_UP: Duration = Duration::from_secs(1);

/// Serves an action as a Lambda function, until Lambda ends the process. `name` is the action's in logs and metrics:
/// `env!("CARGO_BIN_NAME")`.
///
/// Several invocations run at once where Lambda says so (`AWS_LAMBDA_MAX_CONCURRENCY`, Lambda Managed Instances), one
/// at a time elsewhere.
pub fn run<I, F>(name: &'static str, action: impl Fn(Arc<Call>, I) -> F + Send + Sync + 'static) -> ExitCode
where
    I: FromInputs,
    F: Future<Output = Result<Answer, Error>> + Send + 'static,
{
    serve(
        name,
        true,
        Box::new(move |members, clients, circumstances| {
            let Event { common, input } = event::read::<Event<I>>(members)?;
            let call = Arc::new(common.call(clients, circumstances)?);
            Ok(Work { call: Some(Arc::clone(&call)), answer: action(call, input).boxed() })
        }),
    )
}

/// Serves what calls nobody, such as a pick-list out of a table.
pub fn run_offline<I: FromInputs>(
    name: &'static str,
    action: impl Fn(I) -> Result<Answer, Error> + Send + Sync + 'static,
) -> ExitCode {
    serve(
        name,
        false,
        Box::new(move |members, _, _| {
            let answer = action(event::read(members)?);
            Ok(Work { call: None, answer: std::future::ready(answer).boxed() })
        }),
    )
}

/// What one process has, for all invocations.
struct Function {
    prepare: Prepare,
    clients: Clients,
    largest_answer: usize,
    /// Whether a load balancer's health checks are answered (`HTTP_HEALTH_CHECK`).
    answers_health_checks: bool,
    reporter: Reporter,
}

/// An event that was understood.
struct Work {
    /// Its dealings with DynamoDB, where it has any.
    call: Option<Arc<Call>>,
    answer: BoxFuture<'static, Result<Answer, Error>>,
}

/// From an event's members to the work that it asks for. Boxed, so that all that follows is compiled once, not once for
/// each binary.
type Prepare = Box<dyn Fn(Members<'_>, &Clients, Circumstances) -> Result<Work, Error> + Send + Sync>;

fn serve(name: &'static str, calls_dynamodb: bool, prepare: Prepare) -> ExitCode {
    log::init();
    note_panics();
    if env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        error!("this is a Lambda function, which Lambda starts; on one machine: cargo run -- invoke NAME EVENT");
        return ExitCode::FAILURE;
    }
    let many = service::concurrency() > 1;
    let mut runtime =
        if many { tokio::runtime::Builder::new_multi_thread() } else { tokio::runtime::Builder::new_current_thread() };
    let result = runtime.enable_all().build().map_err(|error| error.to_string()).and_then(|runtime| {
        runtime.block_on(async {
            let clients = Clients::from_env().map_err(|error| error.to_string())?;
            let largest_answer = largest_answer().map_err(|error| error.to_string())?;
            let answers_health_checks =
                setting::flag("HTTP_HEALTH_CHECK").map_err(|error| error.to_string())?.unwrap_or(false);
            if calls_dynamodb {
                // What fails here, the first event will tell.
                let _ = tokio::time::timeout(WARM_UP, clients.warm_up()).await;
            }
            let reporter = Reporter::from_env(name);
            service::serve(Function { prepare, clients, largest_answer, answers_health_checks, reporter })
                .await
                .map_err(|error| error.to_string())
        })
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!(error, "the function ends");
            ExitCode::FAILURE
        }
    }
}

/// `MAX_RESPONSE_BYTES`, or what Lambda takes.
fn largest_answer() -> Result<usize, Error> {
    let most = LARGEST_ANSWER as u64;
    setting::number("MAX_RESPONSE_BYTES", 1..=most, most).map(|bytes| usize::try_from(bytes).unwrap_or(LARGEST_ANSWER))
}
