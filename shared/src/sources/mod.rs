//! Pick-lists for a form: `{"result": [{"label", "key"}]}`.
//!
//! - [`select_region`]: all regions that have DynamoDB; makes no calls
//! - [`select_table`]: all tables of the account in the region

mod regions;
pub mod select_region;
pub mod select_table;

use serde::Serialize;

use crate::{answer::Answer, error::Error};

/// One entry of a pick-list.
#[derive(Debug, Serialize)]
struct Choice {
    /// The text that the form shows.
    label: String,
    /// The value for the input.
    key: String,
}

#[derive(Serialize)]
struct PickList {
    result: Vec<Choice>,
}

fn answer(result: Vec<Choice>) -> Result<Answer, Error> {
    Answer::from_serialize(&PickList { result })
}
