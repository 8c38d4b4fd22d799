//! `selectRegion`: lists all regions that have DynamoDB, in every partition. It makes no calls.

use super::{Choice, answer, regions::REGIONS};
use crate::{
    actions::{
        context::UnusedInputs,
        definition::{AnswerShape, Definition, EventType},
    },
    answer::Answer,
    error::Error,
};

/// The catalog's entry for `selectRegion`.
pub const DEFINITION: Definition = Definition {
    name: "select-region",
    action: "selectRegion",
    label: "Select AWS Region",
    summary: "Lists the regions that have DynamoDB, in every partition",
    operations: &[],
    event: EventType::of::<UnusedInputs>(),
    output_format: None,
    answer: AnswerShape::PickList,
};

/// Runs the source.
///
/// # Errors
/// Returns [`Error::Internal`] if the answer cannot be written as JSON.
pub fn run(_input: UnusedInputs) -> Result<Answer, Error> {
    let choices =
        REGIONS.iter().map(|(key, name)| Choice { label: format!("{name} — {key}"), key: (*key).to_owned() });
    answer(choices.collect())
}
