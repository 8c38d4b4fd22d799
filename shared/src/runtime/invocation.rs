//! One invocation: the event is taken out of its envelope, answered before the deadline, and reported. A panic is an error.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use futures_util::FutureExt as _;
use lambda_runtime::Context;
use tracing::{Instrument as _, info};

use super::{Function, log, panics, report::Report};
use crate::{
    actions::{Context as ActionContext, Limits},
    answer::Answer,
    dynamodb::Journal,
    envelope::{
        self, Envelope, http,
        queue::{Batch, Failures, Message},
    },
    error::Error,
    input::Members,
};

/// Answers an event, given as the bytes that Lambda sent.
pub(super) async fn invoke(function: &Function, payload: &[u8], context: &Context) -> Result<String, Error> {
    let event = std::str::from_utf8(payload)
        .map_err(|error| Error::event(format!("the payload is not JSON: {error}")))
        .and_then(|text| envelope::members(&function.event, text));
    let deadline = time_left(context, function.time.now()).map(|left| Instant::now() + left);
    let invocation = Invocation { context, deadline, request: None, delivery_id: None };
    match event.as_ref().ok().map_or(Ok(None), |event| Envelope::open(event, function.event.list.is_some())) {
        Ok(None) => answer(function, event, invocation).await.map(Answer::into_text),
        Ok(Some(Envelope::Delivered(delivery))) => {
            let invocation = Invocation { delivery_id: delivery.id.as_deref(), ..invocation };
            answer(function, envelope::members(&function.event, &delivery.event), invocation)
                .await
                .map(Answer::into_text)
        }
        Ok(Some(Envelope::Http(request))) if function.answers_health_checks && request.is_health_check() => {
            Ok(request.healthy())
        }
        Ok(Some(Envelope::Http(mut request))) => {
            let body = request.take_event();
            let event = body.as_deref().map_err(Error::clone).and_then(|text| envelope::members(&function.event, text));
            let result = answer(function, event, Invocation { request: Some(&request), ..invocation }).await;
            Ok(request.respond(result))
        }
        Ok(Some(Envelope::Queue(batch))) => Ok(answer_all(function, &batch, invocation).await.answer()),
        Err(error) => answer(function, Err(error), invocation).await.map(Answer::into_text),
    }
}

/// What an event is answered with and by when.
#[derive(Clone, Copy)]
struct Invocation<'a> {
    context: &'a Context,
    /// When the answer must be there. `None`: Lambda named no deadline.
    deadline: Option<Instant>,
    /// The HTTP request that the event came in.
    request: Option<&'a http::Request>,
    /// The id of the message, notification or bus event that it is.
    delivery_id: Option<&'a str>,
}

/// Answers messages one after the other. Returns those that failed, and those that there was no time for: they come again.
async fn answer_all<'b>(function: &Function, batch: &'b Batch, invocation: Invocation<'_>) -> Failures<'b> {
    let mut failures = Failures::default();
    for message in &batch.messages {
        let has_time = invocation.deadline.is_none_or(|deadline| Instant::now() < deadline);
        if failures.hold_back(message) {
            not_run(message, "an earlier message of its group failed");
        } else if !has_time {
            not_run(message, "the deadline came before it");
            failures.add(message);
        } else {
            let invocation = Invocation { delivery_id: message.delivery.id.as_deref(), ..invocation };
            let answer = answer(function, envelope::members(&function.event, &message.delivery.event), invocation);
            if answer.instrument(log::message(&message.id)).await.is_err() {
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
async fn answer(
    function: &Function,
    event: Result<Members<'_>, Error>,
    Invocation { context, deadline, request, delivery_id }: Invocation<'_>,
) -> Result<Answer, Error> {
    let started = Instant::now();
    let mut action: Option<Arc<ActionContext>> = None;
    let work = async {
        let largest_answer = request.map_or(function.largest_answer, |request| request.room(function.largest_answer));
        let limits = Limits {
            answer_bytes: largest_answer,
            deadline,
            trace_id: context.xray_trace_id.clone(),
            id: delivery_id.unwrap_or(&context.request_id).to_owned(),
        };
        let event = event?;
        envelope::reject_wrapped(&event)?;
        let work = (function.prepare)(event, &function.clients, limits)?;
        action.clone_from(&work.context);
        let answer = match deadline {
            None => Ok(work.answer.await),
            Some(deadline) => tokio::time::timeout_at(deadline.into(), work.answer).await,
        };
        let journal = journal(work.context.as_deref());
        let answer = answer.map_err(|_| journal.deadline())?.map_err(|error| journal.after_changes(error))?;
        match request {
            // An answer that has room fits. For a larger one, the exact size decides.
            Some(request) if answer.size() > largest_answer => {
                fits(function, request.response_size(&answer), request.limit(function.largest_answer), &journal)?;
            }
            Some(_) => {}
            None => fits(function, answer.size(), largest_answer, &journal)?,
        }
        Ok(answer)
    };
    let result = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(result) => result,
        Err(_) => Err(journal(action.as_deref()).after_changes(Error::Internal(panics::message()))),
    };
    function.reporter.report(&Report {
        context,
        action: action.as_deref(),
        journal: journal(action.as_deref()),
        took: started.elapsed(),
        result: result.as_ref(),
    });
    result
}

/// The time until shortly before the invocation's deadline, at which Lambda would kill the function. `None`: there is no
/// deadline.
fn time_left(context: &Context, now: SystemTime) -> Option<Duration> {
    if context.deadline == 0 {
        return None;
    }
    let left = context.deadline().duration_since(now).unwrap_or_default();
    let to_answer = (left / 20).clamp(Duration::from_millis(20), Duration::from_millis(500));
    Some(left.saturating_sub(to_answer))
}

fn fits(function: &Function, size: usize, largest: usize, journal: &Journal) -> Result<(), Error> {
    if size <= largest {
        return Ok(());
    }
    let written = match &journal.written {
        Some(written) => format!("; what was asked for took effect all the same: {written}"),
        None => String::new(),
    };
    let remedy = if function.event.list.is_some() {
        "send fewer records at once (`BatchSize`)"
    } else {
        "ask for fewer items (`limit`), fewer attributes (`projectionExpression`) or none (`returnValues`)"
    };
    Err(Error::ResponseTooLarge(format!(
        "the answer has {size} bytes, more than the {largest} allowed; {remedy}{written}"
    )))
}

fn journal(action: Option<&ActionContext>) -> Journal {
    action.map(|action| action.calls.journal()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};

    use super::{
        super::{Prepare, Work, report::Reporter},
        *,
    };
    use crate::{
        actions::{context::UnusedInputs, definition::EventType},
        connection::Clients,
        settings::Settings,
    };

    /// The wall clock of these tests.
    const NOW: Duration = Duration::from_secs(1_795_000_000);

    async fn call(prepare: Prepare, payload: &str, deadline: u64) -> Result<String, Error> {
        let settings = Settings { largest_answer: 100, ..Settings::read(&|_| None).unwrap() };
        let time = SharedTimeSource::new(StaticTimeSource::new(UNIX_EPOCH + NOW));
        let function = Function {
            prepare,
            event: EventType::of::<UnusedInputs>(),
            clients: Clients::load(&settings, time.clone()).await.unwrap(),
            largest_answer: settings.largest_answer,
            answers_health_checks: false,
            reporter: Reporter::new("test", &settings, time.clone()),
            time,
        };
        let mut context = Context::default();
        context.deadline = deadline;
        invoke(&function, payload.as_bytes(), &context).await
    }

    fn work(answer: impl Future<Output = Result<Answer, Error>> + Send + 'static) -> Work {
        Work { context: None, answer: answer.boxed() }
    }

    #[tokio::test]
    async fn a_panic_becomes_an_internal_error() {
        panics::note();
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

    #[test]
    fn an_invocation_ends_shortly_before_its_deadline() {
        let left = |seconds: f64| {
            let mut context = Context::default();
            context.deadline = u64::try_from((NOW + Duration::from_secs_f64(seconds)).as_millis()).unwrap();
            time_left(&context, UNIX_EPOCH + NOW).unwrap().as_secs_f64()
        };
        for (until_deadline, time) in [(60.0, 59.5), (3.0, 2.85), (0.1, 0.08), (0.01, 0.0)] {
            assert!((left(until_deadline) - time).abs() < 0.001, "{until_deadline}: {}", left(until_deadline));
        }
        assert_eq!(time_left(&Context::default(), UNIX_EPOCH + NOW), None);
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
