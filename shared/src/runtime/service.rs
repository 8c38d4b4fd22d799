//! Lambda's Runtime API: an event's bytes in, the answer's bytes out.
//!
//! `lambda_runtime` asks for events, one after the other or many at once, and knows the lifecycle. The answer does not
//! go through its serializer, which would copy what is JSON text already: this layer sends it as it is.
//!
//! API: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::{env, sync::Arc};

use http::{HeaderValue, Method, Request, Uri};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use lambda_runtime::{
    Diagnostic, LambdaEvent, LambdaInvocation, Runtime, service_fn,
    tower::{BoxError, layer::layer_fn},
};
use lambda_runtime_api_client::{PooledClient, body::Body, build_request};
use tracing::error;

use super::{Function, invocation};
use crate::error::Error;

/// With which Lambda tells an invocation from one before it that ran into its timeout; it comes back with the answer.
const INVOCATION_ID: &str = "lambda-runtime-invocation-id";

/// How many events Lambda sends at once.
pub(super) fn concurrency() -> usize {
    env::var("AWS_LAMBDA_MAX_CONCURRENCY").ok().and_then(|most| most.parse().ok()).unwrap_or(1)
}

/// Answers events until Lambda ends the process.
pub(super) async fn serve(function: Function) -> Result<(), BoxError> {
    let function = Arc::new(function);
    let mut connector = HttpConnector::new();
    // The end of a large answer does not wait until its beginning was acknowledged.
    connector.set_nodelay(true);
    let client = Arc::new(PooledClient::builder().with_connector(connector).with_pool_size(concurrency()).build());
    let service = service_fn(move |event: LambdaInvocation| {
        let (function, client) = (Arc::clone(&function), Arc::clone(&client));
        async move {
            let answer = invocation::invoke(&function, &event.body, &event.context).await;
            let invocation_id = event.parts.headers.get(INVOCATION_ID).cloned();
            let response = client.call(post(&event.context.request_id, invocation_id, answer)?).await?;
            if !response.status().is_success() {
                error!(status = response.status().as_u16(), "Lambda did not take the answer");
            }
            // Read to its end, the connection can be used again.
            response.into_body().collect().await?;
            Ok(())
        }
    });
    // The layer takes the place of all that `Runtime::new` puts together around a handler.
    let handler = service_fn(async |_: LambdaEvent<()>| Ok::<(), Diagnostic>(()));
    Runtime::new(handler).layer(layer_fn(move |_| service.clone())).run_concurrent().await
}

fn post(
    request_id: &str,
    invocation_id: Option<HeaderValue>,
    answer: Result<String, Error>,
) -> Result<Request<Body>, BoxError> {
    let request = build_request().method(Method::POST);
    let uri = |of| format!("/2018-06-01/runtime/invocation/{request_id}/{of}").parse::<Uri>();
    let mut request = match answer {
        Ok(text) => request.uri(uri("response")?).body(Body::from(text))?,
        Err(error) => {
            let error_type = error.error_type().to_owned();
            let diagnostic = Diagnostic { error_type, error_message: error.to_string() };
            request
                .uri(uri("error")?)
                .header("lambda-runtime-function-error-type", "unhandled")
                .body(Body::from(serde_json::to_vec(&diagnostic)?))?
        }
    };
    if let Some(id) = invocation_id {
        request.headers_mut().insert(INVOCATION_ID, id);
    }
    Ok(request)
}
