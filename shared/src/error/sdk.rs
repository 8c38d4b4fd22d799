//! Converts the SDK's errors to this component's errors.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_types::request_id::RequestId as _;
use hyper_util::client::legacy;

use super::{CallSite, Error, Refusal};

impl Error {
    /// Converts the error of a call: a service's own error with its code, or the reason why no answer came.
    #[must_use]
    pub fn from_sdk<E>(error: &SdkError<E, HttpResponse>, call: CallSite) -> Self
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        let why = || error.source().map(chain).unwrap_or_default();
        match error {
            SdkError::ServiceError(refused) => {
                let metadata = refused.err().meta();
                let Some(code) = metadata.code() else {
                    let status = refused.raw().status().as_u16();
                    return Self::ConnectionFailed(format!(
                        "the answer is broken: HTTP status {status} without an error code ({call})"
                    ));
                };
                Self::Service(Box::new(Refusal {
                    code: code.to_owned(),
                    message: metadata.message().unwrap_or("the service gave no message").to_owned(),
                    call,
                    request_id: error.request_id().map(str::to_owned),
                    body: refused.raw().body().bytes().map(<[u8]>::to_vec).unwrap_or_default(),
                    item: None,
                }))
            }
            _ if own_error(error).is_some() || lacks_credentials(error) => Self::from_credentials(error),
            SdkError::TimeoutError(_) => Self::Timeout(format!("no answer in time ({call})")),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => {
                Self::Timeout(format!("no connection in time ({call})"))
            }
            SdkError::DispatchFailure(_) if error.source().is_some_and(was_connected) => {
                Self::ConnectionFailed(format!("no answer: {} ({call})", why()))
            }
            SdkError::DispatchFailure(_) => Self::ConnectionFailed(format!("no connection: {} ({call})", why())),
            SdkError::ResponseError(_) => Self::ConnectionFailed(format!("the answer is broken: {} ({call})", why())),
            SdkError::ConstructionFailure(_) => {
                Self::Internal(format!("the request could not be made: {} ({call})", why()))
            }
            _ => Self::Internal(format!("{error} ({call})")),
        }
    }
}

impl Error {
    /// Converts the error of a credentials provider: a refusal by STS or Secrets Manager, or missing credentials.
    #[must_use]
    pub fn from_credentials(error: &(dyn StdError + 'static)) -> Self {
        match own_error(error) {
            Some(own) => own.clone(),
            None if lacks_credentials(error) => Self::InvalidConnection(
                "no `connection` is given, and the function has no credentials of its own".to_owned(),
            ),
            None => Self::ConnectionFailed(format!("no credentials: {}", chain(error))),
        }
    }
}

/// Whether no connection could be opened, so that no part of the request was sent.
#[must_use]
pub fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    http_error(error).is_some_and(legacy::Error::is_connect)
}

/// Whether the request failed after its connection was opened.
fn was_connected(error: &(dyn StdError + 'static)) -> bool {
    http_error(error).is_some_and(|error| !error.is_connect())
}

fn http_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a legacy::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The error from one of our own credentials providers.
fn own_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn lacks_credentials(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| {
        matches!(cause.downcast_ref::<CredentialsError>(), Some(CredentialsError::CredentialsNotLoaded(_)))
    })
}

/// The error and its causes in one line.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut texts: Vec<String> = causes(error).map(ToString::to_string).collect();
    texts.dedup();
    texts.join(": ")
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| StdError::source(*error))
}
