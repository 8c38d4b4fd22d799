//! `selectRegion`: every region that has DynamoDB, in every partition. Nobody is called.

use super::{Choice, answer, regions::REGIONS};
use crate::{answer::Answer, error::Error, inputs, json::Json};

inputs! {
    #[expect(dead_code, clippy::struct_field_names, reason = "read so that the names are known, and ignored")]
    /// What `selectRegion` takes: what every form sends, all of it ignored.
    pub struct Input {
        connection: Option<Json> = ["connection", "awsConnection"],
        region: Option<Json> = ["awsRegion", "region"],
        input_format: Option<Json> = ["inputFormat"],
        output_format: Option<Json> = ["outputFormat"],
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
