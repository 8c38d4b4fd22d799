//! `selectTable`: lists all tables of the account in the region.
//!
//! API: [`ListTables`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html). It fetches
//! all pages.

use std::sync::Arc;

use super::{Choice, answer};
use crate::{
    actions::{
        Context, Event,
        definition::{AnswerShape, Definition, EventType},
        list_tables,
    },
    answer::Answer,
    dynamodb::Operation,
    error::Error,
    inputs,
};

/// The catalog's entry for `selectTable`.
pub const DEFINITION: Definition = Definition {
    name: "select-table",
    action: "selectTable",
    label: "Select Table",
    summary: "Lists the tables for a pick-list",
    operations: &[Operation::ListTables],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::PickList,
};

inputs! {
    /// The inputs of `selectTable`. Only those that every action has.
    pub struct Input {}
}

/// Runs the source.
///
/// # Errors
/// Returns the error that DynamoDB refused the request with.
pub async fn run(context: Arc<Context>, _input: Input) -> Result<Answer, Error> {
    let (_, names) = list_tables::all(&context.calls, None, None).await?;
    answer(names.table_names.into_iter().map(|name| Choice { label: name.clone(), key: name }).collect())
}
