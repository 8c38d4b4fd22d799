//! `queryItems`: the items of one hash key, on the table or an index; one page, or as many as fit.
//!
//! API: [`Query`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).

use std::sync::Arc;

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::Select};

use super::{
    Context, Event,
    consumption::ReadConsumption,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, Member, MemberKind},
    page_inputs::PageInputs,
    query_parameters::{QueryParameters, SelectWord},
};
use crate::{
    answer::{
        Answer,
        page::{Follow, follow},
    },
    dynamodb::{Operation, Start},
    error::Error,
    expression::{Kind, PlaceholderInputs},
    input::{Collection, Count},
    inputs,
    json::Json,
    path::Path,
    value::Format,
};

/// The function.
pub const DEFINITION: Definition = Definition {
    name: "query-items",
    action: "queryItems",
    label: "Query Items",
    summary: "the items of one hash key, on the table or an index",
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
    /// What `queryItems` takes.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers" },
        request: RequestInputs = group,
        /// Members of the API's own request, under its names. They are merged last, so they win.
        query_parameters: Option<QueryParameters> = ["queryParameters"] { example: {"Limit": 10} },
        pages: PageInputs = group,
    }
}

inputs! {
    /// What is asked for.
    pub(super) struct RequestInputs {
        /// The condition on the key: the hash key's value, and if wanted a range of the range key.
        pub(super) key_condition_expression: Option<String> = ["keyConditionExpression"] {
            alternatives: ["queryParameters"], example: "customerId = :c AND orderId > :o"
        },
        /// What must hold of an item that is returned. It is evaluated after the items are read.
        pub(super) filter_expression: Option<String> = ["filterExpression"] { example: "status = :s" },
        /// The attributes wanted. Left out: all.
        pub(super) projection_expression: Option<String> = ["projectionExpression"],
        pub(super) placeholders: PlaceholderInputs = group,
        /// The index to query. Left out: the table itself.
        pub(super) index_name: Option<String> = ["indexName"],
        /// The most items that are evaluated for a page.
        pub(super) limit: Option<Count> = ["limit"],
        /// Whether the range keys go up.
        pub(super) scan_index_forward: Option<bool> = ["scanIndexForward"] { default: true },
        /// Whether the read sees every write that came before it.
        pub(super) consistent_read: Option<bool> = ["consistentRead"] { default: false },
        /// The attributes returned, or `COUNT` for their number alone.
        pub(super) select: Option<SelectWord> = ["select"],
        /// The `LastEvaluatedKey` of the page before, as it came: it is always typed.
        pub(super) exclusive_start_key: Option<Collection<Json>> = ["exclusiveStartKey"],
        pub(super) consumption: ReadConsumption = group,
    }
}

/// Runs the action.
///
/// # Errors
/// [`Error::InvalidInput`], and what DynamoDB refused; [`Error::ResponseTooLarge`] when one item has no room.
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
