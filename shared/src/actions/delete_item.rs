//! `deleteItem`: deletes one item by its key. An item that is not there is deleted without a word, as DynamoDB has it.
//!
//! API: [`DeleteItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html), and
//! `DescribeTable` the first time that a table's key is needed.

use std::sync::Arc;

use aws_sdk_dynamodb::{operation::delete_item::builders::DeleteItemFluentBuilder, types::ReturnConsumedCapacity};

use super::condition::{self, Condition, OldOrNone};
use crate::{
    answer::Answer,
    call::Call,
    error::Error,
    expression::PlaceholderInputs,
    inputs,
    keys::{self, KeyInputs},
    value::Format,
};

inputs! {
    /// What `deleteItem` takes.
    pub struct Input {
        key: KeyInputs = group,
        write: WriteInputs = group,
    }
}

inputs! {
    /// What must hold, and what comes back.
    struct WriteInputs {
        condition: Condition = group,
        placeholders: PlaceholderInputs = group,
        /// Left out: nothing comes back.
        return_values: Option<OldOrNone> = ["returnValues"],
    }
}

/// Runs the action.
///
/// # Errors
/// What is wrong with the input; what DynamoDB refused.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let format = call.output_format(Format::Typed);
    let Input { key, write } = input;
    let table = key.table_name.as_str();
    let request = request(&call, table, write)?;
    let reply = keys::with_key(&call, &key, |key| {
        let request = request.clone().set_key(Some(key));
        call.send("DeleteItem", Some(table), |tap| request.customize().config_override(tap).send())
    })
    .await
    .map_err(|error| condition::with_item(error, format))?;
    Answer::data(&reply, format)
}

fn request(call: &Call, table: &str, input: WriteInputs) -> Result<DeleteItemFluentBuilder, Error> {
    let mut placeholders = input.placeholders.into_placeholders(call.input_format)?;
    let condition = input.condition.rewrite(&mut placeholders)?;
    let sent = placeholders.finish()?;
    Ok(call
        .dynamodb()
        .delete_item()
        .table_name(table)
        .set_condition_expression(condition)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(input.return_values.unwrap_or(OldOrNone::None).into())
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(ReturnConsumedCapacity::Total))
}
