//! A size limit for the answers of STS and Secrets Manager. The SDK has no limit of its own.

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeDeserializationInterceptorContextMut},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag};
use http_body_util::Limited;

/// The largest answer, in bytes. A secret holds 64 KB
/// (<https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>).
const LARGEST_ANSWER: usize = 1024 * 1024;

/// Stops reading an answer that is too large, and returns an error.
#[derive(Debug)]
pub(super) struct BoundedAnswer;

impl Intercept for BoundedAnswer {
    fn name(&self) -> &'static str {
        "BoundedAnswer"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().body_mut();
        let unbounded = std::mem::replace(body, SdkBody::taken());
        *body = SdkBody::from_body_1_x(Limited::new(unbounded, LARGEST_ANSWER));
        Ok(())
    }
}
