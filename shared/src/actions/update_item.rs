//! `updateItem`: changes one item by its key, or creates it.
//!
//! The change is an update expression, or the simple form of it: `set`, `remove`, `add`, `deleteFromSet`, `append`.
//!
//! API: [`UpdateItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html), and
//! `DescribeTable` the first time that a table's key is needed.

use std::sync::Arc;

use aws_sdk_dynamodb::types::ReturnValue;

use super::{
    Context, Event,
    condition::{self, Condition},
    consumption::WriteConsumption,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, ITEM_COLLECTION_METRICS, Member, MemberKind},
};
use crate::{
    answer::Answer,
    dynamodb::{Operation, Update},
    error::Error,
    expression::{Kind, PlaceholderInputs, SimpleInputs},
    input::{Collection, Verbatim},
    inputs,
    json::Json,
    keys::{self, KeyInputs},
    path::Path,
    value::{Format, Types},
    words,
};

/// The function.
pub const DEFINITION: Definition = Definition {
    name: "update-item",
    action: "updateItem",
    label: "Update Item",
    summary: "Changes one item by its key, or creates it",
    operations: &[Operation::DescribeTable, Operation::UpdateItem],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Typed),
    answer: AnswerShape::Data(&[
        Member::optional("Attributes", MemberKind::Item),
        CONSUMED_CAPACITY,
        ITEM_COLLECTION_METRICS,
    ]),
};

inputs! {
    /// What `updateItem` takes.
    pub struct Input {
        key: KeyInputs = group,
        change: ChangeInputs = group,
    }
}

inputs! {
    /// What is to change, what must hold, and what comes back.
    struct ChangeInputs {
        /// The change, as an update expression. The simple form needs none.
        update_expression: Option<String> = ["updateExpression", "query"] { example: "SET address.city = :c" },
        simple: SimpleInputs = group,
        condition: Condition = group,
        /// The attribute names that placeholders in the expressions stand for: placeholder (`#n`) → attribute name.
        names: Option<Collection<Verbatim>> = ["expressionAttributeNames"] { example: {"#n": "name"} },
        /// The values that placeholders in the expressions stand for: placeholder (`:v`) → value.
        values: Option<Collection<Json>> = ["expressionAttributeValues", "queryParams"] { example: {":c": "Bergen"} },
        /// The types of these values: placeholder (`:v`) → type.
        types: Option<Collection<Types>> = ["expressionAttributeValueTypes", "queryParamTypes"],
        /// What comes back: nothing, or the item or the changed attributes, as they were before or are after.
        return_values: Option<Returned> = ["returnValues"] { default: "ALL_NEW" },
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
/// [`Error::InvalidInput`], and what DynamoDB refused.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let format = context.output_format(Format::Typed);
    let Input { key, change } = input;
    let update = request(&context, &key.table_name, change)?;
    let reply = keys::send(&context.calls, &context.schemas, &key, context.input_format, |key| {
        let Update { request, only_replaces } = update.clone();
        Update { request: request.set_key(Some(key)), only_replaces }
    })
    .await
    .map_err(|error| condition::with_item(error, format, || key.attribute_names(&context.calls, &context.schemas)))?;
    Answer::data(&reply, format)
}

fn request(context: &Context, table: &str, input: ChangeInputs) -> Result<Update, Error> {
    let format = context.input_format;
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
        // DynamoDB takes an update without changes: it checks the condition and makes sure that the item is there.
        None if input.simple.is_left_out() && input.condition.is_given() => None,
        None => Some(input.simple.into_expression(format, &mut placeholders)?),
    };
    let condition = input.condition.rewrite(&mut placeholders)?;
    let sent = placeholders.finish()?;
    let request = context
        .dynamodb()
        .update_item()
        .table_name(table)
        .set_update_expression(update)
        .set_condition_expression(condition)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(ReturnValue::from(input.return_values.unwrap_or(Returned::AllNew).as_str()))
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(input.consumption.capacity())
        .set_return_item_collection_metrics(input.consumption.metrics());
    Ok(Update { request, only_replaces })
}
