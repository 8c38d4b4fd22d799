//! `createItem`: creates an item, or replaces the one with the same key.
//!
//! API: [`PutItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html).

use std::sync::Arc;

use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;

use super::{
    Context, Event,
    condition::{self, Condition, OldOrNone},
    consumption::WriteConsumption,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, ITEM_COLLECTION_METRICS, Member, MemberKind},
    safe_write::SafeWriteInputs,
};
use crate::{
    answer::Answer,
    dynamodb::Operation,
    error::Error,
    expression::PlaceholderInputs,
    input::Collection,
    inputs,
    json::Json,
    keys,
    path::Path,
    value::{Format, Types, Values, size},
};

/// The catalog's entry for `createItem`.
pub const DEFINITION: Definition = Definition {
    name: "create-item",
    action: "createItem",
    label: "Upsert Item",
    summary: "Creates an item, or replaces the item with the same key",
    operations: &[Operation::DescribeTable, Operation::PutItem, Operation::TransactWriteItems],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Typed),
    answer: AnswerShape::Data(&[
        Member::optional("Attributes", MemberKind::Item),
        CONSUMED_CAPACITY,
        ITEM_COLLECTION_METRICS,
    ]),
};

inputs! {
    /// The inputs of `createItem`.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers", source: "selectTable" },
        /// The whole item, including its key: attribute name → value.
        item: Collection<Json> = ["item"] { example: {"customerId": "C-1", "age": 32} },
        /// The types of the item's values: attribute name → type.
        item_types: Option<Collection<Types>> = ["itemTypes"] { example: {"age": "N"} },
        condition: Condition = group,
        placeholders: PlaceholderInputs = group,
        /// What the answer returns: nothing, or the item as it was before the write.
        return_values: Option<OldOrNone> = ["returnValues"] { default: "NONE" },
        safe_write: SafeWriteInputs = group,
        consumption: WriteConsumption = group,
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let format = context.output_format(Format::Typed);
    let table = input.table_name.clone();
    let token = input.safe_write.token(&context);
    let key_name = if input.safe_write.expects_no_item() {
        Some(keys::hash_key_name(&context.calls, &context.schemas, &input.table_name).await?)
    } else {
        None
    };
    let request = request(&context, input, key_name)?;
    match context.calls.write(request, token.as_deref()).await {
        Ok(reply) => Answer::data(&reply, format),
        Err(error) => {
            let key_names = keys::attribute_names(&context.calls, &context.schemas, &table);
            Err(condition::with_item(error, format, key_names).await)
        }
    }
}

/// Builds the request. `key_name` is the hash key's name. It is given when the condition is that no item exists.
fn request(context: &Context, input: Input, key_name: Option<String>) -> Result<PutItemFluentBuilder, Error> {
    let returned = input.return_values.unwrap_or(OldOrNone::None);
    input.safe_write.check_returned(returned != OldOrNone::None)?;
    let values = Values { input: "item", values: Some(input.item), types_input: "itemTypes", types: input.item_types };
    let mut item = values.into_attributes(context.input_format)?;
    input.safe_write.put_version(&mut item)?;
    size::check_item(&item, &Path::Input("item"))?;
    let mut placeholders = input.placeholders.into_placeholders(context.input_format)?;
    let condition = input.condition.rewrite(&mut placeholders)?;
    let condition = input.safe_write.condition(condition, &mut placeholders);
    let mut sent = placeholders.finish()?;
    sent.name(condition.key_placeholder, key_name);
    Ok(context
        .dynamodb()
        .put_item()
        .table_name(input.table_name)
        .set_item(Some(item.into_iter().collect()))
        .set_condition_expression(condition.expression)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(returned.into())
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(input.consumption.capacity())
        .set_return_item_collection_metrics(input.consumption.metrics()))
}
