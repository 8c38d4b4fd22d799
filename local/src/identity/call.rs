//! A record of the calls of both services, for tests.

use std::fmt;

/// An operation that the services have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// STS [`AssumeRole`](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)
    AssumeRole,
    /// STS [`GetCallerIdentity`](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html)
    GetCallerIdentity,
    /// Secrets Manager
    /// [`GetSecretValue`](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html)
    GetSecretValue,
}

impl Operation {
    /// The name of the operation's service in signatures.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Self::AssumeRole | Self::GetCallerIdentity => "sts",
            Self::GetSecretValue => "secretsmanager",
        }
    }
}

/// A call of one of the services. `Debug` hides the external ID.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// The operation that was called.
    pub operation: Operation,
    /// The access key id in the signature, whether or not the signature is valid. Empty without a signature.
    pub access_key_id: String,
    /// The region in the signature's scope.
    pub region: String,
    /// The ARN of the role to assume.
    pub role_arn: Option<String>,
    /// The name of the session to start.
    pub session_name: Option<String>,
    /// The external ID.
    pub external_id: Option<String>,
    /// The duration of the session in seconds, as it was sent.
    pub duration: Option<String>,
    /// The name or ARN of the secret.
    pub secret_id: Option<String>,
    /// The code of the error that was the answer, for example `AccessDenied`. `None` after a success.
    pub refused: Option<String>,
}

impl Call {
    /// The name of the service in signatures, for example `sts`.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.operation.service()
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            access_key_id,
            region,
            role_arn,
            session_name,
            external_id,
            duration,
            secret_id,
            refused,
        } = self;
        f.debug_struct("Call")
            .field("operation", operation)
            .field("access_key_id", access_key_id)
            .field("region", region)
            .field("role_arn", role_arn)
            .field("session_name", session_name)
            .field("external_id", &external_id.as_ref().map(|_| "hidden"))
            .field("duration", duration)
            .field("secret_id", secret_id)
            .field("refused", refused)
            .finish()
    }
}
