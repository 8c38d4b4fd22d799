//! The functions with everything that they call, on this machine.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use local::{Builder, DynamoDb, Identity, Lambda};
use tokio::time::timeout;

use super::{cargo, failure::Failure};

/// The database that the functions use.
#[derive(Debug)]
pub(super) enum Source<'a> {
    /// A new database in memory.
    Memory,
    /// A database in this file.
    File(&'a Path),
    /// The DynamoDB at this endpoint.
    Endpoint(&'a str),
}

impl<'a> Source<'a> {
    /// The database in `file`, or one in memory if there is no file.
    pub(super) fn of(file: Option<&'a Path>) -> Self {
        file.map_or(Self::Memory, Self::File)
    }
}

/// The addresses of the services that the functions call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addresses {
    pub(super) dynamodb: SocketAddr,
    /// The address of STS and Secrets Manager.
    pub(super) identity: SocketAddr,
}

impl Addresses {
    /// Loopback, with a port that the system chooses.
    pub(super) const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
}

impl Default for Addresses {
    fn default() -> Self {
        Self { dynamodb: Self::LOOPBACK, identity: Self::LOOPBACK }
    }
}

/// The identity behind the functions' own credentials: a session of their execution role, as in Lambda.
const EXECUTION_ROLE_SESSION: &str = "arn:aws:sts::123456789012:assumed-role/local/functions";

/// The running functions, their database, and their STS and Secrets Manager.
#[derive(Debug)]
pub(super) struct Deployment {
    database: Option<DynamoDb>,
    pub(super) identity: Identity,
    pub(super) lambda: Lambda,
    /// The names and paths of the functions' binaries.
    pub(super) functions: Vec<(String, PathBuf)>,
    /// Whether the database is certainly empty.
    pub(super) is_new: bool,
    url: String,
}

impl Deployment {
    /// Builds the functions and starts everything on loopback. `configure` sets further options of the functions.
    pub(super) async fn start(
        source: Source<'_>,
        release: bool,
        configure: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, Failure> {
        Self::start_at(Addresses::default(), source, release, configure).await
    }

    /// Builds the functions and starts everything, with the services that the functions call at these addresses.
    pub(super) async fn start_at(
        addresses: Addresses,
        source: Source<'_>,
        release: bool,
        configure: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, Failure> {
        let functions = cargo::functions(release).await?;
        let (database, url, is_new) = match source {
            Source::Memory => {
                let database = DynamoDb::memory_at(addresses.dynamodb).await?;
                let url = database.url().to_owned();
                (Some(database), url, true)
            }
            Source::File(file) => {
                let is_new = !file.exists();
                let database = DynamoDb::file_at(file, addresses.dynamodb).await?;
                let url = database.url().to_owned();
                (Some(database), url, is_new)
            }
            Source::Endpoint(url) => (None, url.to_owned(), false),
        };
        let identity = Identity::start_at(addresses.identity).await?;
        // The key pair in the environment of the functions.
        identity.user("local", "local", EXECUTION_ROLE_SESSION);
        let builder = Lambda::builder().functions(functions.clone()).dynamodb(&url).identity(&identity);
        let lambda = configure(builder).start().await?;
        Ok(Self { database, identity, lambda, functions, is_new, url })
    }

    /// The endpoint of the database.
    pub(super) fn database_url(&self) -> &str {
        &self.url
    }

    /// Stops everything. Waits until all processes have ended and the database is closed.
    pub(super) async fn stop(self) {
        self.lambda.stop().await;
        if let Some(database) = self.database {
            // A client that has sent half a request would keep the database open.
            let _ = timeout(Duration::from_secs(2), database.stop()).await;
        }
    }
}
