//! What the environment says of AWS's endpoints and of retries, in the names that every SDK of AWS has for it
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>); and the function's own credentials.
//!
//! The SDK's loader (`aws_config::load_defaults`) would look into profile files, too, and brings what else it can find
//! credentials with: single sign-on, web identities, instance metadata. A function has none of them.

use aws_config::{
    BehaviorVersion, SdkConfig, ecs::EcsCredentialsProvider, environment::EnvironmentVariableCredentialsProvider,
    identity::IdentityCache, meta::credentials::CredentialsProviderChain, provider_config::ProviderConfig,
};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::{
    rt::sleep::{SharedAsyncSleep, TokioSleep},
    time::SystemTimeSource,
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::{
    retry::{RetryConfig, RetryMode},
    timeout::TimeoutConfig,
};
use aws_types::{
    app_name::AppName,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};

use super::http::CONNECT_TIMEOUT;
use crate::{error::Error, setting};

/// What every client has in common, but for its region and its HTTP client.
///
/// # Errors
/// [`Error::InvalidInput`] for a setting that is not one.
pub(super) fn sdk_config(own: SharedCredentialsProvider) -> Result<SdkConfig, Error> {
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(own)
        .identity_cache(IdentityCache::lazy().build())
        .retry_config(retries()?)
        .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::default()))
        .time_source(SystemTimeSource::new());
    config.set_use_fips(setting::flag("AWS_USE_FIPS_ENDPOINT")?);
    config.set_use_dual_stack(setting::flag("AWS_USE_DUALSTACK_ENDPOINT")?);
    config.set_app_name(app_name()?);
    if setting::flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")? != Some(true) {
        config.set_endpoint_url(setting::text("AWS_ENDPOINT_URL"));
        config.set_service_config(Some(ServiceEndpoints));
    }
    Ok(config.build())
}

/// The function's own role: its credentials are in the environment, or at an address that stands there.
pub(super) fn own_credentials(http: &SharedHttpClient) -> SharedCredentialsProvider {
    let container = ProviderConfig::empty()
        .with_http_client(http.clone())
        .with_sleep_impl(TokioSleep::default())
        .with_time_source(SystemTimeSource::new());
    let container = EcsCredentialsProvider::builder().configure(&container).build();
    let environment = EnvironmentVariableCredentialsProvider::new();
    SharedCredentialsProvider::new(
        CredentialsProviderChain::first_try("Environment", environment).or_else("Container", container),
    )
}

/// `AWS_MAX_ATTEMPTS` and `AWS_RETRY_MODE`.
fn retries() -> Result<RetryConfig, Error> {
    let mode = match setting::text("AWS_RETRY_MODE").map(|mode| mode.to_ascii_lowercase()).as_deref() {
        None | Some("standard") => RetryMode::Standard,
        Some("adaptive") => RetryMode::Adaptive,
        Some(mode) => return Err(setting::invalid("AWS_RETRY_MODE", mode, "standard or adaptive")),
    };
    let attempts = setting::number("AWS_MAX_ATTEMPTS", 1..=u64::from(u32::MAX), 3)?;
    Ok(RetryConfig::standard().with_retry_mode(mode).with_max_attempts(u32::try_from(attempts).unwrap_or(u32::MAX)))
}

/// `AWS_SDK_UA_APP_ID`, a name that AWS's logs tell the function by.
fn app_name() -> Result<Option<AppName>, Error> {
    let Some(name) = setting::text("AWS_SDK_UA_APP_ID") else { return Ok(None) };
    match AppName::new(name.clone()) {
        Ok(name) => Ok(Some(name)),
        Err(_) => Err(setting::invalid("AWS_SDK_UA_APP_ID", &name, "a name of letters, digits and !#$%&'*+-.^_`|~")),
    }
}

/// `AWS_ENDPOINT_URL_DYNAMODB` and its like.
#[derive(Debug)]
struct ServiceEndpoints;

impl LoadServiceConfig for ServiceEndpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        setting::text(&variable(key.env(), key.service_id()))
    }
}

/// The variable of a service: `AWS_ENDPOINT_URL_SECRETS_MANAGER` of `AWS_ENDPOINT_URL` and `Secrets Manager`.
fn variable(name: &str, service: &str) -> String {
    format!("{name}_{}", service.to_ascii_uppercase().replace(' ', "_"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_service_has_a_variable_of_its_own() {
        for (service, variable) in [
            ("DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB"),
            ("STS", "AWS_ENDPOINT_URL_STS"),
            ("Secrets Manager", "AWS_ENDPOINT_URL_SECRETS_MANAGER"),
        ] {
            assert_eq!(super::variable("AWS_ENDPOINT_URL", service), variable);
        }
    }
}
