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

use aws_sdk_dynamodb::config;
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{
                BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
                FinalizerInterceptorContextRef, InterceptorContext,
            },
        },
        retries::classifiers::{ClassifyRetry, RetryAction},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag, retry::ErrorKind};
use aws_types::request_id::RequestId as _;
use bytes::Bytes;
use http_body::{Body, Frame};

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
    /// The response's JSON, as it came. Empty for a refused call.
    pub body: Vec<u8>,
}

/// Without the body, which holds the caller's data.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("attempts", &self.attempts)
            .field("slept", &self.slept)
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
}

impl Tap {
    /// For a call whose credentials can be renewed when the service refuses them, or (`None`) cannot.
    #[must_use]
    pub fn new(renewal: Option<Arc<dyn Renew>>) -> Self {
        Self { state: Arc::default(), renewal }
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

/// The codes with which a service refuses credentials that others may replace.
const REFUSED: [&str; 3] = ["ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException"];

impl ClassifyRetry for Tap {
    fn name(&self) -> &'static str {
        "Tap"
    }

    /// Renews refused credentials and tries again, once. The SDK asks more than once after an attempt: the answer is the
    /// same then.
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        #[derive(serde::Deserialize)]
        struct Refusal {
            #[serde(rename = "__type")]
            code: String,
        }

        let Some(renewal) = &self.renewal else { return RetryAction::NoActionIndicated };
        let body = context
            .response()
            .filter(|response| !response.status().is_success())
            .and_then(|response| response.body().bytes());
        let Some(refusal) = body.and_then(|body| serde_json::from_slice::<Refusal>(body).ok()) else {
            return RetryAction::NoActionIndicated;
        };
        let code = refusal.code.rsplit('#').next().unwrap_or_default();
        let mut state = self.lock();
        let attempt = state.reply.attempts;
        match (&state.signed_by, state.renewed_after) {
            (Some(access_key_id), None) if REFUSED.contains(&code) => {
                renewal.refused(access_key_id);
                state.renewed_after = Some(attempt);
            }
            (_, Some(renewed_after)) if renewed_after == attempt => {}
            _ => return RetryAction::NoActionIndicated,
        }
        RetryAction::retryable_error_with_explicit_delay(ErrorKind::TransientError, Duration::ZERO)
    }
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
            state.reply.slept += ended.elapsed();
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
        _context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.lock().attempt_ended = Some(Instant::now());
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
