//! `batchGetItems`: reads any number of items by their keys, from one table or several.
//!
//! API: [`BatchGetItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html), with 100
//! keys a call and several calls at once. The first time that a table's key is needed, also `DescribeTable`.
//!
//! - `prepare`: keys and expressions of each request
//! - `reading`: the calls and their answers

mod prepare;
mod reading;

use std::sync::Arc;

use self::{prepare::prepare, reading::Reading};
use super::{
    Context, Event,
    consumption::ReadConsumption,
    definition::{AnswerShape, CONSUMED_CAPACITIES, Definition, EventType, Member, MemberKind},
    page_inputs::MOST_BYTES,
    several_tables::refuse_beside_requests,
};
use crate::{
    answer::Answer,
    dynamodb::{
        Operation,
        batch::{self, Clock as _, Schedule, TokioClock},
    },
    error::Error,
    expression::NameInputs,
    input::{Collection, Count, JsonList},
    inputs, keys,
    path::Path,
    value::{Format, Types},
};

/// The catalog's entry for `batchGetItems`.
pub const DEFINITION: Definition = Definition {
    name: "batch-get-items",
    action: "batchGetItems",
    label: "Batch Get Items",
    summary: "Reads any number of items by their keys, from one table or several",
    operations: &[Operation::BatchGetItem, Operation::DescribeTable],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Plain),
    answer: AnswerShape::Data(&[
        Member::optional("Items", MemberKind::Items),
        Member::optional("NotFound", MemberKind::Elements),
        Member::optional("Unprocessed", MemberKind::Elements),
        Member::optional("Responses", MemberKind::Elements),
        CONSUMED_CAPACITIES,
    ]),
};

inputs! {
    /// The inputs of `batchGetItems`.
    pub struct Input {
        /// The table's name or ARN.
        table_name: Option<String> = ["tableName"] { alternatives: ["requests"], example: "Customers", source: "selectTable" },
        /// The keys of the items: each an object with the whole key, or the hash key's value alone if the table has no
        /// range key. The table's key schema gives their types.
        keys: Option<JsonList> = ["keys"] { alternatives: ["requests"], example: ["C-1", {"customerId": "C-2"}] },
        read: ReadInputs = group,
        /// Keys of several tables: a list of objects with these inputs.
        requests: Option<Vec<TableInputs>> = ["requests"] {
            alternatives: ["keys"], example: [{"tableName": "Customers", "keys": ["C-1"]}]
        },
        /// The largest answer, in bytes. If it is left out, `MAX_RESPONSE_BYTES` or Lambda's own limit holds. What has no
        /// room is in `Unprocessed`.
        max_response_bytes: Option<Count<MOST_BYTES>> = ["maxResponseBytes"] { example: 262_144 },
        consumption: ReadConsumption = group,
    }
}

inputs! {
    /// How the items of one table are read.
    pub(super) struct ReadInputs {
        /// The types of the keys' attributes, for callers without permission for `DescribeTable`.
        key_types: Option<Collection<Types>> = ["keyTypes"],
        /// The attributes to return. If it is left out, the answer holds all attributes.
        projection_expression: Option<String> = ["projectionExpression"] { example: "#n, address.city" },
        names: NameInputs = group,
        /// Whether the read is strongly consistent. Without it, the read may miss the latest writes and costs half.
        consistent_read: Option<bool> = ["consistentRead"] { default: false },
    }
}

inputs! {
    /// The keys of one table.
    pub(super) struct TableInputs {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { source: "selectTable" },
        /// The keys of the items.
        keys: JsonList = ["keys"],
        read: ReadInputs = group,
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused a request with. Returns
/// [`Error::ResponseTooLarge`] if a single item does not fit into the answer.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let Input { table_name, keys, read, requests, max_response_bytes, consumption } = input;
    let (tables, is_list) = tables(table_name, keys, read, requests)?;
    let most = context.answer_bytes;
    let bytes = max_response_bytes.map_or(most, |bytes| bytes.to_usize().min(most));
    let mut is_second = false;
    loop {
        let requests = prepare(&context, &tables, is_list).await?;
        let mut reading = Reading::new(&context, requests, bytes, consumption.capacity());
        let elements = reading.elements();
        let schedule = Schedule::before(context.calls.deadline(), TokioClock.now());
        let ended = batch::run(&mut reading, elements, schedule, None, fastrand::Rng::new(), &TokioClock).await;
        context.calls.abandon();
        match reading.finish(ended, is_list) {
            Err(error)
                if !is_second && keys::are_stale(&context.calls, &context.schemas, names(&tables), &error).await =>
            {
                is_second = true;
            }
            answer => return answer,
        }
    }
}

/// The tables' names.
fn names(tables: &[TableInputs]) -> impl Iterator<Item = &str> {
    tables.iter().map(|table| table.table_name.as_str())
}

/// The requests of the event, and whether it gives a list of them.
fn tables(
    table_name: Option<String>,
    keys: Option<JsonList>,
    read: ReadInputs,
    requests: Option<Vec<TableInputs>>,
) -> Result<(Vec<TableInputs>, bool), Error> {
    let Some(requests) = requests else {
        let table_name = table_name.ok_or_else(|| Error::missing(&Path::Input("tableName")))?;
        let keys = keys.ok_or_else(|| Error::missing(&Path::Input("keys")))?;
        return Ok((vec![TableInputs { table_name, keys, read }], false));
    };
    refuse_beside_requests(&[
        ("tableName", table_name.is_some()),
        ("keys", keys.is_some()),
        ("keyTypes", read.key_types.is_some()),
        ("projectionExpression", read.projection_expression.is_some()),
        ("expressionAttributeNames", read.names.names.is_some()),
        ("consistentRead", read.consistent_read.is_some()),
    ])?;
    Ok((requests, true))
}
