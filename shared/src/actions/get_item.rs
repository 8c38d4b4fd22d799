//! `getItem`: reads one item by its key.
//!
//! API: [`GetItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html). The first time
//! that a table's key is needed, also `DescribeTable`.

use std::sync::Arc;

use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;

use super::{
    Context, Event,
    consumption::ReadConsumption,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, Member, MemberKind},
};
use crate::{
    answer::Answer,
    dynamodb::Operation,
    error::Error,
    expression::{Kind, NameInputs},
    inputs,
    keys::{self, KeyInputs},
    value::Format,
};

/// The catalog's entry for `getItem`.
pub const DEFINITION: Definition = Definition {
    name: "get-item",
    action: "getItem",
    label: "Get Item",
    summary: "Reads one item by its key",
    operations: &[Operation::DescribeTable, Operation::GetItem],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Typed),
    answer: AnswerShape::Found(&[Member::optional("Item", MemberKind::Item), CONSUMED_CAPACITY]),
};

inputs! {
    /// The inputs of `getItem`.
    pub struct Input {
        key: KeyInputs = group,
        read: ReadInputs = group,
    }
}

inputs! {
    /// How the item is read.
    struct ReadInputs {
        /// Whether the read is strongly consistent. Without it, the read may miss the latest writes and costs half.
        consistent_read: Option<bool> = ["consistentRead"] { default: false },
        /// The attributes to return. If it is left out, the answer holds all attributes.
        projection_expression: Option<String> = ["projectionExpression"] { example: "#n, address.city" },
        names: NameInputs = group,
        consumption: ReadConsumption = group,
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with. A missing item is not an
/// error: `found` is false.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let Input { key, read } = input;
    let request = request(&context, &key.table_name, read)?;
    let reply = keys::with_key(&context.calls, &context.schemas, &key, context.input_format, |key| {
        context.calls.send(request.clone().set_key(Some(key)))
    })
    .await?;
    Answer::result(&reply, context.output_format(Format::Typed), |names| names.iter().any(|name| name == "Item"))
}

/// Builds the read as a part of a transaction. Also returns its key. A transaction always reads consistently.
pub(super) fn part(context: &Context, input: Input) -> Result<(GetItemFluentBuilder, KeyInputs), Error> {
    let Input { key, read } = input;
    read.consumption.check_left_out()?;
    Ok((request(context, &key.table_name, read)?, key))
}

fn request(context: &Context, table: &str, read: ReadInputs) -> Result<GetItemFluentBuilder, Error> {
    let mut placeholders = read.names.into_placeholders()?;
    let projection = read.projection_expression.as_deref();
    let projection = placeholders.rewrite_if_given("projectionExpression", Kind::Projection, projection)?;
    Ok(context
        .dynamodb()
        .get_item()
        .table_name(table)
        .set_consistent_read(read.consistent_read)
        .set_projection_expression(projection)
        .set_expression_attribute_names(placeholders.finish()?.names)
        .return_consumed_capacity(read.consumption.capacity()))
}
