//! `scanItems`: reads all items of a table or an index. It returns one page, or as many as fit. Several segments of the
//! table can be read by many workers, or at once in one invocation.
//!
//! API: [`Scan`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html). About segments:
//! [parallel scan](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan).

use std::sync::Arc;

use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;

use super::{
    Context, Event,
    consumption::BudgetInput,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, Member, MemberKind},
    page_inputs::PageInputs,
    read_inputs::{Expressions, ReadInputs, ReadMembers, ReadRequest, refuse_legacy},
    request_members::RequestMembers,
    scan_token::{RequestDigest, RequestParts},
};
use crate::{
    answer::{
        Answer,
        page::{Follow, Parallel, Place, SegmentedPages, follow, follow_segments},
    },
    dynamodb::Operation,
    error::Error,
    input::Whole,
    inputs,
    json::Json,
    path::Path,
    value::Format,
};

/// The catalog's entry for `scanItems`.
pub const DEFINITION: Definition = Definition {
    name: "scan-items",
    action: "scanItems",
    label: "Scan Items",
    summary: "Reads all items of a table or an index, on request several segments at once",
    operations: &[Operation::Scan],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Plain),
    answer: AnswerShape::Data(&[
        Member::optional("Items", MemberKind::Items),
        Member::required("Count", MemberKind::Count),
        Member::required("ScannedCount", MemberKind::Count),
        CONSUMED_CAPACITY,
        Member::optional("LastEvaluatedKey", MemberKind::Key),
        Member::optional("NextToken", MemberKind::Text),
    ]),
};

/// The most segments of a table that DynamoDB knows.
const MOST_SEGMENTS: i64 = 1_000_000;

/// The most segments that one invocation reads at once. A token holds a key for each.
const MOST_AT_ONCE: i64 = 64;

inputs! {
    /// The inputs of `scanItems`.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers", source: "selectTable" },
        read: ReadInputs = group,
        /// The number of the segment to read, from 0. Together with `totalSegments`, for many workers that read one table.
        segment: Option<Whole<0, { MOST_SEGMENTS - 1 }>> = ["segment"],
        /// The number of segments that the table is divided into.
        total_segments: Option<Whole<1, MOST_SEGMENTS>> = ["totalSegments"],
        /// The number of segments that this invocation reads at once. The answer then ends at the end of the table, at
        /// `maxItems`, at the size limit or shortly before the deadline, and has a `NextToken` to go on with.
        segments: Option<Whole<1, MOST_AT_ONCE>> = ["segments"],
        /// The `NextToken` of the previous answer, unchanged, with the same `segments` and the same request.
        next_token: Option<String> = ["nextToken"],
        /// Members of the API's request, under the API's names. They win over the other inputs.
        query_parameters: Option<RequestMembers<ScanMembers>> = ["queryParameters"] { example: {"Limit": 10} },
        budget: BudgetInput = group,
        pages: PageInputs = group,
    }
}

inputs! {
    /// All members of the `Scan` request.
    struct ScanMembers {
        read: ReadMembers = group,
        segment: Option<Whole<0, { MOST_SEGMENTS - 1 }>> = ["Segment"],
        total_segments: Option<Whole<1, MOST_SEGMENTS>> = ["TotalSegments"],
        scan_filter: Option<Json> = ["ScanFilter"],
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with. Returns
/// [`Error::ResponseTooLarge`] if a single item does not fit into the answer.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    match request(&context, input)? {
        Scan::Pages(request, pages) => follow(&context.calls, *request, pages).await,
        Scan::Segments(request, parallel, pages) => follow_segments(&context.calls, *request, parallel, pages).await,
    }
}

/// A scan that goes from page to page, or one of several segments at once.
enum Scan {
    Pages(Box<ScanFluentBuilder>, Follow),
    Segments(Box<ScanFluentBuilder>, Parallel, SegmentedPages),
}

fn request(context: &Context, input: Input) -> Result<Scan, Error> {
    let Input { table_name, read, segment, total_segments, segments, next_token, query_parameters, budget, pages } =
        input;
    let (mut segment, mut total_segments) = (segment.map(Whole::to_limit), total_segments.map(Whole::to_limit));
    let members = match query_parameters {
        None => None,
        Some(RequestMembers(members)) => {
            refuse_legacy(&[(&members.scan_filter, "ScanFilter", "FilterExpression")])?;
            segment = members.segment.map(Whole::to_limit).or(segment);
            total_segments = members.total_segments.map(Whole::to_limit).or(total_segments);
            Some(members.read)
        }
    };
    let mut read = read.merge(table_name, members, context.input_format)?;
    let budget = budget.into_budget(&read.capacity)?;
    let is_filtered = read.is_filtered();
    let expressions = read.expressions()?;
    let Some(segments) = segments.map(Whole::to_usize) else {
        if next_token.is_some() {
            return Err(Error::input(
                &Path::Input("nextToken"),
                "goes with `segments`; a scan without `segments` goes on with `exclusiveStartKey`",
            ));
        }
        check_segment(segment, total_segments)?;
        let request = scan(context, &read, expressions).set_segment(segment).set_total_segments(total_segments);
        let follow = Follow { budget, ..pages.follow(context, Format::Plain, read.start, read.limit, is_filtered) };
        return Ok(Scan::Pages(Box::new(request), follow));
    };
    for (name, is_given) in [
        ("segment", segment.is_some()),
        ("totalSegments", total_segments.is_some()),
        ("exclusiveStartKey", read.start.is_some()),
    ] {
        if is_given {
            return Err(Error::input(
                &Path::Input(name),
                "does not go with `segments`, which reads all segments and goes on with `nextToken`",
            ));
        }
    }
    let digest = RequestDigest::of(&RequestParts {
        region: context.calls.region(),
        table: &read.table_name,
        index: read.index_name.as_deref(),
        filter: expressions.filter.as_deref(),
        projection: expressions.projection.as_deref(),
        select: read.select.as_ref().map(aws_sdk_dynamodb::types::Select::as_str),
        names: expressions.sent.names.as_ref(),
        values: expressions.sent.values.as_ref(),
        segments,
    });
    let places = match &next_token {
        None => vec![Place::Beginning; segments],
        Some(token) => digest.places(token, segments)?,
    };
    let all = pages.fetches_all().unwrap_or(true);
    let follow = pages.follow(context, Format::Plain, None, read.limit, is_filtered);
    let parallel = Parallel { segments, all, limit: read.limit, is_filtered, budget };
    let request = scan(context, &read, expressions);
    let pages = SegmentedPages::new(follow.format, follow.bounds, places, move |places| digest.token(places))?;
    Ok(Scan::Segments(Box::new(request), parallel, pages))
}

fn scan(context: &Context, read: &ReadRequest, expressions: Expressions) -> ScanFluentBuilder {
    context
        .dynamodb()
        .scan()
        .table_name(&read.table_name)
        .set_filter_expression(expressions.filter)
        .set_projection_expression(expressions.projection)
        .set_expression_attribute_names(expressions.sent.names)
        .set_expression_attribute_values(expressions.sent.values)
        .set_index_name(read.index_name.clone())
        .set_consistent_read(read.consistent_read)
        .set_select(read.select.clone())
        .return_consumed_capacity(read.capacity.clone())
}

/// Checks that `segment` and `totalSegments` are given together, and fit.
fn check_segment(segment: Option<i32>, total: Option<i32>) -> Result<(), Error> {
    let path = |name| Path::Input(name);
    match (segment, total) {
        (None, None) => Ok(()),
        (Some(segment), Some(total)) if segment < total => Ok(()),
        (Some(segment), Some(total)) => Err(Error::input(
            &path("segment"),
            format_args!("segment {segment} of {total}; segments are numbered from 0 to {}", total - 1),
        )),
        (Some(_), None) => Err(Error::input(&path("totalSegments"), "required with `segment`")),
        (None, Some(_)) => Err(Error::input(
            &path("segment"),
            "required with `totalSegments`; for all segments in one invocation give `segments`",
        )),
    }
}
