//! A database and the functions on it: what every command plays on.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use local::{Builder, DynamoDb, Identity, Lambda};
use tokio::time::timeout;

use super::{Failure, cargo, tour};

/// The database of a command.
#[derive(Debug)]
pub(crate) enum Source<'a> {
    /// A new one in memory.
    Memory,
    /// One kept in this file.
    File(&'a Path),
    /// One elsewhere, at this endpoint.
    Endpoint(&'a str),
}

impl<'a> Source<'a> {
    /// The file if there is one, else memory.
    pub(crate) fn of(file: Option<&'a Path>) -> Self {
        file.map_or(Self::Memory, Self::File)
    }
}

/// Where what the functions call listens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    /// The database.
    pub(crate) dynamodb: SocketAddr,
    /// STS and Secrets Manager.
    pub(crate) identity: SocketAddr,
}

impl Addresses {
    /// On loopback, where the system chooses.
    pub(crate) const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
}

impl Default for Addresses {
    fn default() -> Self {
        Self { dynamodb: Self::LOOPBACK, identity: Self::LOOPBACK }
    }
}

/// A variable as the command line gives it.
pub(crate) fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("give it as NAME=VALUE".into()),
    }
}

/// The functions with these variables in their environment.
pub(crate) fn with_variables(builder: Builder, variables: &[(String, String)]) -> Builder {
    variables.iter().fold(builder, |builder, (name, value)| builder.env(name, value))
}

/// Who the functions are by themselves: a session of their execution role, as in Lambda.
const FUNCTIONS_ROLE: &str = "arn:aws:sts::123456789012:assumed-role/local/functions";

/// A running database with the functions on it.
#[derive(Debug)]
pub(crate) struct Stage {
    database: Option<DynamoDb>,
    /// The AWS that knows the functions' own role.
    pub(crate) identity: Identity,
    /// The functions.
    pub(crate) lambda: Lambda,
    /// Where the functions' binaries are.
    pub(crate) functions: Vec<(String, PathBuf)>,
    /// Whether nothing can be in the database yet.
    pub(crate) is_new: bool,
    url: String,
}

impl Stage {
    /// Builds the functions, then starts everything; `settings` adds to what is told of the functions.
    pub(crate) async fn open(
        source: Source<'_>,
        release: bool,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, Failure> {
        Self::open_at(Addresses::default(), source, release, settings).await
    }

    /// The same, where others can reach what the functions call.
    pub(crate) async fn open_at(
        addresses: Addresses,
        source: Source<'_>,
        release: bool,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, Failure> {
        let functions = cargo::functions(release).await?;
        let (database, is_new) = match source {
            Source::Memory => (Some(DynamoDb::memory_at(addresses.dynamodb).await?), true),
            Source::File(file) => {
                let is_new = !file.exists();
                (Some(DynamoDb::file_at(file, addresses.dynamodb).await?), is_new)
            }
            Source::Endpoint(_) => (None, false),
        };
        let url = match (&database, source) {
            (_, Source::Endpoint(url)) => url.to_owned(),
            (Some(database), _) => database.url().to_owned(),
            (None, _) => return Err("there is no database".into()),
        };
        let identity = Identity::start_at(addresses.identity).await?;
        // The key pair that the functions find in their environment.
        identity.user("local", "local", FUNCTIONS_ROLE);
        let builder = Lambda::builder().functions(functions.clone()).dynamodb(&url).identity(&identity);
        let lambda = settings(builder).start().await?;
        Ok(Self { database, identity, lambda, functions, is_new, url })
    }

    /// The database's endpoint.
    pub(crate) fn database_url(&self) -> &str {
        &self.url
    }

    /// Puts the tour's tables and items into a new database. One that has been used is left as it is.
    pub(crate) async fn seed(&self) -> Result<(), Failure> {
        if self.is_new {
            for step in tour::seeds() {
                let event = step.event.text()?;
                let answer = self.lambda.invoke(step.function, event.clone()).await?;
                if let Some(error) = answer.error() {
                    let why = format!("{}: {}", error.error_type, error.error_message);
                    return Err(
                        format!("the database could not be filled: {} said {why}\n{event}", step.function).into()
                    );
                }
            }
        }
        Ok(())
    }

    /// Ends everything, and waits until no process is left and the database is closed.
    pub(crate) async fn close(self) {
        self.lambda.stop().await;
        if let Some(database) = self.database {
            // A client that has sent half a request would hold it for ever.
            let _ = timeout(Duration::from_secs(2), database.stop()).await;
        }
    }
}
