//! An event to its end: before the deadline, in spite of panics, and told of.

use std::{
    cell::RefCell,
    panic::AssertUnwindSafe,
    time::{Duration, Instant, SystemTime},
};

use futures_util::FutureExt as _;
use lambda_runtime::Context;
use tracing::error;

use super::{Function, report::Report};
use crate::{
    answer::Answer,
    call::{Call, Circumstances, Journal},
    error::Error,
    event::Members,
};

/// Answers the bytes that Lambda sent.
pub(super) async fn invoke(function: &Function, payload: &[u8], context: &Context) -> Result<String, Error> {
    let event = std::str::from_utf8(payload)
        .map_err(|error| Error::InvalidInput(format!("the payload is not JSON: {error}")))
        .and_then(Members::parse);
    let answer = handle(function, context, event, function.largest_answer).await?;
    Ok(answer.into_text())
}

/// Answers one event in at most so many bytes.
async fn handle(
    function: &Function,
    context: &Context,
    event: Result<Members<'_>, Error>,
    largest_answer: usize,
) -> Result<Answer, Error> {
    let started = Instant::now();
    let mut call = None;
    let work = async {
        let circumstances = Circumstances { largest_answer, trace_id: context.xray_trace_id.clone() };
        let work = (function.prepare)(event?, &function.clients, circumstances)?;
        call.clone_from(&work.call);
        let answer = match time_left(context) {
            None => work.answer.await?,
            Some(time) => match tokio::time::timeout(time, work.answer).await {
                Ok(answer) => answer?,
                Err(_) => return Err(journal(work.call.as_deref()).timeout()),
            },
        };
        fits(&answer, largest_answer, &journal(work.call.as_deref()))?;
        Ok(answer)
    };
    let result = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(result) => result,
        Err(_) => Err(Error::Internal(panic_message())),
    };
    function.reporter.tell(&Report {
        context,
        call: call.as_deref(),
        journal: journal(call.as_deref()),
        took: started.elapsed(),
        result: result.as_ref(),
    });
    result
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

thread_local! {
    /// Where this thread last panicked.
    static PANICKED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notes where a panic was, and nothing of its message, which could quote an input.
pub(super) fn note_panics() {
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
    use super::{
        super::{Prepare, Work, report::Reporter},
        *,
    };
    use crate::connection::Clients;

    async fn call(prepare: Prepare, payload: &str, deadline: u64) -> Result<String, Error> {
        let clients = Clients::from_env().await.unwrap();
        let function = Function { prepare, clients, largest_answer: 100, reporter: Reporter::from_env("test") };
        let mut context = Context::default();
        context.deadline = deadline;
        invoke(&function, payload.as_bytes(), &context).await
    }

    fn work(answer: impl Future<Output = Result<Answer, Error>> + Send + 'static) -> Work {
        Work { call: None, answer: answer.boxed() }
    }

    #[tokio::test]
    async fn a_panic_becomes_an_internal_error() {
        note_panics();
        let error = call(Box::new(|_, _, _| panic!("marked")), "{}", 0).await.unwrap_err();
        assert_eq!(error.error_type(), "Internal");
        assert!(error.to_string().contains("invocation.rs:"), "{error}");
        assert!(!error.to_string().contains("marked"));
        let error = call(Box::new(|_, _, _| Ok(work(async { panic!("marked") }))), "{}", 0).await.unwrap_err();
        assert_eq!(error.error_type(), "Internal");
    }

    #[tokio::test]
    async fn the_deadline_ends_an_invocation() {
        let error = call(Box::new(|_, _, _| Ok(work(std::future::pending()))), "{}", 1).await.unwrap_err();
        assert_eq!(error.error_type(), "Timeout");
    }

    #[tokio::test]
    async fn an_answer_that_is_too_large_is_an_error() {
        let answer = || Answer::from_serialize(&"x".repeat(200));
        let error = call(Box::new(move |_, _, _| Ok(work(async move { answer() }))), "{}", 0).await.unwrap_err();
        assert_eq!(error.error_type(), "ResponseTooLarge");
    }

    #[tokio::test]
    async fn a_payload_that_is_not_json_gets_our_error() {
        let error = call(Box::new(|_, _, _| Ok(work(std::future::pending()))), "{", 0).await.unwrap_err();
        assert_eq!(error.error_type(), "InvalidInput");
        assert!(error.to_string().starts_with("the payload is not JSON: EOF"), "{error}");
    }
}
