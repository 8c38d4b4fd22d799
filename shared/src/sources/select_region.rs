//! `selectRegion`: every region that has DynamoDB, in every partition. Nobody is called.

use super::{Choice, answer, regions::REGIONS};
use crate::{
    actions::definition::{AnswerShape, Definition, EventType},
    answer::Answer,
    error::Error,
    input::Ignored,
    inputs,
};

/// The function.
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
    /// What `selectRegion` takes: what every form sends, all of it ignored.
    pub struct Input {
        /// What a form sends. It is accepted and not read.
        connection: Option<Ignored> = ["connection", "awsConnection"],
        /// What a form sends. It is accepted and not read.
        region: Option<Ignored> = ["awsRegion", "region"],
        /// What a form sends. It is accepted and not read.
        input_format: Option<Ignored> = ["inputFormat"],
        /// What a form sends. It is accepted and not read.
        output_format: Option<Ignored> = ["outputFormat"],
        /// What a form sends. It is accepted and not read: there are no calls to log.
        debug: Option<Ignored> = ["debug"],
    }
}

/// Runs the source.
///
/// # Errors
/// None of its own.
pub fn run(_input: Input) -> Result<Answer, Error> {
    let choices =
        REGIONS.iter().map(|(key, name)| Choice { label: format!("{name} — {key}"), key: (*key).to_owned() });
    answer(choices.collect())
}
