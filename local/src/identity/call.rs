//! What was asked of the services, for a test to look at.

use std::fmt;

/// An operation that is here.
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
    /// The service that has it, as signatures name it.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Self::AssumeRole | Self::GetCallerIdentity => "sts",
            Self::GetSecretValue => "secretsmanager",
        }
    }
}

/// A call of one of the services. Its `Debug` hides the external ID.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// What was called.
    pub operation: Operation,
    /// The key that signed it, or is said to have; empty where there is no signature.
    pub access_key_id: String,
    /// The region in the signature's scope.
    pub region: String,
    /// The role to be assumed.
    pub role_arn: Option<String>,
    /// The session's name.
    pub session_name: Option<String>,
    /// The external ID.
    pub external_id: Option<String>,
    /// The session's duration in seconds, as it was sent.
    pub duration: Option<String>,
    /// The secret's name or ARN.
    pub secret_id: Option<String>,
    /// The code of the error that was the answer: `AccessDenied`.
    pub refused: Option<String>,
}

impl Call {
    /// The service, as signatures name it: `sts`.
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
