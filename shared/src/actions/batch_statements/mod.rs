//! `batchStatements`: runs several `PartiQL` statements, each for itself or all of them as one transaction.
//!
//! API:
//! [`BatchExecuteStatement`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html)
//! for up to 25 statements that are all reads or all writes, or
//! [`ExecuteTransaction`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html) for
//! up to 100.
//!
//! - `batches`: which statements go into one call
//! - `sending`: sends the calls, several reads at once and one write after the other
//! - `report`: what became of each statement, as an answer or an error

mod batches;
mod report;
mod sending;

use std::sync::Arc;

use aws_sdk_dynamodb::types::{BatchStatementRequest, ParameterizedStatement};

use self::{report::Report, sending::Sending};
use super::{
    Context, Event, cancellation,
    condition::on_failure,
    consumption::{self, CapacityWord},
    definition::{AnswerShape, CONSUMED_CAPACITIES, Definition, EventType, Member, MemberKind},
    safe_write::RequestToken,
    statement::typed,
    transaction::{MOST_PARTS, check_count},
};
use crate::{
    answer::{
        Answer,
        responses::{Response, Responses},
    },
    dynamodb::{Operation, operation::is_select},
    error::Error,
    input::JsonList,
    inputs,
    path::Path,
    value::{Format, Types},
};

/// The catalog's entry for `batchStatements`.
pub const DEFINITION: Definition = Definition {
    name: "batch-statements",
    action: "batchStatements",
    label: "Batch Statements",
    summary: "Runs several PartiQL statements, each for itself or as one transaction",
    operations: &[Operation::BatchExecuteStatement, Operation::ExecuteTransaction],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Typed),
    answer: AnswerShape::Data(&[Member::required("Responses", MemberKind::StatementResponses), CONSUMED_CAPACITIES]),
};

inputs! {
    /// The inputs of `batchStatements`.
    pub struct Input {
        /// The statements, in their order. A `SELECT` names the whole key of one item.
        statements: Vec<StatementInputs> = ["statements"] {
            example: [
                {"statement": "SELECT * FROM Customers WHERE customerId = ?", "parameters": ["C-1"]},
                {"statement": "UPDATE Customers SET age = ? WHERE customerId = ?", "parameters": [33, "C-1"]}
            ]
        },
        /// Whether the statements are one transaction: all of them take effect, or none. A transaction has 1 to 100
        /// statements, which are all reads or all writes.
        transaction: Option<bool> = ["transaction"] { default: false },
        /// The token of a transaction, of 1 to 36 characters. Within ten minutes, the same event with the same token
        /// takes effect once. `auto` uses the id of the message, notification or bus event, or else of the invocation.
        request_token: Option<RequestToken> = ["requestToken"] { example: "order-1004" },
        /// The detail of the reported capacity: the table, each index as well, or none.
        capacity: Option<CapacityWord> = ["returnConsumedCapacity"] { default: "TOTAL" },
    }
}

inputs! {
    /// One statement.
    struct StatementInputs {
        /// The statement. It has a `?` for each parameter.
        statement: String = ["statement"],
        /// The values for the statement's `?`, in order.
        parameters: Option<JsonList> = ["parameters"],
        /// The types of `parameters`, in order. `null` gives no type.
        parameter_types: Option<Vec<Option<Types>>> = ["parameterTypes"],
        /// Whether the read is strongly consistent. A transaction always is.
        consistent_read: Option<bool> = ["consistentRead"],
        /// Whether the error for a failed condition includes the current item.
        return_item_on_condition_failure: Option<bool> = ["returnItemOnConditionFailure"],
    }
}

const STATEMENTS: &str = "statements";

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`]. Returns the error of a call if no statement took effect before it, and
/// [`Error::OutcomeUnknown`] if a write may have taken effect. A statement that DynamoDB refuses is an error in the
/// answer; a transaction that it refuses is the invocation's error, which names each statement by its index.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let is_transaction = input.transaction.unwrap_or(false);
    check_count(STATEMENTS, input.statements.len(), if is_transaction { MOST_PARTS } else { usize::MAX })?;
    let statements = statements(&context, input.statements)?;
    let capacity = consumption::of_word(input.capacity);
    let format = context.output_format(Format::Typed);
    if is_transaction {
        check_same_kind(&statements)?;
        let request = context
            .dynamodb()
            .execute_transaction()
            .set_transact_statements(Some(parts(statements)?))
            .set_client_request_token(input.request_token.map(|token| token.for_request(&context)))
            .return_consumed_capacity(capacity);
        return execute(&context, request, format).await;
    }
    if input.request_token.is_some() {
        let message = "only a transaction has a token; set `transaction` to true, or leave it out";
        return Err(Error::input(&Path::Input("requestToken"), message));
    }
    let report = Report::new(statements.len(), context.answer_bytes)?;
    let sending = Sending::new(&context.calls, capacity, format);
    sending.send_all(&statements, report).await
}

/// Reads the statements and their parameters.
fn statements(context: &Context, inputs: Vec<StatementInputs>) -> Result<Vec<BatchStatementRequest>, Error> {
    inputs
        .into_iter()
        .enumerate()
        .map(|(index, input)| {
            let parameters = typed(input.parameters, input.parameter_types, context.input_format)
                .map_err(|error| error.within(format_args!("{STATEMENTS}[{index}]")))?;
            BatchStatementRequest::builder()
                .statement(input.statement)
                // DynamoDB refuses an empty list.
                .set_parameters(parameters.filter(|values| !values.is_empty()))
                .set_consistent_read(input.consistent_read)
                .set_return_values_on_condition_check_failure(on_failure(input.return_item_on_condition_failure))
                .build()
                .map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// Rejects a transaction of reads and writes.
fn check_same_kind(statements: &[BatchStatementRequest]) -> Result<(), Error> {
    let is_read = |statement: &BatchStatementRequest| is_select(statement.statement());
    let Some(first) = statements.first().map(is_read) else { return Ok(()) };
    match statements.iter().position(|statement| is_read(statement) != first) {
        None => Ok(()),
        Some(other) => {
            let (kind, other_kind) = if first { ("read", "write") } else { ("write", "read") };
            let message = format_args!(
                "a {other_kind} in a transaction whose first statement is a {kind}; a transaction only reads or only \
                 writes"
            );
            Err(Error::input(&Path::Input(STATEMENTS).element(other), message))
        }
    }
}

/// The statements as parts of a transaction, which always reads consistently.
fn parts(statements: Vec<BatchStatementRequest>) -> Result<Vec<ParameterizedStatement>, Error> {
    statements
        .into_iter()
        .map(|statement| {
            ParameterizedStatement::builder()
                .statement(statement.statement)
                .set_parameters(statement.parameters)
                .set_return_values_on_condition_check_failure(statement.return_values_on_condition_check_failure)
                .build()
                .map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// Runs a transaction.
async fn execute(
    context: &Context,
    request: aws_sdk_dynamodb::operation::execute_transaction::builders::ExecuteTransactionFluentBuilder,
    format: Format,
) -> Result<Answer, Error> {
    let count = request.get_transact_statements().as_ref().map_or(0, Vec::len);
    match context.calls.send(request).await {
        Ok(reply) => {
            let mut responses = Responses::read(&reply, format)?;
            // A transaction of writes may be answered without responses.
            responses.list.resize_with(count.max(responses.list.len()), Response::empty);
            Ok(Answer::responses(&reply, &responses.list, &responses.capacity))
        }
        // The statements name the tables, so their keys are not known.
        Err(error) => Err(cancellation::explain(error, STATEMENTS, format, |_| Vec::new())),
    }
}
