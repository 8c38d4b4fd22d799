//! `selectRegion`: lists all regions that have DynamoDB, in every partition. It makes no calls.

use super::{Choice, answer, regions::REGIONS};
use crate::{
    actions::definition::{AnswerShape, Definition, EventType},
    answer::Answer,
    error::Error,
    input::Ignored,
    inputs,
};

/// The catalog's entry for `selectRegion`.
pub const DEFINITION: Definition = Definition {
    name: "select-region",
    action: "selectRegion",
    label: "Select AWS Region",
    summary: "Lists the regions that have DynamoDB, in every partition",
    operations: &[],
    event: EventType::of::<Input>(),
    output_format: None,
    answer: AnswerShape::PickList,
};

inputs! {
    #[expect(dead_code, clippy::struct_field_names, reason = "read so that the names are known, and ignored")]
    /// The inputs of `selectRegion`: the inputs that every form sends. They are ignored.
    pub struct Input {
        /// An input that every form sends. It is accepted and not read.
        connection: Option<Ignored> = ["connection", "awsConnection"],
        /// An input that every form sends. It is accepted and not read.
        region: Option<Ignored> = ["awsRegion", "region"],
        /// An input that every form sends. It is accepted and not read.
        input_format: Option<Ignored> = ["inputFormat"],
        /// An input that every form sends. It is accepted and not read.
        output_format: Option<Ignored> = ["outputFormat"],
        /// An input that every form sends. It is accepted and not read, because there are no calls to log.
        debug: Option<Ignored> = ["debug"],
    }
}

/// Runs the source.
///
/// # Errors
/// Returns [`Error::Internal`] if the answer cannot be written as JSON.
pub fn run(_input: Input) -> Result<Answer, Error> {
    let choices =
        REGIONS.iter().map(|(key, name)| Choice { label: format!("{name} — {key}"), key: (*key).to_owned() });
    answer(choices.collect())
}
