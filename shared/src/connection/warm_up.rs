//! Opens a connection to DynamoDB before the first event needs it.
//!
//! A function has a whole processor while it starts, but its first event may have only a fourteenth of one (128 MB of
//! memory). The start therefore prepares what the first call needs: the client, TLS and its handshake. It sends the
//! cheapest possible request, without a signature. That request needs no permission and no credentials. DynamoDB
//! refuses it and keeps the connection open.

use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder,
        auth::{Params, ResolveAuthScheme},
        retry::RetryConfig,
    },
};
use aws_smithy_runtime::client::auth::no_auth::NO_AUTH_SCHEME_ID;
use aws_smithy_runtime_api::client::{auth::AuthSchemeOptionsFuture, runtime_components::RuntimeComponents};
use aws_smithy_types::config_bag::ConfigBag;
use tracing::debug;

/// Opens a connection to the client's endpoint, and logs whether that succeeded.
pub(super) async fn connect(dynamodb: &Client) {
    let unsigned = Builder::new().allow_no_auth().auth_scheme_resolver(Unsigned).retry_config(RetryConfig::disabled());
    let answer = dynamodb.describe_endpoints().customize().config_override(unsigned).send().await;
    let connected = answer.map_or_else(|error| error.raw_response().is_some(), |_| true);
    debug!(connected, "warmed up");
}

/// Selects no signature for any operation.
#[derive(Debug)]
struct Unsigned;

impl ResolveAuthScheme for Unsigned {
    fn resolve_auth_scheme<'a>(
        &'a self,
        _params: &'a Params,
        _config: &'a ConfigBag,
        _components: &'a RuntimeComponents,
    ) -> AuthSchemeOptionsFuture<'a> {
        AuthSchemeOptionsFuture::ready(Ok(vec![NO_AUTH_SCHEME_ID.into()]))
    }
}
