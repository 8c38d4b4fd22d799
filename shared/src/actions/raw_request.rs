//! `rawRequest`: one `PartiQL` statement.
//!
//! API: [`ExecuteStatement`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html).

use std::sync::Arc;

use aws_sdk_dynamodb::{
    operation::execute_statement::builders::ExecuteStatementFluentBuilder,
    types::{AttributeValue, ReturnConsumedCapacity},
};

use super::{
    condition::{self, OldOrNone},
    query_parameters::CapacityWord,
};
use crate::{
    answer::Answer,
    call::Call,
    error::Error,
    input::{Count, FromJson},
    inputs,
    json::Json,
    path::Path,
    value::{self, Format, Types},
};

inputs! {
    /// What `rawRequest` takes.
    pub struct Input {
        statement: Option<String> = ["statement"],
        /// The values of the statement's `?`, in order.
        parameters: Option<Parameters> = ["parameters"],
        /// The types of `parameters`, in order; `null` leaves one out.
        parameter_types: Option<Vec<Option<Types>>> = ["parameterTypes"],
        consistent_read: Option<bool> = ["consistentRead"],
        /// The most items evaluated.
        limit: Option<Count> = ["limit"],
        /// The `NextToken` of the page before.
        next_token: Option<String> = ["nextToken"],
        /// Whether the error for a failed condition holds the item that is there.
        return_item_on_condition_failure: Option<bool> = ["returnItemOnConditionFailure"],
        /// Members of the API's own request, merged last.
        query_parameters: Option<StatementParameters> = ["queryParameters"],
    }
}

/// The values as they stand: one of them may be null, or an empty string.
#[derive(Debug)]
struct Parameters(Vec<Json>);

impl FromJson for Parameters {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        Vec::from_json(json, path).map(Self)
    }
}

inputs! {
    /// Every member that `ExecuteStatement` has.
    struct StatementParameters {
        statement: Option<String> = ["Statement"],
        parameters: Option<Parameters> = ["Parameters"],
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
/// What is wrong with the input; what DynamoDB refused.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let format = call.output_format(Format::Typed);
    let request = request(&call, input)?;
    let reply = call
        .send("ExecuteStatement", None, |tap| request.customize().config_override(tap).send())
        .await
        .map_err(|error| condition::with_item(error, format))?;
    Answer::data(&reply, format)
}

fn request(call: &Call, input: Input) -> Result<ExecuteStatementFluentBuilder, Error> {
    let mut parameters = typed(input.parameters, input.parameter_types, call.input_format)?;
    let mut capacity = ReturnConsumedCapacity::Total;
    let mut return_item = input.return_item_on_condition_failure;
    let (mut statement, mut consistent_read) = (input.statement, input.consistent_read);
    let (mut limit, mut next_token) = (input.limit, input.next_token);
    if let Some(over) = input.query_parameters {
        statement = over.statement.or(statement);
        consistent_read = over.consistent_read.or(consistent_read);
        limit = over.limit.or(limit);
        next_token = over.next_token.or(next_token);
        return_item = over.return_item_on_condition_failure.map(|word| word == OldOrNone::AllOld).or(return_item);
        if let Some(Parameters(values)) = over.parameters {
            let path = Path::Input("queryParameters.Parameters");
            let values = values
                .into_iter()
                .enumerate()
                .map(|(index, json)| value::value(json, None, Format::Typed, &path.element(index)));
            parameters = Some(values.collect::<Result<_, _>>()?);
        }
        if let Some(word) = over.return_consumed_capacity {
            capacity = ReturnConsumedCapacity::from(word.as_str());
        }
    }
    let statement = statement.ok_or_else(|| Error::input(&Path::Input("statement"), "required input is missing"))?;
    Ok(call
        .dynamodb()
        .execute_statement()
        .statement(statement)
        // DynamoDB refuses an empty list.
        .set_parameters(parameters.filter(|values| !values.is_empty()))
        .set_consistent_read(consistent_read)
        .set_limit(limit.map(Count::to_limit))
        .set_next_token(next_token)
        .set_return_values_on_condition_check_failure(condition::on_failure(return_item))
        .return_consumed_capacity(capacity))
}

fn typed(
    parameters: Option<Parameters>,
    types: Option<Vec<Option<Types>>>,
    format: Format,
) -> Result<Option<Vec<AttributeValue>>, Error> {
    let count = parameters.as_ref().map_or(0, |Parameters(values)| values.len());
    let types = types.unwrap_or_default();
    let types_path = Path::Input("parameterTypes");
    if types.len() > count {
        return Err(Error::input(&types_path.element(count), "a type for a parameter that has no value"));
    }
    if format == Format::Typed && types.iter().any(Option::is_some) {
        return Err(Error::input(
            &types_path,
            "with `inputFormat` `typed` the values carry their types; leave this out",
        ));
    }
    let Some(Parameters(values)) = parameters else {
        return Ok(None);
    };
    let mut types = types.into_iter();
    let path = Path::Input("parameters");
    values
        .into_iter()
        .enumerate()
        .map(|(index, json)| value::value(json, types.next().flatten().as_ref(), format, &path.element(index)))
        .collect::<Result<_, _>>()
        .map(Some)
}
