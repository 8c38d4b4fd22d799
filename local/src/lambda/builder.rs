//! The options of a [`Lambda`].

use std::{path::PathBuf, time::Duration};

use super::{service::Lambda, settings::Settings};
use crate::{error::StartError, identity::Identity};

/// Configures and starts a [`Lambda`]. Made by [`Lambda::builder`].
#[derive(Debug, Clone, Default)]
pub struct Builder {
    functions: Vec<(String, PathBuf)>,
    settings: Settings,
    port: u16,
}

impl Lambda {
    /// Starts to configure a Lambda. It has no functions yet.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// Adds a function: the name and the path of its binary.
    #[must_use]
    pub fn function(mut self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.functions.push((name.into(), path.into()));
        self
    }

    /// Adds functions: the names and the paths of their binaries.
    #[must_use]
    pub fn functions<N: Into<String>, P: Into<PathBuf>>(self, functions: impl IntoIterator<Item = (N, P)>) -> Self {
        functions.into_iter().fold(self, |builder, (name, path)| builder.function(name, path))
    }

    /// Sets the functions' DynamoDB endpoint, `AWS_ENDPOINT_URL_DYNAMODB`.
    #[must_use]
    pub fn dynamodb(self, url: &str) -> Self {
        self.env("AWS_ENDPOINT_URL_DYNAMODB", url)
    }

    /// Sets the functions' STS and Secrets Manager: `AWS_ENDPOINT_URL_STS` and `AWS_ENDPOINT_URL_SECRETS_MANAGER`.
    #[must_use]
    pub fn identity(self, identity: &Identity) -> Self {
        self.env("AWS_ENDPOINT_URL_STS", identity.url()).env("AWS_ENDPOINT_URL_SECRETS_MANAGER", identity.url())
    }

    /// Adds a variable to the environment of every function. It replaces a variable that Lambda sets and an earlier one
    /// of the same name.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.environment.push((name.into(), value.into()));
        self
    }

    /// Sets the functions' region. Default: `us-east-1`.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = region.into();
        self
    }

    /// Sets how long an invocation may take before its process is killed. Default: 30 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets how long a process may take until it asks for its first event. Default: 10 seconds, as in Lambda.
    #[must_use]
    pub fn init_timeout(mut self, timeout: Duration) -> Self {
        self.settings.init_timeout = timeout;
        self
    }

    /// Sets the memory size that the functions are told, in megabytes. It is not enforced. Default: 128.
    #[must_use]
    pub fn memory(mut self, megabytes: u32) -> Self {
        self.settings.memory = megabytes;
        self
    }

    /// Sets the most processes of one function. Further invocations wait. At least 1. Default: 10.
    #[must_use]
    pub fn concurrency(mut self, processes: usize) -> Self {
        self.settings.concurrency = processes.max(1);
        self
    }

    /// Sets whether the functions' logs are also written to standard error, each line after its function's name.
    /// Default: no. Each [`Invocation`](crate::Invocation) holds its log in any case.
    #[must_use]
    pub fn show_logs(mut self, show: bool) -> Self {
        self.settings.show_logs = show;
        self
    }

    /// Sets the loopback port of the Invoke API. Default: the system chooses one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts the Lambda on the current Tokio runtime. A function's process starts with its first invocation.
    ///
    /// Fails if a binary does not exist or the port is taken.
    pub async fn start(self) -> Result<Lambda, StartError> {
        for (function, path) in &self.functions {
            if !path.is_file() {
                return Err(StartError::Missing { function: function.clone(), path: path.clone() });
            }
        }
        Lambda::start(self.functions, &self.settings, self.port).await
    }
}
