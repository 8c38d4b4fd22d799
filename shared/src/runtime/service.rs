//! Lambda's Runtime API: `lambda_runtime` asks for events and posts the answers
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).
//!
//! A layer around `lambda_runtime`'s own does three things for each invocation:
//!
//! - It opens the invocation's span, so that all its log lines have the request id, also one that says why the answer was not
//!   taken.
//! - It keeps the event's bytes for the handler. `lambda_runtime` deserializes an event before it calls a handler, and answers
//!   with an error type of its own where it cannot. The contract has another error for that.
//! - A failed post of an answer does not end the loop that asks for events.

use std::{mem, sync::Arc, time::Duration};

use bytes::Bytes;
use lambda_runtime::{
    Diagnostic, LambdaEvent, LambdaInvocation, Runtime, Service, service_fn,
    tower::{BoxError, ServiceExt as _, layer::layer_fn},
};
use serde::Serialize;
use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, error};

use super::{Function, invocation, log};
use crate::error::Error;

/// How often [`serve`] starts again when it cannot get events. After that, the process ends.
const MOST_RESTARTS: u32 = 8;

/// How long [`serve`] waits before it starts again. Each time it waits twice as long, 13 seconds in all.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// After a run of this length, waits begin with [`FIRST_WAIT`] again.
const LONG_RUN: Duration = Duration::from_secs(30);

tokio::task_local! {
    /// The event of the current invocation, as Lambda sent it.
    static EVENT: Bytes;
}

/// Answers events until Lambda ends the process: one at a time, or as many at once as `AWS_LAMBDA_MAX_CONCURRENCY` says.
///
/// # Errors
/// If no event can be had for a while.
pub(super) async fn serve(function: Function) -> Result<(), BoxError> {
    let function = Arc::new(function);
    let handler = service_fn(move |event: LambdaEvent<()>| {
        let function = Arc::clone(&function);
        async move {
            let answer = invocation::invoke(&function, &EVENT.get(), &event.context).await;
            answer.map(|json| Text { json }).map_err(|error| diagnostic(&error))
        }
    });
    let mut restarts = 0;
    loop {
        let runtime = Runtime::new(handler.clone()).layer(layer_fn(around));
        // A snapshot is restored once.
        let may_restart = !runtime.is_snapstart();
        let started = Instant::now();
        let Err(error) = runtime.run_concurrent().await else { return Ok(()) };
        if started.elapsed() > LONG_RUN {
            restarts = 0;
        }
        if restarts == MOST_RESTARTS || !may_restart {
            return Err(error);
        }
        error!(error = %error, "no event from Lambda; asking again");
        sleep(FIRST_WAIT * 2_u32.pow(restarts)).await;
        restarts += 1;
    }
}

/// What happens around an invocation: the layer that this module's page describes.
fn around<S>(
    inner: S,
) -> impl Service<LambdaInvocation, Response = (), Error = BoxError, Future: Send> + Clone + Send + 'static
where
    S: Service<LambdaInvocation, Response = (), Error = BoxError, Future: Send> + Clone + Send + 'static,
{
    service_fn(move |mut invocation: LambdaInvocation| {
        let span = log::invocation(&invocation.context.request_id);
        let event = mem::replace(&mut invocation.body, Bytes::from_static(b"null"));
        let posted = EVENT.scope(event, inner.clone().oneshot(invocation)).instrument(span);
        async {
            // `lambda_runtime` has logged the error.
            let _ = posted.await;
            Ok(())
        }
    })
}

fn diagnostic(error: &Error) -> Diagnostic {
    Diagnostic { error_type: error.error_type().to_owned(), error_message: error.to_string() }
}

/// An answer's text, which is JSON already: `serde_json` writes it as it is.
///
/// `serde_json::value::RawValue` is the type for that, but it can only be made by reading the text once more: 0.9 ms for
/// each megabyte, a third of what a page of 1 MB takes altogether. So this type does what `RawValue` does when it is
/// written.
#[derive(Serialize)]
#[serde(rename = "$serde_json::private::RawValue")]
struct Text {
    #[serde(rename = "$serde_json::private::RawValue")]
    json: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_written_as_it_is() {
        for json in [r#"{"n":1.00,"text":"a \u0062 \"c\""}"#, "[ 1 , 2 ]", r#""text""#] {
            let text = Text { json: json.to_owned() };
            assert_eq!(serde_json::to_vec(&text).unwrap(), json.as_bytes());
        }
    }
}
