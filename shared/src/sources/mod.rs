//! Pick-lists for a form: `{"result": [{"label", "key"}]}`.
//!
//! - [`select_region`]: every region that has DynamoDB; calls nobody
//! - [`select_table`]: every table of the account in the region

mod regions;
pub mod select_region;
pub mod select_table;

use serde::Serialize;

use crate::{answer::Answer, error::Error};

/// One line of a pick-list.
#[derive(Debug, Serialize)]
struct Choice {
    /// What a person reads.
    label: String,
    /// What an input takes.
    key: String,
}

#[derive(Serialize)]
struct PickList {
    result: Vec<Choice>,
}

fn answer(result: Vec<Choice>) -> Result<Answer, Error> {
    Answer::from_serialize(&PickList { result })
}
