//! `describeTable`: returns everything that DynamoDB tells about a table.
//!
//! API: [`DescribeTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html).

use std::sync::Arc;

use super::{
    Context, Event,
    definition::{AnswerShape, Definition, EventType, Member, MemberKind},
};
use crate::{answer::Answer, dynamodb::Operation, error::Error, inputs, value::Format};

/// The catalog's entry for `describeTable`.
pub const DEFINITION: Definition = Definition {
    name: "describe-table",
    action: "describeTable",
    label: "Describe Table",
    summary: "Returns everything that DynamoDB tells about a table",
    operations: &[Operation::DescribeTable],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::Data(&[Member::required("Table", MemberKind::Table)]),
};

inputs! {
    /// The inputs of `describeTable`.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers", source: "selectTable" },
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let reply = context.calls.describe_table(&input.table_name).await?;
    Answer::data(&reply, Format::Typed)
}
