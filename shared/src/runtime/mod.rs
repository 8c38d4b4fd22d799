//! From Lambda's event to Lambda's answer. No other module knows `lambda_runtime`.
//!
//! - [`run`], [`run_offline`]: a whole function
//! - `service`: Lambda's Runtime API
//! - `invocation`: one event, answered before the deadline
//! - `report`: the log line and the metrics of an event
//! - `log`: how lines are written
//! - `panics`: where a panic was

mod invocation;
mod log;
mod panics;
mod report;
mod service;

use std::{env, process::ExitCode, sync::Arc, time::Duration};

use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::box_error::BoxError;
use futures_util::{FutureExt as _, future::BoxFuture};
use tracing::error;

use self::report::Reporter;
use crate::{
    actions::{Context, Definition, Event, Limits, definition::EventType},
    answer::Answer,
    connection::Clients,
    error::Error,
    input::{FromInputs, Members, read_event},
    keys::Schemas,
    settings::{self, Settings},
};

/// How long a function may take at its start to open a connection for its first event.
const WARM_UP: Duration = Duration::from_secs(1);

/// Serves an action as a Lambda function, until Lambda ends the process. The definition's name is the action's name in logs and metrics.
///
/// On Lambda Managed Instances, which set `AWS_LAMBDA_MAX_CONCURRENCY`, several invocations run at once. Elsewhere, one does.
pub fn run<I, F>(
    definition: &'static Definition,
    action: impl Fn(Arc<Context>, I) -> F + Send + Sync + 'static,
) -> ExitCode
where
    I: FromInputs,
    F: Future<Output = Result<Answer, Error>> + Send + 'static,
{
    let schemas = Arc::new(Schemas::default());
    serve(
        definition,
        true,
        Box::new(move |members, clients, limits| {
            let Event { common, input } = read_event::<Event<I>>(members)?;
            if common.debug == Some(true) {
                log::debug_from_here();
            }
            let context = Arc::new(Context::new(&common, clients, Arc::clone(&schemas), &limits)?);
            Ok(Work { context: Some(Arc::clone(&context)), answer: action(context, input).boxed() })
        }),
    )
}

/// Serves a function that makes no calls, such as a pick-list from a table of the code.
pub fn run_offline<I: FromInputs>(
    definition: &'static Definition,
    action: impl Fn(I) -> Result<Answer, Error> + Send + Sync + 'static,
) -> ExitCode {
    serve(
        definition,
        false,
        Box::new(move |members, _, _| {
            let answer = action(read_event(members)?);
            Ok(Work { context: None, answer: std::future::ready(answer).boxed() })
        }),
    )
}

/// What all invocations of the process share.
struct Function {
    prepare: Prepare,
    event: EventType,
    clients: Clients,
    /// The largest answer, in bytes.
    largest_answer: usize,
    /// Whether a load balancer's health checks are answered with 200.
    answers_health_checks: bool,
    reporter: Reporter,
    time: SharedTimeSource,
}

/// The work that an event asks for.
struct Work {
    /// The calls to DynamoDB, and how the answer is written. `None`: there are no calls.
    context: Option<Arc<Context>>,
    answer: BoxFuture<'static, Result<Answer, Error>>,
}

/// From an event's members to the work that it asks for. It is boxed, so that the rest of this module is compiled once and not
/// once for each binary.
type Prepare = Box<dyn Fn(Members<'_>, &Clients, Limits) -> Result<Work, Error> + Send + Sync>;

fn serve(definition: &'static Definition, calls_dynamodb: bool, prepare: Prepare) -> ExitCode {
    let time = SharedTimeSource::default();
    log::init(settings::Log::from_env(), time.clone());
    panics::note();
    if env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        error!("this is a Lambda function, which Lambda starts; on one machine: cargo run -- invoke NAME EVENT");
        return ExitCode::FAILURE;
    }
    match start(definition, calls_dynamodb, prepare, time) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!(error = %error, "the function ends");
            ExitCode::FAILURE
        }
    }
}

/// Reads the settings, makes what invocations share, and serves until Lambda ends the process.
fn start(
    definition: &'static Definition,
    calls_dynamodb: bool,
    prepare: Prepare,
    time: SharedTimeSource,
) -> Result<(), BoxError> {
    let settings = Settings::from_env()?;
    let many_at_once = settings.concurrency > 1;
    let mut runtime = if many_at_once {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    runtime.enable_all().build()?.block_on(async {
        let clients = Clients::load(&settings, time.clone()).await?;
        if calls_dynamodb {
            // Ignores that the time is up: the first event tells what is wrong.
            let _ = tokio::time::timeout(WARM_UP, clients.warm_up()).await;
        }
        let reporter = Reporter::new(definition.name, &settings, time.clone());
        let (largest_answer, answers_health_checks) = (settings.largest_answer, settings.answers_health_checks);
        let event = definition.event;
        service::serve(Function { prepare, event, clients, largest_answer, answers_health_checks, reporter, time })
            .await
    })
}
