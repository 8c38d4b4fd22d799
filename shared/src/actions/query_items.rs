//! `queryItems`: reads the items of one hash key from the table or an index. It returns one page, or as many as fit.
//!
//! API: [`Query`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).

use std::sync::Arc;

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::Select};

use super::{
    Context, Event,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, Member, MemberKind},
    page_inputs::PageInputs,
    query_inputs::{QueryParameters, RequestInputs},
};
use crate::{
    answer::{
        Answer,
        page::{Follow, follow},
    },
    dynamodb::{Operation, Start},
    error::Error,
    expression::Kind,
    input::Count,
    inputs,
    path::Path,
    value::Format,
};

/// The catalog's entry for `queryItems`.
pub const DEFINITION: Definition = Definition {
    name: "query-items",
    action: "queryItems",
    label: "Query Items",
    summary: "Reads the items of one hash key, on the table or an index",
    operations: &[Operation::Query],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Plain),
    answer: AnswerShape::Data(&[
        Member::optional("Items", MemberKind::Items),
        Member::required("Count", MemberKind::Count),
        Member::required("ScannedCount", MemberKind::Count),
        CONSUMED_CAPACITY,
        Member::optional("LastEvaluatedKey", MemberKind::Key),
    ]),
};

inputs! {
    /// The inputs of `queryItems`.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers" },
        request: RequestInputs = group,
        /// Members of the API's request, under the API's names. They win over the other inputs.
        query_parameters: Option<QueryParameters> = ["queryParameters"] { example: {"Limit": 10} },
        pages: PageInputs = group,
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with. Returns
/// [`Error::ResponseTooLarge`] if a single item does not fit into the answer.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let (request, pages) = request(&context, input)?;
    follow(&context.calls, request, pages).await
}

fn request(context: &Context, input: Input) -> Result<(QueryFluentBuilder, Follow), Error> {
    let Input { table_name, request, query_parameters, pages } = input;
    let merged = match query_parameters {
        Some(parameters) => parameters.merge(table_name, request, context.input_format)?,
        None => request.unmerged(table_name, context.input_format)?,
    };
    let (request, mut placeholders) = (merged.request, merged.placeholders);
    let Some(key_condition) = request.key_condition_expression else {
        return Err(Error::missing(&Path::Input("keyConditionExpression")));
    };
    let is_filtered = request.filter_expression.is_some();
    let key_condition = placeholders.rewrite("keyConditionExpression", Kind::KeyCondition, &key_condition)?;
    let filter = request.filter_expression.as_deref();
    let filter = placeholders.rewrite_if_given("filterExpression", Kind::Filter, filter)?;
    let projection = request.projection_expression.as_deref();
    let projection = placeholders.rewrite_if_given("projectionExpression", Kind::Projection, projection)?;
    let sent = placeholders.finish()?;
    let query = context
        .dynamodb()
        .query()
        .table_name(merged.table_name)
        .key_condition_expression(key_condition)
        .set_filter_expression(filter)
        .set_projection_expression(projection)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .set_index_name(request.index_name)
        .set_scan_index_forward(request.scan_index_forward)
        .set_consistent_read(request.consistent_read)
        .set_select(request.select.map(|word| Select::from(word.as_str())))
        .return_consumed_capacity(merged.capacity);
    let start = request.exclusive_start_key.map(Start::after_given).transpose()?;
    let limit = request.limit.map(Count::to_usize);
    Ok((query, pages.follow(context, Format::Plain, start, limit, is_filtered)))
}
