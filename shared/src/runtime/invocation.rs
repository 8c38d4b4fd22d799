//! An event to its end: out of its envelope, before the deadline, in spite of panics, and told of.

use std::{
    cell::RefCell,
    panic::AssertUnwindSafe,
    time::{Duration, Instant, SystemTime},
};

use futures_util::FutureExt as _;
use lambda_runtime::Context;
use tracing::{error, info};

use super::{Function, report::Report};
use crate::{
    answer::Answer,
    call::{Call, Circumstances, Journal},
    envelope::{
        self, Envelope, http,
        queue::{Batch, Failures, Message},
    },
    error::Error,
    event::Members,
};

/// Answers the bytes that Lambda sent.
pub(super) async fn invoke(function: &Function, payload: &[u8], context: &Context) -> Result<String, Error> {
    let event = std::str::from_utf8(payload)
        .map_err(|error| Error::InvalidInput(format!("the payload is not JSON: {error}")))
        .and_then(Members::parse);
    let terms =
        Terms { context, until: time_left(context).map(|left| Instant::now() + left), request: None, message: None };
    match event.as_ref().ok().map_or(Ok(None), Envelope::open) {
        Ok(None) => handle(function, event, terms).await.map(Answer::into_text),
        Ok(Some(Envelope::Delivered(delivery))) => {
            handle(function, Members::parse(&delivery.event), terms).await.map(Answer::into_text)
        }
        Ok(Some(Envelope::Http(request))) if function.answers_health_checks && request.is_health_check() => {
            Ok(request.healthy())
        }
        Ok(Some(Envelope::Http(mut request))) => {
            let body = request.take_event();
            let event = body.as_deref().map_err(Error::clone).and_then(Members::parse);
            let result = handle(function, event, Terms { request: Some(&request), ..terms }).await;
            Ok(request.respond(result))
        }
        Ok(Some(Envelope::Queue(batch))) => Ok(handle_all(function, &batch, terms).await.answer()),
        Err(error) => handle(function, Err(error), terms).await.map(Answer::into_text),
    }
}

/// On what terms an event is answered.
#[derive(Clone, Copy)]
struct Terms<'a> {
    context: &'a Context,
    /// When the answer must be there.
    until: Option<Instant>,
    /// The request that it is the answer to.
    request: Option<&'a http::Request>,
    /// The id of the message that it is.
    message: Option<&'a str>,
}

/// Runs messages one after the other, and tells which failed. What there is no time for comes again.
async fn handle_all<'b>(function: &Function, batch: &'b Batch, terms: Terms<'_>) -> Failures<'b> {
    let mut failures = Failures::default();
    for message in &batch.messages {
        let has_time = terms.until.is_none_or(|until| Instant::now() < until);
        if failures.hold_back(message) {
            not_run(message, "an earlier message of its group failed");
        } else if !has_time {
            not_run(message, "the deadline came before it");
            failures.add(message);
        } else {
            let terms = Terms { message: Some(&message.id), ..terms };
            if handle(function, Members::parse(&message.delivery.event), terms).await.is_err() {
                failures.add(message);
            }
        }
    }
    failures
}

fn not_run(message: &Message, why: &str) {
    info!(messageId = message.id, why, "not run");
}

/// Answers one event.
async fn handle(
    function: &Function,
    event: Result<Members<'_>, Error>,
    Terms { context, until, request, message }: Terms<'_>,
) -> Result<Answer, Error> {
    let started = Instant::now();
    let mut call = None;
    let work = async {
        let largest_answer = request.map_or(function.largest_answer, |request| request.room(function.largest_answer));
        let circumstances = Circumstances { largest_answer, trace_id: context.xray_trace_id.clone() };
        let event = event?;
        envelope::reject_wrapped(&event)?;
        let work = (function.prepare)(event, &function.clients, circumstances)?;
        call.clone_from(&work.call);
        let answer = match until {
            None => work.answer.await?,
            Some(until) => match tokio::time::timeout_at(until.into(), work.answer).await {
                Ok(answer) => answer?,
                Err(_) => return Err(journal(work.call.as_deref()).timeout()),
            },
        };
        let journal = journal(work.call.as_deref());
        match request {
            // An answer that has room fits. For a larger one, the exact size decides.
            Some(request) if answer.size() > largest_answer => {
                fits(request.response_size(&answer), request.limit(function.largest_answer), &journal)?;
            }
            Some(_) => {}
            None => fits(answer.size(), largest_answer, &journal)?,
        }
        Ok(answer)
    };
    let result = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(result) => result,
        Err(_) => Err(Error::Internal(panic_message())),
    };
    function.reporter.tell(&Report {
        context,
        message,
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

fn fits(size: usize, largest: usize, journal: &Journal) -> Result<(), Error> {
    if size <= largest {
        return Ok(());
    }
    let written = match &journal.written {
        Some(written) => format!("; what was asked for took effect all the same: {written}"),
        None => String::new(),
    };
    Err(Error::ResponseTooLarge(format!(
        "the answer has {size} bytes, more than the {largest} allowed; ask for fewer items (`limit`), fewer attributes \
         (`projectionExpression`) or none (`returnValues`){written}"
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
        let clients = Clients::from_env().unwrap();
        let function = Function {
            prepare,
            clients,
            largest_answer: 100,
            answers_health_checks: false,
            reporter: Reporter::from_env("test"),
        };
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
