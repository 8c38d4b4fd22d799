//! From Lambda's event to Lambda's answer; the only file that knows `lambda_runtime`.

use std::{
    cell::RefCell,
    env,
    panic::AssertUnwindSafe,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use tracing::{error, info};

use crate::{
    answer::Answer,
    call::{Call, Journal},
    connection::Clients,
    error::Error,
    event::{self, Event},
    input::FromInputs,
    log, setting,
};

/// The largest answer that Lambda takes from a function:
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
pub const LARGEST_ANSWER: usize = 6_291_556;

/// Serves an action as a Lambda function, until Lambda ends the process.
///
/// Several invocations run at once where Lambda says so (`AWS_LAMBDA_MAX_CONCURRENCY`, Lambda Managed Instances), one
/// at a time elsewhere.
pub fn run<I, F>(action: impl Fn(Arc<Call>, I) -> F + Send + Sync + 'static) -> ExitCode
where
    I: FromInputs,
    F: Future<Output = Result<Answer, Error>> + Send + 'static,
{
    serve(Box::new(move |payload, function| {
        let Event { common, input } = event::read::<Event<I>>(payload)?;
        let call = Arc::new(common.call(&function.clients, function.largest_answer)?);
        Ok(Work { call: Some(Arc::clone(&call)), answer: action(call, input).boxed() })
    }))
}

/// Serves what calls nobody, such as a pick-list out of a table.
pub fn run_offline<I: FromInputs>(action: impl Fn(I) -> Result<Answer, Error> + Send + Sync + 'static) -> ExitCode {
    serve(Box::new(move |payload, _| {
        let answer = action(event::read(payload)?);
        Ok(Work { call: None, answer: std::future::ready(answer).boxed() })
    }))
}

/// What one process has, for all invocations.
struct Function {
    clients: Clients,
    largest_answer: usize,
}

impl Function {
    async fn from_env() -> Result<Self, Error> {
        Ok(Self { largest_answer: largest_answer()?, clients: Clients::from_env().await? })
    }
}

/// An invocation that was understood.
struct Work {
    /// Its dealings with DynamoDB, where it has any.
    call: Option<Arc<Call>>,
    answer: BoxFuture<'static, Result<Answer, Error>>,
}

/// From an event's text to the work that it asks for. Boxed, so that all that follows is compiled once, not once for
/// each binary.
type Prepare = Box<dyn Fn(&str, &Function) -> Result<Work, Error> + Send + Sync>;

fn serve(prepare: Prepare) -> ExitCode {
    log::init();
    note_panics();
    if env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        error!("this is a Lambda function, which Lambda starts; on one machine: cargo run -- invoke NAME EVENT");
        return ExitCode::FAILURE;
    }
    let many = env::var("AWS_LAMBDA_MAX_CONCURRENCY")
        .ok()
        .and_then(|most| most.parse().ok())
        .is_some_and(|most: u32| most > 1);
    let mut runtime =
        if many { tokio::runtime::Builder::new_multi_thread() } else { tokio::runtime::Builder::new_current_thread() };
    let result = runtime.enable_all().build().map_err(|error| error.to_string()).and_then(|runtime| {
        runtime.block_on(async {
            let function = Function::from_env().await.map_err(|error| error.to_string())?;
            let shared = Arc::new((prepare, function));
            lambda_runtime::run_concurrent(service_fn(move |event: LambdaEvent<Payload>| {
                let shared = Arc::clone(&shared);
                async move { invoke(&shared.0, &shared.1, event).await }
            }))
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

/// What came in, as its own text. Reading it never fails, so that a payload that is not JSON gets our error and not
/// the runtime's.
struct Payload(Result<Box<RawValue>, String>);

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Box::<RawValue>::deserialize(deserializer).map_err(|error| error.to_string())))
    }
}

async fn invoke(
    prepare: &Prepare,
    function: &Function,
    event: LambdaEvent<Payload>,
) -> Result<Box<RawValue>, Diagnostic> {
    let started = Instant::now();
    let LambdaEvent { payload, context } = event;
    let mut call = None;
    let invocation = async {
        let payload = payload.0.map_err(|error| Error::InvalidInput(format!("the payload is not JSON: {error}")))?;
        let work = prepare(payload.get(), function)?;
        call.clone_from(&work.call);
        let answer = match time_left(&context) {
            None => work.answer.await?,
            Some(time) => match tokio::time::timeout(time, work.answer).await {
                Ok(answer) => answer?,
                Err(_) => return Err(journal(work.call.as_deref()).timeout()),
            },
        };
        fits(&answer, function.largest_answer, &journal(work.call.as_deref()))?;
        answer.into_raw()
    };
    let result = match AssertUnwindSafe(invocation).catch_unwind().await {
        Ok(result) => result,
        Err(_) => Err(Error::Internal(panic_message())),
    };
    report(&context, call.as_deref(), started.elapsed(), result.as_ref().err());
    result.map_err(|error| Diagnostic { error_type: error.error_type().to_owned(), error_message: error.to_string() })
}

/// The time until shortly before the invocation's deadline, when Lambda would kill the function without a word.
fn time_left(context: &Context) -> Option<Duration> {
    if context.deadline == 0 {
        return None;
    }
    let left = context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    let to_answer = (left / 20).clamp(Duration::from_millis(20), Duration::from_millis(500));
    Some(left.saturating_sub(to_answer))
}

fn fits(answer: &Answer, largest: usize, journal: &Journal) -> Result<(), Error> {
    if answer.size() <= largest {
        return Ok(());
    }
    let written = match &journal.written {
        Some(written) => format!("; what was asked for took effect all the same: {written}"),
        None => String::new(),
    };
    Err(Error::ResponseTooLarge(format!(
        "the answer has {} bytes, more than the {largest} allowed; ask for fewer items (`limit`), fewer attributes \
         (`projectionExpression`) or none (`returnValues`){written}",
        answer.size()
    )))
}

fn journal(call: Option<&Call>) -> Journal {
    call.map(Call::journal).unwrap_or_default()
}

/// One line for each invocation; never an item, a key value or a secret.
fn report(context: &Context, call: Option<&Call>, took: Duration, failure: Option<&Error>) {
    let journal = journal(call);
    info!(
        requestId = context.request_id,
        function = context.env_config.function_name,
        table = journal.table,
        region = call.map(Call::region),
        connection = call.map(Call::connection),
        awsRequestIds = journal.request_ids.join(" "),
        attempts = journal.attempts,
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        errorType = failure.map(Error::error_type),
        "{}",
        if failure.is_some() { "failed" } else { "answered" },
    );
}

thread_local! {
    /// Where this thread last panicked.
    static PANICKED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notes where a panic was, and nothing of its message, which could quote an input.
fn note_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        error!(place, "panicked");
        PANICKED_AT.set(place);
    }));
}

fn panic_message() -> String {
    let place = PANICKED_AT.take().unwrap_or_else(|| "an unknown place".into());
    format!("a bug in this component, at {place}; please report it with the event's shape")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn call(prepare: Prepare, payload: &str, deadline: u64) -> Result<String, Diagnostic> {
        let function = Function { clients: Clients::from_env().await.unwrap(), largest_answer: 100 };
        let mut context = Context::default();
        context.deadline = deadline;
        let payload =
            serde_json::from_str(payload).unwrap_or_else(|error: serde_json::Error| Payload(Err(error.to_string())));
        invoke(&prepare, &function, LambdaEvent::new(payload, context)).await.map(|raw| raw.get().to_owned())
    }

    fn work(answer: impl Future<Output = Result<Answer, Error>> + Send + 'static) -> Work {
        Work { call: None, answer: answer.boxed() }
    }

    #[tokio::test]
    async fn a_panic_becomes_an_internal_error() {
        note_panics();
        let error = call(Box::new(|_, _| panic!("marked")), "{}", 0).await.unwrap_err();
        assert_eq!(error.error_type, "Internal");
        assert!(error.error_message.contains("runtime.rs:"), "{}", error.error_message);
        assert!(!error.error_message.contains("marked"));
        let error = call(Box::new(|_, _| Ok(work(async { panic!("marked") }))), "{}", 0).await.unwrap_err();
        assert_eq!(error.error_type, "Internal");
    }

    #[tokio::test]
    async fn the_deadline_ends_an_invocation() {
        let error = call(Box::new(|_, _| Ok(work(std::future::pending()))), "{}", 1).await.unwrap_err();
        assert_eq!(error.error_type, "Timeout");
    }

    #[tokio::test]
    async fn an_answer_that_is_too_large_is_an_error() {
        let answer = || Answer::from_serialize(&"x".repeat(200));
        let error = call(Box::new(move |_, _| Ok(work(async move { answer() }))), "{}", 0).await.unwrap_err();
        assert_eq!(error.error_type, "ResponseTooLarge");
    }

    #[tokio::test]
    async fn a_payload_that_is_not_json_gets_our_error() {
        let error = call(Box::new(|_, _| Ok(work(std::future::pending()))), "{", 0).await.unwrap_err();
        assert_eq!(error.error_type, "InvalidInput");
        assert!(error.error_message.starts_with("the payload is not JSON: EOF"), "{}", error.error_message);
    }
}
