//! Observes each attempt of a call: counts it, records it in the journal and adds the trace header. Also holds the rule
//! for retries.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{
                BeforeTransmitInterceptorContextMut, BeforeTransmitInterceptorContextRef,
                FinalizerInterceptorContextRef, InterceptorContext,
            },
        },
        orchestrator::HttpResponse,
        retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;
use http::HeaderValue;
use tracing::debug;

use super::{
    attempt::{Outcome, outcome},
    journal::{CallNumber, Journal},
    operation::Effect,
};
use crate::error::throttling_reasons;

/// The header that carries the X-Ray trace from service to service.
const TRACE_ID: &str = "x-amzn-trace-id";

/// The attempts of a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Attempts {
    /// The number of attempts.
    pub(super) count: u32,
    /// The total time of the waits between attempts.
    pub(super) waited: Duration,
    /// When the last request was sent. Refused credentials are older than that.
    pub(super) sent_at: Option<Instant>,
    /// The outcome of the attempt after which most may have happened.
    pub(super) outcome: Outcome,
    ended_at: Option<Instant>,
    /// Whether the current attempt was sent.
    is_sent: bool,
}

/// The interceptor and the rule for retries of one call. Its clones share the attempts.
#[derive(Clone)]
pub(super) struct AttemptLog {
    attempts: Arc<Mutex<Attempts>>,
    journal: Arc<Mutex<Journal>>,
    call: CallNumber,
    effect: Effect,
    trace_id: Option<HeaderValue>,
}

impl AttemptLog {
    pub(super) fn new(
        journal: Arc<Mutex<Journal>>,
        call: CallNumber,
        effect: Effect,
        trace_id: Option<HeaderValue>,
    ) -> Self {
        Self { attempts: Arc::default(), journal, call, effect, trace_id }
    }

    /// The attempts so far.
    pub(super) fn attempts(&self) -> Attempts {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Attempts> {
        // No code panics while it holds the lock.
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: impl FnOnce(&mut Journal)) {
        change(&mut self.journal.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl fmt::Debug for AttemptLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptLog").field("attempts", &self.attempts).finish_non_exhaustive()
    }
}

impl Intercept for AttemptLog {
    fn name(&self) -> &'static str {
        "AttemptLog"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut attempts = self.lock();
        attempts.count += 1;
        attempts.is_sent = false;
        self.note(|journal| {
            journal.attempts += 1;
            if let Some(open) = journal.open_call(self.call) {
                open.attempts += 1;
            }
        });
        if let Some(ended) = attempts.ended_at.take() {
            let waited = ended.elapsed();
            attempts.waited += waited;
            debug!(attempt = attempts.count, waitedMilliseconds = milliseconds(waited), "trying again");
        }
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(trace_id) = &self.trace_id {
            context.request_mut().headers_mut().insert(TRACE_ID, trace_id.clone());
        }
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut attempts = self.lock();
        attempts.is_sent = true;
        attempts.sent_at = Some(Instant::now());
        self.note(|journal| {
            if let Some(open) = journal.open_call(self.call) {
                open.may_have_arrived = true;
            }
        });
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut attempts = self.lock();
        attempts.ended_at = Some(Instant::now());
        let attempt = attempts.count;
        let ended =
            if attempts.is_sent { outcome(context.response(), context.output_or_error()) } else { Outcome::NotSent };
        attempts.outcome = attempts.outcome.max(ended);
        let may_have_arrived = attempts.outcome > Outcome::Refused;
        self.note(|journal| {
            if let Some(open) = journal.open_call(self.call) {
                open.may_have_arrived = may_have_arrived;
            }
        });
        match context.response() {
            None => debug!(attempt, "no answer"),
            Some(response) if !response.status().is_success() => {
                let code = code_of_refusal(response);
                if code.as_deref().is_some_and(|code| THROTTLING_ERRORS.contains(&code)) {
                    let reasons = response.body().bytes().map(throttling_reasons).unwrap_or_default();
                    self.note(|journal| journal.throttled(reasons));
                }
                debug!(attempt, status = response.status().as_u16(), code, "refused");
            }
            Some(_) => {}
        }
        Ok(())
    }
}

/// The rule for retries. A write that may have arrived is sent again only if twice is the same as once, and never after
/// it certainly took effect. A request that may be sent again is sent again if no answer came. In all other cases the
/// SDK decides.
impl ClassifyRetry for AttemptLog {
    fn name(&self) -> &'static str {
        "AttemptLog"
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let outcome =
            if self.lock().is_sent { outcome(context.response(), context.output_or_error()) } else { Outcome::NotSent };
        match (self.effect, outcome) {
            (Effect::Write, Outcome::Unknown) | (Effect::Write | Effect::RepeatableWrite, Outcome::AnswerLost) => {
                RetryAction::RetryForbidden
            }
            // The SDK does not retry if the answer is not HTTP.
            (_, Outcome::Unknown) if context.response().is_none() => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

/// The code in the body of a refused attempt: `ThrottlingException` of
/// `com.amazonaws.dynamodb.v20120810#ThrottlingException`.
fn code_of_refusal(response: &HttpResponse) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Refusal {
        #[serde(rename = "__type")]
        code: String,
    }

    let Refusal { code } = serde_json::from_slice(response.body().bytes()?).ok()?;
    Some(match code.rsplit_once('#') {
        Some((_, code)) => code.to_owned(),
        None => code,
    })
}

/// Whole milliseconds, for a log line.
fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
