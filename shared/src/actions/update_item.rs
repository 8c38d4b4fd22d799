//! `updateItem`: changes one item by its key, or creates it.
//!
//! The change is an update expression, or the simple form of it: `set`, `remove`, `add`, `deleteFromSet`, `append`.
//!
//! API: [`UpdateItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html), and
//! `DescribeTable` the first time that a table's key is needed.

use std::sync::Arc;

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{ReturnConsumedCapacity, ReturnValue},
};

use super::condition::{self, Condition};
use crate::{
    answer::Answer,
    call::Call,
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
        update_expression: Option<String> = ["updateExpression", "query"],
        simple: SimpleInputs = group,
        condition: Condition = group,
        names: Option<Collection<Verbatim>> = ["expressionAttributeNames"],
        values: Option<Collection<Json>> = ["expressionAttributeValues", "queryParams"],
        types: Option<Collection<Types>> = ["expressionAttributeValueTypes", "queryParamTypes"],
        /// Left out: the item as it is after.
        return_values: Option<Returned> = ["returnValues"],
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
/// What is wrong with the input; what DynamoDB refused.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let format = call.output_format(Format::Typed);
    let Input { key, change } = input;
    let table = key.table_name.as_str();
    let request = request(&call, table, change)?;
    let reply = keys::with_key(&call, &key, |key| {
        let request = request.clone().set_key(Some(key));
        call.send("UpdateItem", Some(table), |tap| request.customize().config_override(tap).send())
    })
    .await
    .map_err(|error| condition::with_item(error, format))?;
    Answer::data(&reply, format)
}

fn request(call: &Call, table: &str, input: ChangeInputs) -> Result<UpdateItemFluentBuilder, Error> {
    let format = call.input_format;
    let given = PlaceholderInputs { names: input.names, values: input.values, types: input.types };
    let mut placeholders = given.into_placeholders(format)?;
    let update = match input.update_expression {
        Some(_) if !input.simple.is_left_out() => {
            return Err(Error::input(
                &Path::Input("updateExpression"),
                "give either `updateExpression` or the simple form (set, remove, add, deleteFromSet, append)",
            ));
        }
        Some(text) => placeholders.rewrite("updateExpression", Kind::Update, &text)?,
        None => input.simple.into_expression(format, &mut placeholders)?,
    };
    let condition = input.condition.rewrite(&mut placeholders)?;
    let sent = placeholders.finish()?;
    Ok(call
        .dynamodb()
        .update_item()
        .table_name(table)
        .update_expression(update)
        .set_condition_expression(condition)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(ReturnValue::from(input.return_values.unwrap_or(Returned::AllNew).as_str()))
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(ReturnConsumedCapacity::Total))
}
