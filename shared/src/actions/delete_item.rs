//! `deleteItem`: deletes one item by its key. As in DynamoDB, deleting an item that does not exist succeeds.
//!
//! API: [`DeleteItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html). The first
//! time that a table's key is needed, also `DescribeTable`.

use std::sync::Arc;

use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;

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
    inputs,
    keys::{self, KeyInputs},
    value::Format,
};

/// The catalog's entry for `deleteItem`.
pub const DEFINITION: Definition = Definition {
    name: "delete-item",
    action: "deleteItem",
    label: "Delete Item",
    summary: "Deletes one item by its key",
    operations: &[Operation::DeleteItem, Operation::DescribeTable, Operation::TransactWriteItems],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Typed),
    answer: AnswerShape::Data(&[
        Member::optional("Attributes", MemberKind::Item),
        CONSUMED_CAPACITY,
        ITEM_COLLECTION_METRICS,
    ]),
};

inputs! {
    /// The inputs of `deleteItem`.
    pub struct Input {
        key: KeyInputs = group,
        write: WriteInputs = group,
    }
}

inputs! {
    /// The condition of the write, and what the answer returns.
    struct WriteInputs {
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
    let Input { key, write } = input;
    let token = write.safe_write.token(&context);
    let (request, key_placeholder) = request(&context, &key.table_name, write)?;
    let result = keys::with_key(&context.calls, &context.schemas, &key, context.input_format, |key| {
        let mut request = request.clone();
        if let (Some(placeholder), Some(name)) = (&key_placeholder, key.keys().next()) {
            request = request.expression_attribute_names(placeholder, name);
        }
        context.calls.write(request.set_key(Some(key)), token.as_deref())
    })
    .await;
    match result {
        Ok(reply) => Answer::data(&reply, format),
        Err(error) => {
            Err(condition::with_item(error, format, key.attribute_names(&context.calls, &context.schemas)).await)
        }
    }
}

/// Builds the delete as an action of a transaction. Also returns its key and what [`request`] returns.
pub(super) fn action(
    context: &Context,
    input: Input,
) -> Result<(DeleteItemFluentBuilder, KeyInputs, Option<String>), Error> {
    let Input { key, write } = input;
    write.safe_write.check_in_transaction(write.return_values.is_some_and(|returned| returned != OldOrNone::None))?;
    write.consumption.check_left_out()?;
    let (request, key_placeholder) = request(context, &key.table_name, write)?;
    Ok((request, key, key_placeholder))
}

/// Builds the request. Also returns the placeholder that the request uses for the name of a key attribute.
fn request(
    context: &Context,
    table: &str,
    input: WriteInputs,
) -> Result<(DeleteItemFluentBuilder, Option<String>), Error> {
    let returned = input.return_values.unwrap_or(OldOrNone::None);
    input.safe_write.check_returned(returned != OldOrNone::None)?;
    let mut placeholders = input.placeholders.into_placeholders(context.input_format)?;
    let condition = input.condition.rewrite(&mut placeholders)?;
    let condition = input.safe_write.condition(condition, &mut placeholders);
    let sent = placeholders.finish()?;
    let request = context
        .dynamodb()
        .delete_item()
        .table_name(table)
        .set_condition_expression(condition.expression)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(returned.into())
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(input.consumption.capacity())
        .set_return_item_collection_metrics(input.consumption.metrics());
    Ok((request, condition.key_placeholder))
}
