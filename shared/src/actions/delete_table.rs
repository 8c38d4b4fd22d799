//! `deleteTable`: deletes a table and all its items.
//!
//! API: [`DeleteTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html), and with
//! `waitUntilDeleted` `DescribeTable` until there is no such table.

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

/// The function.
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
    /// What `deleteTable` takes.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers" },
        /// Whether to answer only when the table is gone.
        wait_until_deleted: Option<bool> = ["waitUntilDeleted"] { default: false },
    }
}

/// Runs the action.
///
/// # Errors
/// [`Error::InvalidInput`], and what DynamoDB refused; [`Error::Timeout`] when the table is still there at the invocation's
/// deadline.
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
