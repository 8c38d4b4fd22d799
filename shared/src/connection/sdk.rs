//! The SDK's configuration, which `aws-config` loads: region, endpoints, timeouts and the function's own credentials.
//!
//! The settings are those of every AWS SDK (<https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>).
//! [`settings::Sdk`] has checked them. `aws-config` does not trim blanks around a value and does not ignore blank
//! values, as our other settings do. The values that this concerns are given to its loader directly.
//!
//! The credentials come from the SDK's default chain: environment variables (Lambda's own), a web identity, or the
//! container address that Lambda sets for processes that live on in a snapshot. A function has no profile files and no
//! instance metadata, so the chain looks for neither. The chain is built only if the environment variables hold no key
//! pair. With its clients for STS and instance metadata, it takes a quarter of a start (0.76 of 2.9 million
//! instructions).

use std::sync::Arc;

use aws_config::{
    BehaviorVersion, ConfigLoader, SdkConfig,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    meta::credentials::CredentialsProviderChain,
};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use http::Uri;
use tokio::sync::OnceCell;

use crate::settings;

/// The addresses of EC2's instance metadata service:
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html>.
const INSTANCE_METADATA: [&str; 2] = ["169.254.169.254", "[fd00:ec2::254]"];

/// The configuration that all clients share, except the HTTP client. Its identity cache is for the function's own role.
///
/// `http` fetches the function's own credentials.
pub(super) async fn load(settings: &settings::Sdk, http: SharedHttpClient, time: SharedTimeSource) -> SdkConfig {
    let sources = Arc::new(Sources { settings: settings.clone(), http, time });
    let chain = CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("Default", DefaultChain { sources: Arc::clone(&sources), provider: OnceCell::new() });
    let loaded = sources.loader().credentials_provider(chain).load().await;
    let endpoints = Endpoints { loaded: loaded.clone(), ignored: settings.ignores_endpoints };
    let mut config = loaded.into_builder().service_config(endpoints);
    // `Endpoints` also provides the endpoint for all services.
    config.set_endpoint_url(None);
    config.build()
}

/// The values that the loader uses in place of the environment.
#[derive(Debug)]
struct Sources {
    settings: settings::Sdk,
    http: SharedHttpClient,
    time: SharedTimeSource,
}

impl Sources {
    fn loader(&self) -> ConfigLoader {
        let Self { settings, http, time } = self;
        // The loader requires at least one profile file.
        let no_profiles = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, "").build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .profile_files(no_profiles)
            .region(EnvironmentVariableRegionProvider::new())
            .http_client(WithoutInstanceMetadata(http.clone()))
            .time_source(time.clone())
            .retry_config(settings.retries.clone());
        if let Some(name) = settings.app_name.clone() {
            loader = loader.app_name(name);
        }
        if let Some(use_fips) = settings.use_fips {
            loader = loader.use_fips(use_fips);
        }
        if let Some(use_dual_stack) = settings.use_dual_stack {
            loader = loader.use_dual_stack(use_dual_stack);
        }
        loader
    }
}

/// The SDK's default chain, built when it is first used.
#[derive(Debug)]
struct DefaultChain {
    sources: Arc<Sources>,
    provider: OnceCell<SharedCredentialsProvider>,
}

impl ProvideCredentials for DefaultChain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            // The future is boxed because it is large and made only once.
            let make = || {
                Box::pin(async {
                    let loaded = self.sources.loader().load().await;
                    loaded.credentials_provider().expect("the loader makes the default chain")
                })
            };
            self.provider.get_or_init(make).await.provide_credentials().await
        })
    }
}

/// The endpoints of the environment: `AWS_ENDPOINT_URL_DYNAMODB` and similar variables, or else `AWS_ENDPOINT_URL`.
#[derive(Debug)]
struct Endpoints {
    loaded: SdkConfig,
    ignored: bool,
}

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        if self.ignored {
            return None;
        }
        let url = self.loaded.service_config()?.load_config(key)?;
        let url = if url.trim().is_empty() { self.loaded.endpoint_url()? } else { &url };
        Some(url.trim().to_owned()).filter(|url| !url.is_empty())
    }
}

/// An HTTP client that refuses calls to the instance metadata service at once. Such calls would wait for seconds.
#[derive(Debug)]
struct WithoutInstanceMetadata(SharedHttpClient);

impl HttpClient for WithoutInstanceMetadata {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.0.http_connector(settings, components)))
    }
}

#[derive(Debug)]
struct Connector(SharedHttpConnector);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = request.uri().parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
        if host.is_some_and(|host| INSTANCE_METADATA.contains(&host.as_str())) {
            let refusal = ConnectorError::user("a function has no instance metadata".into());
            return HttpConnectorFuture::ready(Err(refusal));
        }
        self.0.call(request)
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::{http::http_client_fn, runtime_components::RuntimeComponentsBuilder};
    use aws_smithy_types::body::SdkBody;

    use super::*;

    #[tokio::test]
    async fn instance_metadata_is_not_called() {
        /// An HTTP client whose answer shows that it was called.
        #[derive(Debug)]
        struct Called;

        impl HttpConnector for Called {
            fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
                HttpConnectorFuture::ready(Err(ConnectorError::io("called".into())))
            }
        }

        let client = WithoutInstanceMetadata(http_client_fn(|_, _| SharedHttpConnector::new(Called)));
        let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
        let connector = client.http_connector(&HttpConnectorSettings::default(), &components);
        for (url, is_called) in [
            ("http://169.254.169.254/latest/api/token", false),
            ("http://[fd00:ec2::254]/latest/api/token", false),
            ("http://169.254.170.2/role", true),
            ("http://127.0.0.1:1234/role", true),
            ("https://sts.eu-west-1.amazonaws.com", true),
        ] {
            let mut request = HttpRequest::new(SdkBody::empty());
            request.set_uri(url).unwrap();
            let error = connector.call(request).await.unwrap_err();
            assert_eq!((error.is_io(), error.is_user()), (is_called, !is_called), "{url}");
        }
    }

    #[test]
    fn a_blank_endpoint_counts_as_not_set() {
        /// The variables that `aws-config` reads: the service's own variable, or else the one for all services.
        #[derive(Debug)]
        struct Environment(Option<&'static str>, Option<&'static str>);

        impl LoadServiceConfig for Environment {
            fn load_config(&self, _key: ServiceConfigKey<'_>) -> Option<String> {
                self.0.or(self.1).map(str::to_owned)
            }
        }

        let key = || ServiceConfigKey::builder().service_id("STS").env("AWS_ENDPOINT_URL").profile("none").build();
        for (own, all, read) in [
            (None, None, None),
            (Some(" http://own "), Some("http://all"), Some("http://own")),
            (Some(" "), Some(" http://all"), Some("http://all")),
            (None, Some("http://all"), Some("http://all")),
            (Some(""), None, None),
            (None, Some(" "), None),
        ] {
            let mut loaded = SdkConfig::builder().service_config(Environment(own, all));
            loaded.set_endpoint_url(all.map(str::to_owned));
            let loaded = loaded.build();
            for ignored in [false, true] {
                let endpoints = Endpoints { loaded: loaded.clone(), ignored };
                let read = read.filter(|_| !ignored);
                assert_eq!(endpoints.load_config(key().unwrap()).as_deref(), read, "{own:?} {all:?} {ignored}");
            }
        }
    }
}
