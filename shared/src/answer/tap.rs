//! What the wire said about one call, taken before the SDK decodes it.
//!
//! A [`Tap`] is an interceptor for one call. It counts the attempts and the time slept between them, and swaps the
//! body of a successful response for one that collects its bytes and gives the SDK `{}` instead: the SDK still
//! signs, finds the endpoint, retries, times out and names errors, but builds no types from an answer that goes
//! on as JSON anyway. So no member is ever dropped, no number parsed, no attribute allocated.
//!
//! The bytes are held against DynamoDB's `x-amz-crc32` header; a mismatch is a broken answer, which the SDK
//! retries like one that ended too early.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_sdk_dynamodb::config;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{
                BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
                BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef, InterceptorContext,
            },
        },
        orchestrator::HttpResponse,
        retries::classifiers::{ClassifyRetry, RetryAction},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag, retry::ErrorKind};
use aws_types::request_id::RequestId as _;
use bytes::Bytes;
use http::HeaderValue;
use http_body::{Body, Frame};
use tracing::debug;

use crate::connection::renewal::Renew;

/// What came back for one call.
#[derive(Default, Clone)]
pub struct Reply {
    /// The HTTP status of the last attempt.
    pub status: u16,
    /// AWS's id of the last request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// The time slept between attempts.
    pub slept: Duration,
    /// How often the service asked to slow down.
    pub throttles: u32,
    /// The response's JSON, as it came. Empty for a refused call.
    pub body: Vec<u8>,
}

impl Reply {
    /// This one as the last of several calls: with the attempts and waits of all.
    #[must_use]
    pub fn after(mut self, earlier: &Self) -> Self {
        self.attempts += earlier.attempts;
        self.slept += earlier.slept;
        self.throttles += earlier.throttles;
        self
    }
}

/// Without the body, which holds the caller's data.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("attempts", &self.attempts)
            .field("slept", &self.slept)
            .field("throttles", &self.throttles)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

#[derive(Debug, Default)]
struct State {
    reply: Reply,
    attempt_ended: Option<Instant>,
    /// Whose credentials signed the last attempt.
    signed_by: Option<String>,
    /// The attempt after which refused credentials were renewed.
    renewed_after: Option<u32>,
}

/// The interceptor for one call; its clones share what they saw.
#[derive(Debug, Default, Clone)]
pub struct Tap {
    state: Arc<Mutex<State>>,
    renewal: Option<Arc<dyn Renew>>,
    /// X-Ray's name of the trace that the call belongs to.
    trace_id: Option<HeaderValue>,
}

impl Tap {
    /// For a call whose credentials can be renewed when the service refuses them, or (`None`) cannot; it tells the service
    /// the trace that it belongs to.
    #[must_use]
    pub fn new(renewal: Option<Arc<dyn Renew>>, trace_id: Option<HeaderValue>) -> Self {
        Self { state: Arc::default(), renewal, trace_id }
    }

    /// What was seen so far; the body moves out.
    #[must_use]
    pub fn take(&self) -> Reply {
        std::mem::take(&mut self.lock().reply)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock; a poisoned one is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As a call's own configuration: `request.customize().config_override(tap)`.
impl From<Tap> for config::Builder {
    fn from(tap: Tap) -> Self {
        let config = Self::new().interceptor(tap.clone());
        if tap.renewal.is_some() { config.retry_classifier(tap) } else { config }
    }
}

/// The header in which X-Ray's trace goes from service to service.
const TRACE_ID: &str = "x-amzn-trace-id";

/// The codes with which a service refuses credentials that others may replace.
const REFUSED: [&str; 3] = ["ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException"];

impl ClassifyRetry for Tap {
    fn name(&self) -> &'static str {
        "Tap"
    }

    /// Renews refused credentials and tries again, once. The SDK asks more than once after an attempt: the answer is the
    /// same then.
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(renewal) = &self.renewal else { return RetryAction::NoActionIndicated };
        let Some(code) = context.response().and_then(code_of_refusal) else { return RetryAction::NoActionIndicated };
        let mut state = self.lock();
        let attempt = state.reply.attempts;
        match (&state.signed_by, state.renewed_after) {
            (Some(access_key_id), None) if REFUSED.contains(&code.as_str()) => {
                renewal.refused(access_key_id);
                state.renewed_after = Some(attempt);
            }
            (_, Some(renewed_after)) if renewed_after == attempt => {}
            _ => return RetryAction::NoActionIndicated,
        }
        RetryAction::retryable_error_with_explicit_delay(ErrorKind::TransientError, Duration::ZERO)
    }
}

/// The code in a refused attempt's body: `ThrottlingException` of `com.amazonaws.dynamodb.v20120810#ThrottlingException`.
fn code_of_refusal(response: &HttpResponse) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Refusal {
        #[serde(rename = "__type")]
        code: String,
    }

    if response.status().is_success() {
        return None;
    }
    let Refusal { code } = serde_json::from_slice(response.body().bytes()?).ok()?;
    Some(match code.rsplit_once('#') {
        Some((_, code)) => code.to_owned(),
        None => code,
    })
}

impl Intercept for Tap {
    fn name(&self) -> &'static str {
        "Tap"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut state = self.lock();
        state.reply.attempts += 1;
        if let Some(ended) = state.attempt_ended.take() {
            let slept = ended.elapsed();
            state.reply.slept += slept;
            debug!(attempt = state.reply.attempts, waitedMilliseconds = milliseconds(slept), "trying again");
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

    fn read_after_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.renewal.is_some() {
            let authorization = context.request().headers().get("authorization");
            let scope = authorization.and_then(|text| text.split_once("Credential="));
            self.lock().signed_by = scope.and_then(|(_, scope)| scope.split('/').next()).map(str::to_owned);
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut state = self.lock();
        state.attempt_ended = Some(Instant::now());
        let attempt = state.reply.attempts;
        match context.response() {
            None => debug!(attempt, "no answer"),
            Some(response) if !response.status().is_success() => {
                let code = code_of_refusal(response);
                state.reply.throttles +=
                    u32::from(code.as_deref().is_some_and(|code| THROTTLING_ERRORS.contains(&code)));
                debug!(attempt, status = response.status().as_u16(), code, "refused");
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        let succeeded = response.status().is_success();
        let header = |name| response.headers().get(name);
        let expected_length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let expected_checksum = header("x-amz-crc32").and_then(|checksum| checksum.parse().ok());
        {
            let mut state = self.lock();
            state.reply.status = response.status().as_u16();
            state.reply.request_id = response.request_id().map(str::to_owned);
            state.reply.body.clear();
        }
        if succeeded {
            let body = std::mem::replace(response.body_mut(), SdkBody::taken());
            *response.body_mut() = SdkBody::from_body_1_x(Collector {
                body: Box::pin(body),
                collected: Vec::with_capacity(expected_length),
                expected_checksum,
                tap: Some(self.clone()),
            });
        }
        Ok(())
    }
}

/// Whole milliseconds, for a log line.
fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Reads the whole body into the tap, then is the body `{}`.
struct Collector {
    body: Pin<Box<SdkBody>>,
    collected: Vec<u8>,
    expected_checksum: Option<u32>,
    /// `None` once everything was handed over.
    tap: Option<Tap>,
}

impl Body for Collector {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        while self.tap.is_some() {
            match ready!(self.body.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.collected.extend_from_slice(data);
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    let body = std::mem::take(&mut self.collected);
                    let checksum = crc32fast::hash(&body);
                    if let Some(expected) = self.expected_checksum.filter(|expected| *expected != checksum) {
                        let error =
                            format!("the answer's checksum is {checksum}, its header x-amz-crc32 says {expected}");
                        return Poll::Ready(Some(Err(error.into())));
                    }
                    if let Some(tap) = self.tap.take() {
                        tap.lock().reply.body = body;
                    }
                    return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"{}")))));
                }
            }
        }
        Poll::Ready(None)
    }
}
