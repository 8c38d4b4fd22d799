//! How an attempt to send a request ended, as far as the table is concerned.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::{
    interceptors::context::{Error as ModeledError, Output},
    orchestrator::{HttpResponse, OrchestratorError},
};

use crate::error::never_connected;

/// How an attempt ended. The later a variant stands, the more may have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Outcome {
    /// The request never left.
    #[default]
    NotSent,
    /// DynamoDB refused it, so nothing happened.
    Refused,
    /// It may have arrived: no answer came, or one that does not say.
    Unknown,
    /// It took effect, and its answer was lost on the way.
    AnswerLost,
    /// It took effect, and its answer is here.
    Answered,
}

/// How an attempt ended that got this far.
pub(super) fn outcome(
    response: Option<&HttpResponse>,
    result: Option<Result<&Output, &OrchestratorError<ModeledError>>>,
) -> Outcome {
    match (response.map(|response| response.status().as_u16()), result) {
        (Some(200..=299), Some(Ok(_))) => Outcome::Answered,
        (Some(200..=299), _) => Outcome::AnswerLost,
        (Some(400..=499), _) => Outcome::Refused,
        (None, Some(Err(error))) if had_no_connection(error) => Outcome::NotSent,
        _ => Outcome::Unknown,
    }
}

/// Whether there was no connection to send the request on.
fn had_no_connection(error: &OrchestratorError<ModeledError>) -> bool {
    error.as_connector_error().and_then(|error| error.source()).is_some_and(never_connected)
}
