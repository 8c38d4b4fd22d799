//! DynamoDB for one identity in one region.

use std::{env, sync::Arc};

use aws_config::{
    BehaviorVersion, SdkConfig, ecs::EcsCredentialsProvider, environment::EnvironmentVariableCredentialsProvider,
    meta::credentials::CredentialsProviderChain,
};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_dynamodb::config;
use aws_smithy_http_client::tls;

use super::{Connection, Region, cache::Cache};
use crate::{error::Error, keys, path::Path};

/// A client for one identity in one region, and what it learned about tables.
#[derive(Debug, Clone)]
pub struct Client {
    /// Signs as the identity.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Where it calls.
    pub region: String,
    /// The key schemas that this identity has seen in this region.
    pub keys: Arc<keys::Memory>,
}

/// The clients of this process.
#[derive(Debug)]
pub struct Clients {
    base: SdkConfig,
    region: Option<Region>,
    by_identity: Cache<Client>,
}

impl Clients {
    /// Reads what Lambda sets in the environment, once: region, endpoints (`AWS_ENDPOINT_URL`,
    /// `AWS_ENDPOINT_URL_DYNAMODB`, FIPS and dual-stack), retries, and where the function's own credentials are.
    ///
    /// No profile files, and no instance metadata: a function has neither, and looking for them takes time.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no random bytes.
    pub async fn from_env() -> Result<Self, Error> {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .build_https();
        let own = CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
            .or_else("Container", EcsCredentialsProvider::builder().build());
        let region = env::var("AWS_REGION").ok().and_then(|name| Region::parse(name.trim()));
        let base = aws_config::defaults(BehaviorVersion::latest())
            .profile_files(EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, "").build())
            .region(region.clone().map(|region| aws_types::region::Region::new(region.as_str().to_owned())))
            .http_client(http)
            .credentials_provider(SharedCredentialsProvider::new(own))
            .load()
            .await;
        let by_identity = Cache::new().ok_or_else(|| Error::Internal("the system gives no random bytes".into()))?;
        Ok(Self { base, region, by_identity })
    }

    /// The client for an identity; always the same one for the same identity and region.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when no region is given and the function has none.
    pub fn get(&self, connection: &Connection, region: Option<&Region>) -> Result<Client, Error> {
        let region = region.or(self.region.as_ref()).ok_or_else(|| {
            Error::input(
                &Path::Input("awsRegion"),
                "required input is missing: the function has no AWS_REGION of its own",
            )
        })?;
        let mut parts = connection.parts();
        parts.push(Some(region.as_str()));
        let identity = self.by_identity.identity(&parts);
        Ok(self.by_identity.get_or_insert_with(identity, || self.make(connection, region)))
    }

    fn make(&self, connection: &Connection, region: &Region) -> Client {
        let region = region.as_str().to_owned();
        let config = config::Builder::from(&self.base).region(config::Region::new(region.clone()));
        let config = match connection {
            Connection::Own => config,
            Connection::AccessKey(pair) => config.credentials_provider(pair.credentials()),
        };
        Client {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(config.build()),
            region,
            keys: Arc::new(keys::Memory::default()),
        }
    }
}
