//! `deleteTable`: deletes a table and all its items.
//!
//! API: [`DeleteTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html), and with
//! `waitUntilDeleted` `DescribeTable` until there is no such table.

use std::sync::Arc;

use super::waiting::Pauses;
use crate::{answer::Answer, call::Call, error::Error, inputs, value::Format};

inputs! {
    /// What `deleteTable` takes.
    pub struct Input {
        table_name: String = ["tableName"],
        /// Whether to answer only when the table is gone; left out: at once.
        wait_until_deleted: Option<bool> = ["waitUntilDeleted"],
    }
}

/// Runs the action.
///
/// # Errors
/// What is wrong with the input; what DynamoDB refused; [`Error::Timeout`] when the table is still there at the
/// invocation's deadline.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let table = input.table_name.as_str();
    let request = call.dynamodb().delete_table().table_name(table);
    let reply = call.send("DeleteTable", Some(table), |tap| request.customize().config_override(tap).send()).await?;
    if input.wait_until_deleted.unwrap_or(false) {
        let mut pauses = Pauses::default();
        loop {
            match call.describe_table(table).await {
                Err(error) if error.is_refusal("ResourceNotFoundException") => break,
                Err(error) => return Err(error),
                Ok(_) => pauses.next().await,
            }
        }
    }
    Answer::data(&reply, Format::Typed)
}
