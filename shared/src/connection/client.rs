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
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::box_error::BoxError;

use super::{
    Connection, Region, Role, SecretReference,
    cache::Cache,
    renewal::{Load, Renew, Renewing},
    role, sdk, secret,
    trust::HttpClients,
    warm_up,
};
use crate::{error::Error, keys, path::Path, settings::Settings};

/// A client for one identity in one region, and what it learned about tables.
#[derive(Debug, Clone)]
pub struct Client {
    /// Signs as the identity.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Where it calls.
    pub region: Region,
    /// The key schemas that this identity has seen in this region.
    pub keys: Arc<keys::Memory>,
    /// Told when the service refuses the identity's credentials, where there can be others.
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

/// What all clients have in common: endpoints, retries, the connection pool, the function's own role.
#[derive(Debug, Clone)]
pub(super) struct Base {
    /// With the function's own credentials and a cache for them. Other identities must not use that cache.
    config: Arc<SdkConfig>,
    http: HttpClients,
    /// How long a secret's text is kept.
    secret_time_to_live: Duration,
}

impl Base {
    /// STS in a region, signed by these credentials or by the function's own role.
    fn sts(&self, region: &Region, credentials: Option<SharedCredentialsProvider>) -> aws_sdk_sts::Client {
        let config = aws_sdk_sts::config::Builder::from(&*self.config)
            .region(sdk_region(region))
            .http_client(self.http.for_region(region).clone());
        let config = match credentials {
            Some(credentials) => config.credentials_provider(credentials).identity_cache(IdentityCache::no_cache()),
            None => config,
        };
        aws_sdk_sts::Client::from_conf(config.build())
    }

    /// What assumes a role.
    pub(super) fn role(&self, role: Role, region: &Region) -> role::Source {
        let by = role.assumed_by().map(|pair| SharedCredentialsProvider::new(pair.credentials()));
        role::Source { sts: self.sts(region, by), role, region: region.clone() }
    }

    /// What reads a secret.
    fn secret(&self, reference: SecretReference, region: &Region) -> secret::Source {
        let secret_region = reference.region(region);
        let config = aws_sdk_secretsmanager::config::Builder::from(&*self.config)
            .region(sdk_region(&secret_region))
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
    /// Reads what the SDK's settings name (region, endpoints, the function's own credentials), once.
    ///
    /// # Errors
    /// If `AWS_CA_BUNDLE` holds no usable certificate, or the system gives no random bytes.
    pub(crate) async fn load(settings: &Settings, time: SharedTimeSource) -> Result<Self, BoxError> {
        let by_identity = Cache::new(settings.identities).ok_or("the system gives no random bytes")?;
        let http = HttpClients::new(&settings.sdk)?;
        let config = sdk::load(&settings.sdk, http.for_own_credentials().clone(), time).await;
        let own = config.credentials_provider().expect("the loader was given a provider");
        let region = config.region().and_then(|region| Region::parse(region.as_ref().trim()));
        let base = Base { config: Arc::new(config), http, secret_time_to_live: settings.secret_time_to_live };
        Ok(Self { base, own, region, by_identity })
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
        if let Connection::Role(role) = connection {
            role.check_region(region)?;
        }
        let mut parts = connection.parts();
        parts.push(Some(region.as_str().into()));
        let identity = self.by_identity.identity(&parts);
        Ok(self.by_identity.get_or_insert_with(identity, || self.make(connection, region)))
    }

    /// Does what the first call would do: makes the client of the function's own role, sets up TLS, and opens a connection to
    /// DynamoDB in the function's own region. Clients of all identities share it. A failure is not reported: the first event
    /// meets it again.
    pub async fn warm_up(&self) {
        if let Ok(client) = self.get(&Connection::Own, None) {
            warm_up::connect(&client.dynamodb).await;
        }
    }

    fn make(&self, connection: &Connection, region: &Region) -> Client {
        let config = config::Builder::from(&*self.base.config)
            .region(sdk_region(region))
            .http_client(self.base.http.for_region(region).clone());
        let (credentials, renewal): (_, Option<Arc<dyn Renew>>) = match connection {
            Connection::Own => (self.own.clone(), None),
            Connection::AccessKey(pair) => (SharedCredentialsProvider::new(pair.credentials()), None),
            Connection::Role(role) => renewing(self.base.role(role.clone(), region)),
            Connection::Secret(reference) => renewing(self.base.secret(reference.clone(), region)),
        };
        let config = config.credentials_provider(credentials.clone());
        let config = match connection {
            // The SDK's cache in `Base::config` is for the own role alone: key pairs would push it out.
            Connection::Own => config,
            // Key pairs need no cache, and it would hide the renewals of the others.
            Connection::AccessKey(_) | Connection::Role(_) | Connection::Secret(_) => {
                config.identity_cache(IdentityCache::no_cache())
            }
        };
        Client {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(config.build()),
            region: region.clone(),
            keys: Arc::new(keys::Memory::default()),
            renewal,
            credentials,
            base: self.base.clone(),
        }
    }
}

fn renewing<L: Load>(source: L) -> (SharedCredentialsProvider, Option<Arc<dyn Renew>>) {
    let renewing = Renewing::new(source);
    (SharedCredentialsProvider::new(renewing.clone()), Some(Arc::new(renewing)))
}
