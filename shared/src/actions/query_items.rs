//! `queryItems`: reads the items of one hash key from the table or an index. It returns one page, or as many as fit.
//!
//! API: [`Query`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).

use std::sync::Arc;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;

use super::{
    Context, Event,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, Member, MemberKind},
    page_inputs::PageInputs,
    read_inputs::{ReadInputs, ReadMembers, refuse_legacy},
    request_members::RequestMembers,
};
use crate::{
    answer::{
        Answer,
        page::{Follow, follow},
    },
    dynamodb::Operation,
    error::Error,
    expression::Kind,
    inputs,
    json::Json,
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
        table_name: String = ["tableName"] { example: "Customers", source: "selectTable" },
        /// The condition on the key: the hash key's value and, optionally, a range of the range key.
        key_condition_expression: Option<String> = ["keyConditionExpression"] {
            alternatives: ["queryParameters"], example: "customerId = :c AND orderId > :o"
        },
        read: ReadInputs = group,
        /// Whether the items come in ascending order of their range keys.
        scan_index_forward: Option<bool> = ["scanIndexForward"] { default: true },
        /// Members of the API's request, under the API's names. They win over the other inputs.
        query_parameters: Option<RequestMembers<QueryMembers>> = ["queryParameters"] { example: {"Limit": 10} },
        pages: PageInputs = group,
    }
}

inputs! {
    /// All members of the `Query` request.
    struct QueryMembers {
        read: ReadMembers = group,
        scan_index_forward: Option<bool> = ["ScanIndexForward"],
        key_condition_expression: Option<String> = ["KeyConditionExpression"],
        key_conditions: Option<Json> = ["KeyConditions"],
        query_filter: Option<Json> = ["QueryFilter"],
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
    let Input { table_name, mut key_condition_expression, read, mut scan_index_forward, query_parameters, pages } =
        input;
    let members = match query_parameters {
        None => None,
        Some(RequestMembers(members)) => {
            refuse_legacy(&[
                (&members.key_conditions, "KeyConditions", "KeyConditionExpression"),
                (&members.query_filter, "QueryFilter", "FilterExpression"),
            ])?;
            key_condition_expression = members.key_condition_expression.or(key_condition_expression);
            scan_index_forward = members.scan_index_forward.or(scan_index_forward);
            Some(members.read)
        }
    };
    let mut read = read.merge(table_name, members, context.input_format)?;
    let Some(key_condition) = key_condition_expression else {
        return Err(Error::missing(&Path::Input("keyConditionExpression")));
    };
    let key_condition = read.placeholders.rewrite("keyConditionExpression", Kind::KeyCondition, &key_condition)?;
    let is_filtered = read.is_filtered();
    let expressions = read.expressions()?;
    let query = context
        .dynamodb()
        .query()
        .table_name(read.table_name)
        .key_condition_expression(key_condition)
        .set_filter_expression(expressions.filter)
        .set_projection_expression(expressions.projection)
        .set_expression_attribute_names(expressions.sent.names)
        .set_expression_attribute_values(expressions.sent.values)
        .set_index_name(read.index_name)
        .set_scan_index_forward(scan_index_forward)
        .set_consistent_read(read.consistent_read)
        .set_select(read.select)
        .return_consumed_capacity(read.capacity);
    Ok((query, pages.follow(context, Format::Plain, read.start, read.limit, is_filtered)))
}
