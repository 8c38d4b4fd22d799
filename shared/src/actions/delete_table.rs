//! `deleteTable`: deletes a table and all its items.
//!
//! API: [`DeleteTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html). With
//! `waitUntilDeleted`, also `DescribeTable` until the table no longer exists.

use std::sync::Arc;

use super::{
    Context, Event,
    definition::{AnswerShape, Definition, EventType, Member, MemberKind},
    waiting::Pauses,
};
use crate::{
    answer::Answer,
    dynamodb::Operation,
    error::{Error, code},
    inputs,
    value::Format,
};

/// The catalog's entry for `deleteTable`.
pub const DEFINITION: Definition = Definition {
    name: "delete-table",
    action: "deleteTable",
    label: "Delete Table",
    summary: "Deletes a table with all its items",
    operations: &[Operation::DeleteTable, Operation::DescribeTable],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::Data(&[Member::required("TableDescription", MemberKind::Table)]),
};

inputs! {
    /// The inputs of `deleteTable`.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers", source: "selectTable" },
        /// Whether to answer only once the table is gone.
        wait_until_deleted: Option<bool> = ["waitUntilDeleted"] { default: false },
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with. Returns [`Error::Timeout`] if
/// the table still exists at the invocation's deadline.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let table = input.table_name.as_str();
    let reply = context.calls.send(context.dynamodb().delete_table().table_name(table)).await?;
    if input.wait_until_deleted.unwrap_or(false) {
        let mut pauses = Pauses::default();
        loop {
            match context.calls.describe_table(table).await {
                Err(error) if error.is_refusal(code::RESOURCE_NOT_FOUND) => break,
                Err(error) => return Err(error),
                Ok(_) => pauses.next().await,
            }
        }
    }
    Answer::data(&reply, Format::Typed)
}
