//! A DynamoDB client for one identity in one region, and all clients of the process.

use std::sync::{Arc, Mutex};

use aws_config::identity::IdentityCache;
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials as _, SharedCredentialsProvider},
};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::box_error::BoxError;

use super::{
    Connection, Region, SecretReference,
    base::Base,
    cache::{Cache, IdentityKey},
    renewal::Renew,
    sdk, secret,
    trust::HttpClients,
    warm_up,
};
use crate::{
    error::Error,
    path::Path,
    settings::{Allowed, Settings},
};

/// A client for one identity in one region.
#[derive(Debug, Clone)]
pub struct Client {
    /// The client. It signs as the identity.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// The region that the client calls.
    pub region: Region,
    /// The name of this identity and region in this process.
    pub identity: IdentityKey,
    /// Renews credentials that the service refused. `None` if the identity's credentials cannot change.
    pub renewal: Option<Arc<dyn Renew>>,
    credentials: SharedCredentialsProvider,
    base: Base,
}

impl Client {
    /// An STS client that signs as the identity.
    #[must_use]
    pub fn sts(&self) -> aws_sdk_sts::Client {
        self.base.sts(&self.region, Some(self.credentials.clone()))
    }

    /// The credentials that sign now.
    ///
    /// # Errors
    /// Returns what STS or Secrets Manager refused. Returns [`Error::InvalidConnection`] if the function has no
    /// credentials of its own.
    pub async fn credentials(&self) -> Result<Credentials, Error> {
        let credentials = self.credentials.provide_credentials().await;
        credentials.map_err(|error| Error::from_credentials(&error))
    }
}

/// The clients of this process.
#[derive(Debug)]
pub struct Clients {
    base: Base,
    own: SharedCredentialsProvider,
    region: Option<Region>,
    allowed: Allowed,
    by_identity: Cache<Client>,
}

impl Clients {
    /// Reads the SDK's settings once: region, endpoints and the function's own credentials.
    ///
    /// # Errors
    /// Returns an error if `AWS_CA_BUNDLE` holds no usable certificate, or if the system gives no random bytes.
    pub(crate) async fn load(settings: &Settings, time: SharedTimeSource) -> Result<Self, BoxError> {
        let by_identity = Cache::new(settings.identities).ok_or("the system gives no random bytes")?;
        let http = HttpClients::new(&settings.sdk)?;
        let config = sdk::load(&settings.sdk, http.for_own_credentials().clone(), time.clone()).await;
        let own = config.credentials_provider().expect("the loader was given a provider");
        let region = config.region().and_then(|region| Region::parse(region.as_ref().trim()));
        let secret_time_to_live = settings.secret_time_to_live;
        let base = Base { config: Arc::new(config), http, secret_time_to_live, time };
        Ok(Self { base, own, region, allowed: settings.allowed.clone(), by_identity })
    }

    /// The client for an identity. The same identity and region always get the same client. The endpoints come from the
    /// process's settings. An event cannot change them.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if neither the event nor the function has a region, or if the settings exclude
    /// the region. Returns [`Error::InvalidConnection`] if the settings exclude this kind of connection, or if the
    /// identity cannot be used in the region.
    pub fn get(&self, connection: &Connection, region: Option<&Region>) -> Result<Client, Error> {
        self.check_allowed(connection, region)?;
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

    /// Checks that the settings allow this kind of connection and this region.
    fn check_allowed(&self, connection: &Connection, region: Option<&Region>) -> Result<(), Error> {
        if !self.allowed.connection(connection.kind()) {
            let kind = connection.kind();
            return Err(Error::InvalidConnection(format!(
                "connections of the type `{kind}` are not allowed here: ALLOWED_CONNECTIONS is {}",
                self.allowed.connections_text()
            )));
        }
        match region {
            Some(region) if !self.allowed.region(region.as_str()) => Err(Error::input(
                &Path::Input("awsRegion"),
                format_args!(
                    "the region `{}` is not allowed here: ALLOWED_REGIONS is {}",
                    region.as_str(),
                    self.allowed.regions_text()
                ),
            )),
            _ => Ok(()),
        }
    }

    /// Checks the partition: the function's own role can only be used in its own partition.
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

    /// Prepares what the first call needs: makes the client of the function's own role, sets up TLS, and opens a
    /// connection to DynamoDB in the function's own region. The clients of all identities share the connection. If this
    /// fails, the first event reports the failure.
    pub async fn warm_up(&self) {
        if let Some(region) = &self.region
            && self.allowed.connection(Connection::Own.kind())
            && let Ok(client) = self.get(&Connection::Own, Some(region))
        {
            warm_up::connect(&client.dynamodb).await;
        }
    }

    fn make(&self, connection: &Connection, region: &Region, identity: IdentityKey) -> Client {
        let (credentials, renewal): (_, Option<Arc<dyn Renew>>) = match connection {
            Connection::Own => (self.own.clone(), None),
            Connection::AccessKey(pair) => (SharedCredentialsProvider::new(pair.credentials()), None),
            Connection::Role(role) => self.base.renewing(self.base.role(role.clone(), region)),
            Connection::Secret(reference) => self.base.renewing(self.secret(reference.clone(), region)),
        };
        let config = self.base.dynamodb(region).credentials_provider(credentials.clone());
        let config = match connection {
            // The SDK's cache in `Base::config` is for the own role alone. Key pairs would displace it.
            Connection::Own => config,
            // Key pairs need no cache. For roles and secrets, a cache would hide renewals.
            Connection::AccessKey(_) | Connection::Role(_) | Connection::Secret(_) => {
                config.identity_cache(IdentityCache::no_cache())
            }
        };
        let dynamodb = aws_sdk_dynamodb::Client::from_conf(config.build());
        Client { dynamodb, region: region.clone(), identity, renewal, credentials, base: self.base.clone() }
    }

    /// The source of a secret's credentials.
    fn secret(&self, reference: SecretReference, region: &Region) -> secret::Source {
        let secret_region = reference.region(region);
        secret::Source {
            reference,
            secrets: self.base.secrets(&secret_region),
            secret_region,
            region: region.clone(),
            time_to_live: self.base.secret_time_to_live,
            base: self.base.clone(),
            role: Mutex::default(),
        }
    }
}
