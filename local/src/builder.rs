//! What a [`Lambda`] is made of.

use std::{path::PathBuf, time::Duration};

use crate::{error::StartError, function::Settings, identity::Identity, lambda::Lambda};

/// Makes a [`Lambda`]; from [`Lambda::builder`].
#[derive(Debug, Clone)]
pub struct Builder {
    functions: Vec<(String, PathBuf)>,
    settings: Settings,
    port: u16,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            functions: Vec::new(),
            settings: Settings {
                environment: Vec::new(),
                region: "us-east-1".to_owned(),
                memory: 128,
                timeout: Duration::from_secs(30),
                // As Lambda gives (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
                init_timeout: Duration::from_secs(10),
                concurrency: 10,
                show_logs: false,
            },
            port: 0,
        }
    }
}

impl Builder {
    /// Adds a function: the name of its binary, and where that is.
    #[must_use]
    pub fn function(mut self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.functions.push((name.into(), path.into()));
        self
    }

    /// Adds functions: names and paths of their binaries.
    #[must_use]
    pub fn functions<N: Into<String>, P: Into<PathBuf>>(self, functions: impl IntoIterator<Item = (N, P)>) -> Self {
        functions.into_iter().fold(self, |builder, (name, path)| builder.function(name, path))
    }

    /// The functions' DynamoDB: the endpoint to which `AWS_ENDPOINT_URL_DYNAMODB` is set.
    #[must_use]
    pub fn dynamodb(self, url: &str) -> Self {
        self.env("AWS_ENDPOINT_URL_DYNAMODB", url)
    }

    /// The functions' STS and Secrets Manager: sets `AWS_ENDPOINT_URL_STS` and `AWS_ENDPOINT_URL_SECRETS_MANAGER`.
    #[must_use]
    pub fn identity(self, identity: &Identity) -> Self {
        self.env("AWS_ENDPOINT_URL_STS", identity.url()).env("AWS_ENDPOINT_URL_SECRETS_MANAGER", identity.url())
    }

    /// Adds a variable to every function's environment. It wins over what is set otherwise, and a later one over
    /// an earlier.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.environment.push((name.into(), value.into()));
        self
    }

    /// The region that the functions find themselves in. `us-east-1` unless given.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = region.into();
        self
    }

    /// How long an invocation may take before its process is killed. 30 seconds unless given.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How long a process may take to ask for its first event. 10 seconds unless given, as in Lambda.
    #[must_use]
    pub fn init_timeout(mut self, timeout: Duration) -> Self {
        self.settings.init_timeout = timeout;
        self
    }

    /// The memory that the functions are told to have, in megabytes. It is not enforced. 128 unless given.
    #[must_use]
    pub fn memory(mut self, megabytes: u32) -> Self {
        self.settings.memory = megabytes;
        self
    }

    /// The most processes of one function; further invocations wait. 10 unless given, and at least 1.
    #[must_use]
    pub fn concurrency(mut self, processes: usize) -> Self {
        self.settings.concurrency = processes.max(1);
        self
    }

    /// Whether the functions' logs are passed on to standard error, each line after its function's name. They are
    /// in each [`Invocation`](crate::Invocation) in any case.
    #[must_use]
    pub fn show_logs(mut self, show: bool) -> Self {
        self.settings.show_logs = show;
        self
    }

    /// The loopback port of the Invoke API. The system chooses unless given.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts it, on the Tokio runtime that this is called on. No process is started before its first invocation.
    pub async fn start(self) -> Result<Lambda, StartError> {
        for (function, path) in &self.functions {
            if !path.is_file() {
                return Err(StartError::Missing { function: function.clone(), path: path.clone() });
            }
        }
        Lambda::start(self.functions, &self.settings, self.port).await
    }
}
