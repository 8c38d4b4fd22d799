//! `rawRequest`: runs one `PartiQL` statement.
//!
//! API: [`ExecuteStatement`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html).

use std::sync::Arc;

use aws_sdk_dynamodb::operation::execute_statement::builders::ExecuteStatementFluentBuilder;

use super::{
    Context, Event,
    condition::{self, OldOrNone},
    consumption::{self, CapacityWord},
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, Member, MemberKind},
    page_inputs::PageInputs,
    request_members::RequestMembers,
    statement::{each_typed, typed},
};
use crate::{
    answer::{
        Answer,
        page::{Follow, follow},
    },
    dynamodb::{Operation, Start},
    error::Error,
    input::{Count, JsonList},
    inputs,
    path::Path,
    value::{Format, Types},
};

/// The catalog's entry for `rawRequest`.
pub const DEFINITION: Definition = Definition {
    name: "raw-request",
    action: "rawRequest",
    label: "Raw Request",
    summary: "Runs one PartiQL statement",
    operations: &[Operation::ExecuteStatement],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Typed),
    answer: AnswerShape::Data(&[
        Member::optional("Items", MemberKind::Items),
        CONSUMED_CAPACITY,
        Member::optional("NextToken", MemberKind::Text),
        Member::optional("LastEvaluatedKey", MemberKind::Key),
    ]),
};

inputs! {
    /// The inputs of `rawRequest`.
    pub struct Input {
        /// The statement. It has a `?` for each parameter.
        statement: Option<String> = ["statement"] {
            alternatives: ["queryParameters"], example: "SELECT * FROM Customers WHERE customerId = ?"
        },
        /// The values for the statement's `?`, in order.
        parameters: Option<JsonList> = ["parameters"] { example: ["C-1"] },
        /// The types of `parameters`, in order. `null` gives no type.
        parameter_types: Option<Vec<Option<Types>>> = ["parameterTypes"],
        /// Whether the read is strongly consistent. Without it, the read may miss the latest writes and costs half.
        consistent_read: Option<bool> = ["consistentRead"] { default: false },
        /// The most items that DynamoDB evaluates for a page.
        limit: Option<Count> = ["limit"],
        /// The `NextToken` of the previous page.
        next_token: Option<String> = ["nextToken"],
        /// The detail of the reported capacity: the table, each index as well, or none.
        capacity: Option<CapacityWord> = ["returnConsumedCapacity"] { default: "TOTAL" },
        /// Whether the error for a failed condition includes the current item.
        return_item_on_condition_failure: Option<bool> = ["returnItemOnConditionFailure"] { default: false },
        /// Members of the API's request, under the API's names. They win over the other inputs.
        query_parameters: Option<RequestMembers<StatementMembers>> = ["queryParameters"],
        pages: PageInputs = group,
    }
}

inputs! {
    /// All members of the `ExecuteStatement` request.
    #[derive(Default)]
    struct StatementMembers {
        statement: Option<String> = ["Statement"],
        parameters: Option<JsonList> = ["Parameters"],
        consistent_read: Option<bool> = ["ConsistentRead"],
        limit: Option<Count> = ["Limit"],
        next_token: Option<String> = ["NextToken"],
        return_consumed_capacity: Option<CapacityWord> = ["ReturnConsumedCapacity"],
        return_item_on_condition_failure: Option<OldOrNone> = ["ReturnValuesOnConditionCheckFailure"],
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with. Returns
/// [`Error::ResponseTooLarge`] if a single item does not fit into the answer.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let format = context.output_format(Format::Typed);
    let (request, pages) = request(&context, input)?;
    match follow(&context.calls, request, pages).await {
        Ok(answer) => Ok(answer),
        // The statement names the table, so its key is not known.
        Err(error) => Err(condition::with_item(error, format, async { None }).await),
    }
}

fn request(context: &Context, input: Input) -> Result<(ExecuteStatementFluentBuilder, Follow), Error> {
    let parameters = typed(input.parameters, input.parameter_types, context.input_format)?;
    let over = input.query_parameters.map(|RequestMembers(members)| members).unwrap_or_default();
    let path = Path::Input("queryParameters");
    // The component sends plain parameters here, too.
    let parameters_over =
        over.parameters.map(|given| each_typed(given, context.input_format, &path.member("Parameters"), |_| None));
    let statement = over.statement.or(input.statement).ok_or_else(|| Error::missing(&Path::Input("statement")))?;
    let return_item = over.return_item_on_condition_failure.map(|word| word == OldOrNone::AllOld);
    let request = context
        .dynamodb()
        .execute_statement()
        .statement(statement)
        // DynamoDB refuses an empty list.
        .set_parameters(parameters_over.transpose()?.or(parameters).filter(|values| !values.is_empty()))
        .set_consistent_read(over.consistent_read.or(input.consistent_read))
        .set_return_values_on_condition_check_failure(condition::on_failure(
            return_item.or(input.return_item_on_condition_failure),
        ))
        .return_consumed_capacity(consumption::of_word(over.return_consumed_capacity.or(input.capacity)));
    let start = over.next_token.or(input.next_token).map(Start::at_given);
    let limit = over.limit.or(input.limit).map(Count::to_usize);
    // The conditions of a `WHERE` that are not about the key filter the items.
    Ok((request, input.pages.follow(context, Format::Typed, start, limit, true)))
}
