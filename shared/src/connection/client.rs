//! DynamoDB for one identity in one region.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_config::{SdkConfig, identity::IdentityCache};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials as _, SharedCredentialsProvider},
};
use aws_sdk_dynamodb::config;
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_types::timeout::TimeoutConfig;

use super::{
    Connection, Region, Role, SecretReference,
    cache::{Cache, IdentityKey},
    environment,
    renewal::{Load, Renew, Renewing},
    role, secret,
    trust::HttpClients,
    warm_up,
};
use crate::{error::Error, path::Path, setting};

/// How long STS and Secrets Manager may take to answer an attempt.
const LOAD_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);

/// A client for one identity in one region.
#[derive(Debug, Clone)]
pub struct Client {
    /// Signs as the identity.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Where it calls.
    pub region: Region,
    /// The name of this identity and region in this process.
    pub identity: IdentityKey,
    /// Renews the identity's credentials when the service refuses them, where there can be others.
    pub renewal: Option<Arc<dyn Renew>>,
    credentials: SharedCredentialsProvider,
    base: Base,
}

impl Client {
    /// STS, signed as the identity.
    #[must_use]
    pub fn sts(&self) -> aws_sdk_sts::Client {
        self.base.sts(&self.region, Some(self.credentials.clone()))
    }

    /// The credentials that sign now.
    ///
    /// # Errors
    /// As STS and Secrets Manager refuse; [`Error::InvalidConnection`] when the function has none of its own.
    pub async fn credentials(&self) -> Result<Credentials, Error> {
        let credentials = self.credentials.provide_credentials().await;
        credentials.map_err(|error| Error::from_credentials(&error))
    }
}

/// What every client has in common: endpoints, retries, the connection pool, the function's own role.
#[derive(Debug, Clone)]
pub(super) struct Base {
    config: Arc<SdkConfig>,
    http: HttpClients,
    /// How long a secret's text is kept.
    secret_time_to_live: Duration,
    /// The wall clock.
    pub(super) time: SharedTimeSource,
}

impl Base {
    /// STS in a region, signed by these credentials or by the function's own role.
    fn sts(&self, region: &Region, credentials: Option<SharedCredentialsProvider>) -> aws_sdk_sts::Client {
        let config = aws_sdk_sts::config::Builder::from(&*self.config)
            .region(sdk_region(region))
            .timeout_config(load_timeouts())
            .http_client(self.http.for_region(region).clone());
        let config = match credentials {
            Some(credentials) => config.credentials_provider(credentials).identity_cache(IdentityCache::no_cache()),
            None => config,
        };
        aws_sdk_sts::Client::from_conf(config.build())
    }

    /// The credentials of a source, renewed when they age.
    fn renewing<L: Load>(&self, source: L) -> (SharedCredentialsProvider, Option<Arc<dyn Renew>>) {
        let renewing = Renewing::new(source, self.time.clone());
        (SharedCredentialsProvider::new(renewing.clone()), Some(Arc::new(renewing)))
    }

    /// What assumes a role.
    pub(super) fn role(&self, role: Role, region: &Region) -> role::Source {
        let by = role.assumed_by().map(|pair| SharedCredentialsProvider::new(pair.credentials()));
        role::Source { sts: self.sts(region, by), role, region: region.clone(), time: self.time.clone() }
    }

    /// What reads a secret.
    fn secret(&self, reference: SecretReference, region: &Region) -> secret::Source {
        let secret_region = reference.region(region);
        let config = aws_sdk_secretsmanager::config::Builder::from(&*self.config)
            .region(sdk_region(&secret_region))
            .timeout_config(load_timeouts())
            .http_client(self.http.for_region(&secret_region).clone());
        secret::Source {
            reference,
            secrets: aws_sdk_secretsmanager::Client::from_conf(config.build()),
            secret_region,
            region: region.clone(),
            time_to_live: self.secret_time_to_live,
            base: self.clone(),
            role: Mutex::default(),
        }
    }
}

/// STS and Secrets Manager are asked again when they give no answer.
fn load_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(LOAD_ATTEMPT_TIMEOUT).build()
}

fn sdk_region(region: &Region) -> aws_types::region::Region {
    aws_types::region::Region::new(region.as_str().to_owned())
}

/// The clients of this process.
#[derive(Debug)]
pub struct Clients {
    base: Base,
    own: SharedCredentialsProvider,
    region: Option<Region>,
    by_identity: Cache<Client>,
}

impl Clients {
    /// Reads what Lambda sets in the environment, once: region, endpoints (`AWS_ENDPOINT_URL`,
    /// `AWS_ENDPOINT_URL_DYNAMODB`, `…_STS`, `…_SECRETS_MANAGER`, FIPS and dual-stack), retries, and where the function's
    /// own credentials are.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no random bytes; [`Error::InvalidInput`] for a setting that is not one, and
    /// an `AWS_CA_BUNDLE` without certificates.
    pub fn from_env() -> Result<Self, Error> {
        let identities = setting::number("MAX_IDENTITIES", 1..=1_000_000, 100)?;
        // A year is more than anybody means, and still a time that can be added to today's.
        let secret_time_to_live = Duration::from_secs(setting::number("SECRET_TTL_SECONDS", 0..=31_536_000, 300)?);
        let http = HttpClients::from_env()?;
        let own = environment::own_credentials(http.amazon());
        let region = setting::text("AWS_REGION").and_then(|name| Region::parse(&name));
        let config = Arc::new(environment::sdk_config(own.clone())?);
        let by_identity = Cache::new(usize::try_from(identities).unwrap_or(usize::MAX))
            .ok_or_else(|| Error::Internal("the system gives no random bytes".into()))?;
        Ok(Self {
            base: Base { config, http, secret_time_to_live, time: SharedTimeSource::new(SystemTimeSource::new()) },
            own,
            region,
            by_identity,
        })
    }

    /// The client for an identity; always the same one for the same identity and region. (The endpoints are the
    /// process's own: no event can change them.)
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when no region is given and the function has none; [`Error::InvalidConnection`] when the
    /// region is not in the role's partition.
    pub fn get(&self, connection: &Connection, region: Option<&Region>) -> Result<Client, Error> {
        let region = region.or(self.region.as_ref()).ok_or_else(|| {
            let message = "required input is missing: the function has no AWS_REGION of its own";
            Error::input(&Path::Input("awsRegion"), message)
        })?;
        match connection {
            Connection::Role(role) => role.check_region(region)?,
            Connection::Own => self.check_own_region(region)?,
            Connection::AccessKey(_) | Connection::Secret(_) => {}
        }
        let mut parts = connection.parts();
        parts.push(Some(region.as_str().into()));
        let identity = self.by_identity.identity(&parts);
        Ok(self.by_identity.get_or_insert_with(identity, || self.make(connection, region, identity)))
    }

    /// The function's own role is good in its own partition only.
    fn check_own_region(&self, region: &Region) -> Result<(), Error> {
        match &self.region {
            Some(own) if own.partition() != region.partition() => Err(Error::InvalidConnection(format!(
                "no `connection` is given, and the function's own role is in the partition `{}`, the region {} in `{}`; give a \
                 connection of that partition",
                own.partition(),
                region.as_str(),
                region.partition()
            ))),
            _ => Ok(()),
        }
    }

    /// Does what the first call would: makes the client of the function's own role, sets up TLS, and opens a connection to
    /// DynamoDB in the function's own region, which clients of all identities share. What fails, the first event tells.
    pub async fn warm_up(&self) {
        if let Ok(client) = self.get(&Connection::Own, None) {
            warm_up::connect(&client.dynamodb).await;
        }
    }

    fn make(&self, connection: &Connection, region: &Region, identity: IdentityKey) -> Client {
        let config = config::Builder::from(&*self.base.config)
            // Retries are paid from a budget. One identity's throttling must not use up another's.
            .retry_partition(RetryPartition::custom("identity").build())
            .region(sdk_region(region))
            .http_client(self.base.http.for_region(region).clone());
        let (credentials, renewal): (_, Option<Arc<dyn Renew>>) = match connection {
            Connection::Own => (self.own.clone(), None),
            Connection::AccessKey(pair) => (SharedCredentialsProvider::new(pair.credentials()), None),
            Connection::Role(role) => self.base.renewing(self.base.role(role.clone(), region)),
            Connection::Secret(reference) => self.base.renewing(self.base.secret(reference.clone(), region)),
        };
        let config = match &renewal {
            // The SDK's own cache would hide a renewal.
            Some(_) => config.credentials_provider(credentials.clone()).identity_cache(IdentityCache::no_cache()),
            None => config.credentials_provider(credentials.clone()),
        };
        Client {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(config.build()),
            region: region.clone(),
            identity,
            renewal,
            credentials,
            base: self.base.clone(),
        }
    }
}
