//! The configuration that all clients share: endpoints, retries, HTTP clients and the function's own role.

use std::{sync::Arc, time::Duration};

use aws_config::{SdkConfig, identity::IdentityCache};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_types::timeout::TimeoutConfig;

use super::{
    Region, Role,
    bounded::BoundedAnswer,
    renewal::{Load, Renew, Renewing},
    role,
    trust::HttpClients,
};

/// The longest time that STS and Secrets Manager may take to answer an attempt.
const LOAD_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);

/// The configuration that all clients share.
#[derive(Debug, Clone)]
pub(super) struct Base {
    /// The configuration with the function's own credentials and a cache for them. Other identities must not use that
    /// cache.
    pub(super) config: Arc<SdkConfig>,
    pub(super) http: HttpClients,
    /// How long a secret's text is kept.
    pub(super) secret_time_to_live: Duration,
    /// The wall clock.
    pub(super) time: SharedTimeSource,
}

impl Base {
    /// DynamoDB's configuration in a region.
    pub(super) fn dynamodb(&self, region: &Region) -> config::Builder {
        config::Builder::from(&*self.config)
            .region(sdk_region(region))
            .http_client(self.http.for_region(region).clone())
            // Retries draw on a budget. One identity's throttling must not use up the budget of another.
            .retry_partition(RetryPartition::custom("identity").build())
    }

    /// An STS client in a region. It signs with these credentials, or with the function's own role if there are none.
    pub(super) fn sts(&self, region: &Region, credentials: Option<SharedCredentialsProvider>) -> aws_sdk_sts::Client {
        let config = aws_sdk_sts::config::Builder::from(&*self.config)
            .region(sdk_region(region))
            .timeout_config(load_timeouts())
            .interceptor(BoundedAnswer)
            .retry_partition(RetryPartition::custom("identity").build())
            .http_client(self.http.for_region(region).clone());
        let config = match credentials {
            Some(credentials) => config.credentials_provider(credentials).identity_cache(IdentityCache::no_cache()),
            None => config,
        };
        aws_sdk_sts::Client::from_conf(config.build())
    }

    /// A Secrets Manager client in a region. It signs with the function's own role.
    pub(super) fn secrets(&self, region: &Region) -> aws_sdk_secretsmanager::Client {
        let config = aws_sdk_secretsmanager::config::Builder::from(&*self.config)
            .region(sdk_region(region))
            .timeout_config(load_timeouts())
            .interceptor(BoundedAnswer)
            .retry_partition(RetryPartition::custom("identity").build())
            .http_client(self.http.for_region(region).clone());
        aws_sdk_secretsmanager::Client::from_conf(config.build())
    }

    /// The source of a role's credentials.
    pub(super) fn role(&self, role: Role, region: &Region) -> role::Source {
        let by = role.assumed_by().map(|pair| SharedCredentialsProvider::new(pair.credentials()));
        role::Source { sts: self.sts(region, by), role, region: region.clone(), time: self.time.clone() }
    }

    /// Credentials from a source, which are renewed before they expire.
    pub(super) fn renewing<L: Load>(&self, source: L) -> (SharedCredentialsProvider, Option<Arc<dyn Renew>>) {
        let renewing = Renewing::new(source, self.time.clone());
        (SharedCredentialsProvider::new(renewing.clone()), Some(Arc::new(renewing)))
    }
}

/// The timeout after which an attempt to call STS or Secrets Manager is repeated.
fn load_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(LOAD_ATTEMPT_TIMEOUT).build()
}

fn sdk_region(region: &Region) -> aws_types::region::Region {
    aws_types::region::Region::new(region.as_str().to_owned())
}
