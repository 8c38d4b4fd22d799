//! How an attempt to send a request ended, and what it may have done to the table.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::{
    interceptors::context::{Error as ModeledError, Output},
    orchestrator::{HttpResponse, OrchestratorError},
};

use crate::error::never_connected;

/// How an attempt ended. Variants are ordered: a later variant means that more may have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Outcome {
    /// The request was never sent.
    #[default]
    NotSent,
    /// DynamoDB refused the request, so nothing happened.
    Refused,
    /// The request may have arrived. No answer came, or the answer does not say what happened.
    Unknown,
    /// The request took effect, and its answer was lost on the way.
    AnswerLost,
    /// The request took effect, and its answer arrived.
    Answered,
}

/// The outcome of an attempt, from its response and its error.
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

/// Whether no connection could be opened for the request.
fn had_no_connection(error: &OrchestratorError<ModeledError>) -> bool {
    error.as_connector_error().and_then(|error| error.source()).is_some_and(never_connected)
}
