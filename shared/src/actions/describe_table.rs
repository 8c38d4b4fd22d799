//! `describeTable`: everything DynamoDB tells about a table.
//!
//! API: [`DescribeTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html).

use std::sync::Arc;

use crate::{answer::Answer, call::Call, error::Error, inputs, value::Format};

inputs! {
    /// What `describeTable` takes.
    pub struct Input {
        table_name: String = ["tableName"],
    }
}

/// Runs the action.
///
/// # Errors
/// What is wrong with the input; what DynamoDB refused.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let reply = call.describe_table(&input.table_name).await?;
    Answer::data(&reply, Format::Typed)
}
