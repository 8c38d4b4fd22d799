//! `updateItem`: changes one item by its key, or creates it.
//!
//! The change is an update expression, or its simple form: `set`, `remove`, `add`, `deleteFromSet`, `append`.
//!
//! API: [`UpdateItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html). The first
//! time that a table's key is needed, also `DescribeTable`.

use std::sync::Arc;

use aws_sdk_dynamodb::types::ReturnValue;

use super::{
    Context, Event,
    condition::{self, Condition},
    consumption::WriteConsumption,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, ITEM_COLLECTION_METRICS, Member, MemberKind},
    safe_write::SafeWriteInputs,
};
use crate::{
    answer::Answer,
    dynamodb::{Operation, Update},
    error::Error,
    expression::{Kind, PlaceholderInputs, SimpleInputs, also_set},
    input::{Collection, Verbatim},
    inputs,
    json::Json,
    keys::{self, KeyInputs},
    path::Path,
    value::{Format, Types},
    words,
};

/// The catalog's entry for `updateItem`.
pub const DEFINITION: Definition = Definition {
    name: "update-item",
    action: "updateItem",
    label: "Update Item",
    summary: "Changes one item by its key, or creates it",
    operations: &[Operation::DescribeTable, Operation::TransactWriteItems, Operation::UpdateItem],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Typed),
    answer: AnswerShape::Data(&[
        Member::optional("Attributes", MemberKind::Item),
        CONSUMED_CAPACITY,
        ITEM_COLLECTION_METRICS,
    ]),
};

inputs! {
    /// The inputs of `updateItem`.
    pub struct Input {
        key: KeyInputs = group,
        change: ChangeInputs = group,
    }
}

inputs! {
    /// The change, its condition, and what the answer returns.
    struct ChangeInputs {
        /// The change as an update expression. The simple form needs none.
        update_expression: Option<String> = ["updateExpression", "query"] { example: "SET address.city = :c" },
        simple: SimpleInputs = group,
        condition: Condition = group,
        /// The attribute names that placeholders in the expressions stand for: placeholder (`#n`) → attribute name.
        names: Option<Collection<Verbatim>> = ["expressionAttributeNames"] { example: {"#n": "name"} },
        /// The values that placeholders in the expressions stand for: placeholder (`:v`) → value.
        values: Option<Collection<Json>> = ["expressionAttributeValues", "queryParams"] { example: {":c": "Bergen"} },
        /// The types of these values: placeholder (`:v`) → type.
        types: Option<Collection<Types>> = ["expressionAttributeValueTypes", "queryParamTypes"],
        /// What the answer returns: nothing, or the item or its changed attributes, before or after the write.
        return_values: Option<Returned> = ["returnValues"] { default: "ALL_NEW" },
        safe_write: SafeWriteInputs = group,
        consumption: WriteConsumption = group,
    }
}

words! {
    /// What `updateItem` can return.
    enum Returned {
        None = "NONE",
        AllOld = "ALL_OLD",
        UpdatedOld = "UPDATED_OLD",
        AllNew = "ALL_NEW",
        UpdatedNew = "UPDATED_NEW",
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let format = context.output_format(Format::Typed);
    let Input { key, change } = input;
    let token = change.safe_write.token(&context);
    let is_transaction = token.is_some();
    let (update, key_placeholder) = request(&context, &key.table_name, change, is_transaction)?;
    let result = keys::with_key(&context.calls, &context.schemas, &key, context.input_format, |key| {
        let Update { mut request, only_replaces } = update.clone();
        if let (Some(placeholder), Some(name)) = (&key_placeholder, key.keys().next()) {
            request = request.expression_attribute_names(placeholder, name);
        }
        context.calls.write(Update { request: request.set_key(Some(key)), only_replaces }, token.as_deref())
    })
    .await;
    match result {
        Ok(reply) => Answer::data(&reply, format),
        Err(error) => {
            Err(condition::with_item(error, format, key.attribute_names(&context.calls, &context.schemas)).await)
        }
    }
}

/// Builds the update as an action of a transaction. Also returns its key and what [`request`] returns.
pub(super) fn action(context: &Context, input: Input) -> Result<(Update, KeyInputs, Option<String>), Error> {
    let Input { key, change } = input;
    change.safe_write.check_in_transaction(change.return_values.is_some_and(|returned| returned != Returned::None))?;
    change.consumption.check_left_out()?;
    let (update, key_placeholder) = request(context, &key.table_name, change, true)?;
    Ok((update, key, key_placeholder))
}

/// Builds the request. Also returns the placeholder that the request uses for the name of a key attribute.
fn request(
    context: &Context,
    table: &str,
    input: ChangeInputs,
    is_transaction: bool,
) -> Result<(Update, Option<String>), Error> {
    let format = context.input_format;
    input.safe_write.check_returned(input.return_values.is_some_and(|returned| returned != Returned::None))?;
    let returned = match input.return_values {
        None if is_transaction => Returned::None,
        returned => returned.unwrap_or(Returned::AllNew),
    };
    let given = PlaceholderInputs { names: input.names, values: input.values, types: input.types };
    let mut placeholders = given.into_placeholders(format)?;
    let only_replaces = input.update_expression.is_none() && input.simple.is_idempotent();
    let update = match input.update_expression {
        Some(_) if !input.simple.is_left_out() => {
            return Err(Error::input(
                &Path::Input("updateExpression"),
                "give either `updateExpression` or the simple form (set, remove, add, deleteFromSet, append)",
            ));
        }
        Some(text) => Some(placeholders.rewrite("updateExpression", Kind::Update, &text)?),
        // A condition alone is a valid update: it checks the item, and creates it if there is none. A transaction has
        // no such request.
        None if input.simple.is_left_out() && input.condition.is_given() && !is_transaction => None,
        None if input.simple.is_left_out() && input.safe_write.has_version() => None,
        None => Some(input.simple.into_expression(format, &mut placeholders)?),
    };
    let update = match input.safe_write.assignment(&mut placeholders) {
        Some(assignment) => Some(also_set(update.as_deref(), &assignment)),
        None => update,
    };
    let condition = input.condition.rewrite(&mut placeholders)?;
    let condition = input.safe_write.condition(condition, &mut placeholders);
    let sent = placeholders.finish()?;
    let request = context
        .dynamodb()
        .update_item()
        .table_name(table)
        .set_update_expression(update)
        .set_condition_expression(condition.expression)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(ReturnValue::from(returned.as_str()))
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(input.consumption.capacity())
        .set_return_item_collection_metrics(input.consumption.metrics());
    Ok((Update { request, only_replaces }, condition.key_placeholder))
}
