//! A program that can be started as a function.

use std::{ffi::OsString, path::PathBuf};

use crate::servers::DynamoDb;

#[derive(Debug, Clone)]
pub(crate) struct Contender {
    /// The name in the table.
    pub(crate) name: &'static str,
    /// The program and its arguments.
    pub(crate) command: Vec<OsString>,
    /// Variables besides those that Lambda sets. They replace Lambda's.
    pub(crate) environment: Vec<(&'static str, String)>,
}

impl Contender {
    /// The binary at `path`.
    pub(crate) fn binary(name: &'static str, path: PathBuf) -> Self {
        Self { name, command: vec![path.into()], environment: Vec::new() }
    }

    /// Adds a variable to the environment.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Has the contender call DynamoDB with TLS and trust its authority, in the way of each SDK.
    pub(crate) fn with_tls(self, dynamodb: &DynamoDb) -> Self {
        let authority = dynamodb.authority().display().to_string();
        self.with("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.tls_url())
            // Ours, boto3 and the bare SDK call.
            .with("AWS_CA_BUNDLE", authority.as_str())
            // Node.
            .with("NODE_EXTRA_CA_CERTS", authority)
    }
}
