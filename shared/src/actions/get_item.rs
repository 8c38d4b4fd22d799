//! `getItem`: one item by its key.
//!
//! API: [`GetItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html), and `DescribeTable`
//! the first time that a table's key is needed.

use std::sync::Arc;

use aws_sdk_dynamodb::{operation::get_item::builders::GetItemFluentBuilder, types::ReturnConsumedCapacity};

use crate::{
    answer::Answer,
    call::Call,
    error::Error,
    expression::{Kind, NameInputs},
    inputs,
    keys::{self, KeyInputs},
    value::Format,
};

inputs! {
    /// What `getItem` takes.
    pub struct Input {
        key: KeyInputs = group,
        /// Whether the read sees every write that came before it; left out: it may miss the latest.
        consistent_read: Option<bool> = ["consistentRead"],
        /// The attributes wanted; left out: all.
        projection_expression: Option<String> = ["projectionExpression"],
        names: NameInputs = group,
    }
}

/// Runs the action.
///
/// # Errors
/// What is wrong with the input; what DynamoDB refused. An item that is not there is no error: `found` is false.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let Input { key, consistent_read, projection_expression, names } = input;
    let table = key.table_name.as_str();
    let request = request(&call, table, consistent_read, projection_expression.as_deref(), names)?;
    let reply = keys::with_key(&call, &key, |key| {
        let request = request.clone().set_key(Some(key));
        call.send("GetItem", Some(table), |tap| request.customize().config_override(tap).send())
    })
    .await?;
    Answer::result(&reply, call.output_format(Format::Typed), |names| names.iter().any(|name| name == "Item"))
}

fn request(
    call: &Call,
    table: &str,
    consistent_read: Option<bool>,
    projection_expression: Option<&str>,
    names: NameInputs,
) -> Result<GetItemFluentBuilder, Error> {
    let mut placeholders = names.into_placeholders()?;
    let projection = placeholders.rewrite_if_given("projectionExpression", Kind::Projection, projection_expression)?;
    Ok(call
        .dynamodb()
        .get_item()
        .table_name(table)
        .set_consistent_read(consistent_read)
        .set_projection_expression(projection)
        .set_expression_attribute_names(placeholders.finish()?.names)
        .return_consumed_capacity(ReturnConsumedCapacity::Total))
}
