//! `queryItems`: the items of one hash key, on the table or an index; one page, or as many as fit.
//!
//! API: [`Query`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).

use std::{collections::HashMap, sync::Arc};

use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, ReturnConsumedCapacity, Select},
};

use super::query_parameters::{QueryParameters, SelectWord};
use crate::{
    answer::{
        Answer, broken,
        page::{Bounds, Next, Pages},
    },
    call::Call,
    error::Error,
    expression::{Kind, PlaceholderInputs},
    input::{Collection, Count},
    inputs,
    json::Json,
    path::Path,
    runtime::LARGEST_ANSWER,
    value::{self, Format},
};

/// What `maxResponseBytes` may be: what Lambda takes, at most.
#[expect(clippy::cast_possible_wrap, reason = "six million")]
const MOST_BYTES: i64 = LARGEST_ANSWER as i64;

inputs! {
    /// What `queryItems` takes.
    pub struct Input {
        table_name: String = ["tableName"],
        request: RequestInputs = group,
        /// Members of the API's own request, merged last.
        query_parameters: Option<QueryParameters> = ["queryParameters"],
        /// Whether to follow the pages; left out: one page.
        fetch_all: Option<bool> = ["fetchAll"],
        /// The most items in the answer, all pages together.
        max_items: Option<Count> = ["maxItems"],
        /// The largest answer, in bytes; left out: `MAX_RESPONSE_BYTES`, or what Lambda takes.
        max_response_bytes: Option<Count<MOST_BYTES>> = ["maxResponseBytes"],
    }
}

inputs! {
    /// What is asked for.
    pub(super) struct RequestInputs {
        pub(super) key_condition_expression: Option<String> = ["keyConditionExpression"],
        pub(super) filter_expression: Option<String> = ["filterExpression"],
        pub(super) projection_expression: Option<String> = ["projectionExpression"],
        pub(super) placeholders: PlaceholderInputs = group,
        pub(super) index_name: Option<String> = ["indexName"],
        /// The most items evaluated for a page.
        pub(super) limit: Option<Count> = ["limit"],
        /// Whether range keys go up; left out: they do.
        pub(super) scan_index_forward: Option<bool> = ["scanIndexForward"],
        pub(super) consistent_read: Option<bool> = ["consistentRead"],
        pub(super) select: Option<SelectWord> = ["select"],
        /// A `LastEvaluatedKey` as it came: always typed.
        pub(super) exclusive_start_key: Option<Collection<Json>> = ["exclusiveStartKey"],
    }
}

/// Runs the action.
///
/// # Errors
/// What is wrong with the input; what DynamoDB refused; [`Error::ResponseTooLarge`] when one item has no room.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let follow = input.fetch_all.unwrap_or(false);
    let items = input.max_items.map(Count::to_usize);
    let bytes = input.max_response_bytes.map_or(call.largest_answer, |most| most.to_usize().min(call.largest_answer));
    let Request { table, query, mut start, limit, filtered } = request(&call, input)?;

    let mut pages = Pages::new(call.output_format(Format::Plain), Bounds { bytes, items });
    let page = |start: Option<&Start>, most: Option<usize>| {
        let limit = [limit, most].into_iter().flatten().min();
        let query = query
            .clone()
            .set_limit(limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)))
            .set_exclusive_start_key(start.map(|start| start.key.clone()));
        call.send("Query", Some(&table), |tap| query.customize().config_override(tap).send())
    };
    // Where items are filtered out, more are to be evaluated than are wanted.
    let wanted = |pages: &Pages| if filtered { None } else { pages.items_left() };

    let mut reply = page(start.as_ref(), wanted(&pages)).await?;
    loop {
        let asked_after = start.as_ref().map(|start| start.text.as_str());
        if follow && let Some(text) = pages.key_ahead(&reply) {
            // The next page is on its way while this one is written.
            let next_start = Start::after(&text)?;
            let (next, added) = tokio::join!(page(Some(&next_start), None), async {
                tokio::task::yield_now().await;
                pages.add(reply, asked_after)
            });
            added?;
            (reply, start) = (next?, Some(next_start));
            continue;
        }
        reply = match pages.add(reply, asked_after)? {
            Next::After(text) if follow => {
                start = Some(Start::after(&text)?);
                page(start.as_ref(), wanted(&pages)).await?
            }
            Next::After(_) | Next::Done => return Ok(pages.into_answer()),
            Next::Again(limit) => page(start.as_ref(), Some(limit)).await?,
        };
    }
}

/// A query and where it starts.
struct Request {
    table: String,
    query: QueryFluentBuilder,
    start: Option<Start>,
    limit: Option<usize>,
    /// Whether a page may hold fewer items than were evaluated.
    filtered: bool,
}

/// A page key, for the request and as the text that it came as.
struct Start {
    key: HashMap<String, AttributeValue>,
    text: String,
}

impl Start {
    fn given(key: Collection<Json>) -> Result<Self, Error> {
        let text = Json::Object(key.0.clone()).to_string();
        let path = Path::Input("exclusiveStartKey");
        let key: HashMap<_, _> = value::page_key(key, &path)?.into_iter().collect();
        if key.is_empty() {
            return Err(Error::input(&path, "an empty key; give a `LastEvaluatedKey`, or leave it out"));
        }
        Ok(Self { key, text })
    }

    fn after(text: &str) -> Result<Self, Error> {
        match Json::parse(text) {
            Ok(Json::Object(members)) => Self::given(Collection(members)).map_err(broken),
            _ => Err(broken("a page key that is no object")),
        }
    }
}

fn request(call: &Call, input: Input) -> Result<Request, Error> {
    let Input { mut table_name, mut request, query_parameters, .. } = input;
    let mut capacity = ReturnConsumedCapacity::Total;
    let mut placeholders = if let Some(parameters) = query_parameters {
        let merged = parameters.merge_into(&mut table_name, &mut request, call.input_format)?;
        capacity = merged.capacity.unwrap_or(capacity);
        merged.placeholders
    } else {
        request.placeholders.into_placeholders(call.input_format)?
    };
    let Some(key_condition) = request.key_condition_expression else {
        return Err(Error::input(&Path::Input("keyConditionExpression"), "required input is missing"));
    };
    let filtered = request.filter_expression.is_some();
    let key_condition = placeholders.rewrite("keyConditionExpression", Kind::KeyCondition, &key_condition)?;
    let filter = request.filter_expression.as_deref();
    let filter = placeholders.rewrite_if_given("filterExpression", Kind::Filter, filter)?;
    let projection = request.projection_expression.as_deref();
    let projection = placeholders.rewrite_if_given("projectionExpression", Kind::Projection, projection)?;
    let sent = placeholders.finish()?;
    let query = call
        .dynamodb()
        .query()
        .table_name(&table_name)
        .key_condition_expression(key_condition)
        .set_filter_expression(filter)
        .set_projection_expression(projection)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .set_index_name(request.index_name)
        .set_scan_index_forward(request.scan_index_forward)
        .set_consistent_read(request.consistent_read)
        .set_select(request.select.map(|word| Select::from(word.as_str())))
        .return_consumed_capacity(capacity);
    Ok(Request {
        table: table_name,
        query,
        start: request.exclusive_start_key.map(Start::given).transpose()?,
        limit: request.limit.map(Count::to_usize),
        filtered,
    })
}
