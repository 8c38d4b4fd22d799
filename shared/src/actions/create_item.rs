//! `createItem`: creates an item, or replaces the one with the same key.
//!
//! API: [`PutItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html).

use std::sync::Arc;

use aws_sdk_dynamodb::{operation::put_item::builders::PutItemFluentBuilder, types::ReturnConsumedCapacity};

use super::condition::{self, Condition, OldOrNone};
use crate::{
    answer::Answer,
    call::Call,
    error::Error,
    expression::PlaceholderInputs,
    input::Collection,
    inputs,
    json::Json,
    path::Path,
    value::{Format, Types, Values, size},
};

inputs! {
    /// What `createItem` takes.
    pub struct Input {
        table_name: String = ["tableName"],
        /// The whole item, key included: attribute name → value.
        item: Collection<Json> = ["item"],
        /// Attribute name → type.
        item_types: Option<Collection<Types>> = ["itemTypes"],
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
    let table = input.table_name.clone();
    let request = request(&call, input)?;
    let reply = call
        .send("PutItem", Some(&table), |tap| request.customize().config_override(tap).send())
        .await
        .map_err(|error| condition::with_item(error, format))?;
    Answer::data(&reply, format)
}

fn request(call: &Call, input: Input) -> Result<PutItemFluentBuilder, Error> {
    let values = Values { input: "item", values: Some(input.item), types_input: "itemTypes", types: input.item_types };
    let item = values.into_attributes(call.input_format)?;
    size::check_item(&item, &Path::Input("item"))?;
    let mut placeholders = input.placeholders.into_placeholders(call.input_format)?;
    let condition = input.condition.rewrite(&mut placeholders)?;
    let sent = placeholders.finish()?;
    Ok(call
        .dynamodb()
        .put_item()
        .table_name(input.table_name)
        .set_item(Some(item.into_iter().collect()))
        .set_condition_expression(condition)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(input.return_values.unwrap_or(OldOrNone::None).into())
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(ReturnConsumedCapacity::Total))
}
