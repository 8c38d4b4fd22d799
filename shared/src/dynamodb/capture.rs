//! The response capture: takes a successful response's bytes before the SDK decodes them.
//!
//! It replaces the body with one that collects its bytes and gives `{}` to the SDK. The SDK still signs, finds the
//! endpoint, retries, times out and names errors. It does not build types for an answer that continues as JSON. So no
//! member is dropped, no number is parsed and no attribute is allocated.
//!
//! The checksum of the bytes must match DynamoDB's `x-amz-crc32` header. A mismatch is a broken answer, and so is a
//! body that ends too early.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeDeserializationInterceptorContextMut},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag};
use aws_types::request_id::RequestId as _;
use bytes::Bytes;
use http_body::{Body, Frame};

/// The largest response, in bytes. As DynamoDB counts sizes, a page holds 1 MB of items and an item 400 KB. In JSON,
/// the smallest attributes take ten times as much.
const LARGEST_RESPONSE: usize = 16 * 1024 * 1024;

/// The data captured from a call's last response.
#[derive(Default)]
pub(super) struct Captured {
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    pub(super) body: Vec<u8>,
}

/// The interceptor for one call. Its clones share the captured data.
#[derive(Default, Clone)]
pub(super) struct ResponseCapture(Arc<Mutex<Captured>>);

impl ResponseCapture {
    /// Takes the captured data.
    pub(super) fn take(&self) -> Captured {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Captured> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Omits the captured data, which belongs to the caller.
impl fmt::Debug for ResponseCapture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseCapture").finish_non_exhaustive()
    }
}

impl Intercept for ResponseCapture {
    fn name(&self) -> &'static str {
        "ResponseCapture"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        let header = |name| response.headers().get(name);
        let announced = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let expected_checksum = header("x-amz-crc32").and_then(|checksum| checksum.parse().ok());
        let succeeded = response.status().is_success();
        *self.lock() = Captured {
            status: response.status().as_u16(),
            request_id: response.request_id().map(str::to_owned),
            body: Vec::new(),
        };
        let body = std::mem::replace(response.body_mut(), SdkBody::taken());
        *response.body_mut() = SdkBody::from_body_1_x(Collector {
            body: Box::pin(body),
            announced,
            collected: Vec::new(),
            expected_checksum,
            capture: succeeded.then(|| self.clone()),
            ended: false,
        });
        Ok(())
    }
}

/// Reads a body to its end. For a success, the bytes go to the capture and the SDK gets `{}`. For a refusal, the SDK
/// gets the bytes.
struct Collector {
    body: Pin<Box<SdkBody>>,
    /// The length in the response's header, in bytes.
    announced: usize,
    collected: Vec<u8>,
    expected_checksum: Option<u32>,
    /// `None` for a refusal.
    capture: Option<ResponseCapture>,
    ended: bool,
}

impl Collector {
    /// Appends the bytes of a frame.
    fn collect(&mut self, data: &[u8]) -> Result<(), BoxError> {
        if self.announced.max(self.collected.len() + data.len()) > LARGEST_RESPONSE {
            return Err(format!("the answer has more than {LARGEST_RESPONSE} bytes").into());
        }
        if self.collected.is_empty() {
            // At most LARGEST_RESPONSE. What the response does not fill, takes no memory.
            self.collected.reserve_exact(self.announced);
        }
        self.collected.extend_from_slice(data);
        Ok(())
    }

    /// Returns the body for the SDK.
    fn finish(&mut self) -> Result<Bytes, BoxError> {
        let body = std::mem::take(&mut self.collected);
        let Some(capture) = &self.capture else { return Ok(body.into()) };
        let checksum = crc32fast::hash(&body);
        if let Some(expected) = self.expected_checksum.filter(|expected| *expected != checksum) {
            return Err(format!("the answer's checksum is {checksum}, its header x-amz-crc32 says {expected}").into());
        }
        capture.lock().body = body;
        Ok(Bytes::from_static(b"{}"))
    }
}

impl Body for Collector {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        while !self.ended {
            match ready!(self.body.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref()
                        && let Err(error) = self.collect(data)
                    {
                        self.ended = true;
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.ended = true;
                    return Poll::Ready(Some(self.finish().map(Frame::data)));
                }
            }
        }
        Poll::Ready(None)
    }
}
