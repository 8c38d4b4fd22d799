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
    let (mut request, key_placeholder) = request(&context, input)?;
    if let Some(placeholder) = key_placeholder {
        let name = keys::hash_key_name(&context.calls, &context.schemas, &table).await?;
        request = request.expression_attribute_names(placeholder, name);
    }
    match context.calls.write(request, token.as_deref()).await {
        Ok(reply) => Answer::data(&reply, format),
        Err(error) => {
            let key_names = keys::attribute_names(&context.calls, &context.schemas, &table);
            Err(condition::with_item(error, format, key_names).await)
        }
    }
}

/// Builds the put as an action of a transaction. Also returns what [`request`] returns.
pub(super) fn action(context: &Context, input: Input) -> Result<(PutItemFluentBuilder, Option<String>), Error> {
    let returned = input.return_values.unwrap_or(OldOrNone::None);
    input.safe_write.check_in_transaction(returned != OldOrNone::None)?;
    input.consumption.check_left_out()?;
    request(context, input)
}

/// Builds the request. Also returns the placeholder that the request uses for the name of a key attribute.
fn request(context: &Context, input: Input) -> Result<(PutItemFluentBuilder, Option<String>), Error> {
    let returned = input.return_values.unwrap_or(OldOrNone::None);
    input.safe_write.check_returned(returned != OldOrNone::None)?;
    let values = Values { input: "item", values: Some(input.item), types_input: "itemTypes", types: input.item_types };
    let mut item = values.into_attributes(context.input_format)?;
    input.safe_write.put_version(&mut item)?;
    size::check_item(&item, &Path::Input("item"))?;
    let mut placeholders = input.placeholders.into_placeholders(context.input_format)?;
    let condition = input.condition.rewrite(&mut placeholders)?;
    let condition = input.safe_write.condition(condition, &mut placeholders);
    let sent = placeholders.finish()?;
    let request = context
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
        .set_return_item_collection_metrics(input.consumption.metrics());
    Ok((request, condition.key_placeholder))
}
