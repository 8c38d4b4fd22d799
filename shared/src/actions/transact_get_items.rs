//! `transactGetItems`: reads up to 100 items at one moment. No write takes effect between two of the reads.
//!
//! API:
//! [`TransactGetItems`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html). The
//! first time that a table's key is needed, also `DescribeTable`.

use std::sync::Arc;

use aws_sdk_dynamodb::{
    operation::{
        get_item::builders::GetItemFluentBuilder, transact_get_items::builders::TransactGetItemsFluentBuilder,
    },
    types::{Get, TransactGetItem},
};

use super::{
    Context, Event, cancellation,
    consumption::ReadConsumption,
    definition::{AnswerShape, CONSUMED_CAPACITIES, Definition, EventType, Member, MemberKind},
    get_item,
    transaction::{MOST_PARTS, check_count, only_table},
};
use crate::{
    answer::Answer,
    dynamodb::{OnTable, Operation},
    error::Error,
    inputs,
    keys::{self, ItemName, Key, KeyInputs, Located},
    value::Format,
};

/// The catalog's entry for `transactGetItems`.
pub const DEFINITION: Definition = Definition {
    name: "transact-get-items",
    action: "transactGetItems",
    label: "Transact Get Items",
    summary: "Reads up to 100 items of one or more tables at one moment",
    operations: &[Operation::DescribeTable, Operation::TransactGetItems],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Plain),
    answer: AnswerShape::Data(&[Member::required("Items", MemberKind::ItemsOrNull), CONSUMED_CAPACITIES]),
};

inputs! {
    /// The inputs of `transactGetItems`.
    pub struct Input {
        /// The reads, 1 to 100. Each has the inputs of `getItem`.
        gets: Vec<get_item::Input> = ["gets"] {
            example: [
                {"tableName": "Customers", "hashKeyValue": "C-1"},
                {"tableName": "Orders", "hashKeyValue": "C-1", "rangeKeyValue": 1001}
            ]
        },
        consumption: ReadConsumption = group,
    }
}

const GETS: &str = "gets";

/// One of the reads, without its key.
struct Read {
    /// The path of its inputs: `gets[3]`.
    place: String,
    request: GetItemFluentBuilder,
    key: KeyInputs,
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with. A missing item is not an error.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let format = context.output_format(Format::Plain);
    check_count(GETS, input.gets.len(), MOST_PARTS)?;
    let transaction = context.dynamodb().transact_get_items().return_consumed_capacity(input.consumption.capacity());
    let reads = reads(&context, input.gets)?;
    let items: Vec<Located<'_>> =
        reads.iter().map(|read| Located { place: &read.place, name: ItemName::Key(&read.key) }).collect();
    let table = only_table(items.iter().map(|item| item.name.table()));
    let result = keys::with_keys(&context.calls, &context.schemas, &items, context.input_format, |keys| {
        let request = request(transaction.clone(), &reads, keys);
        let table = table.clone();
        let calls = &context.calls;
        async move { calls.send(OnTable { request: request?, table }).await }
    })
    .await;
    match result {
        Ok(reply) => Answer::items(&reply, format, reads.len()),
        // A read has no condition, so that no item comes with its refusal.
        Err(error) => Err(cancellation::explain(error, GETS, format, |_| Vec::new())),
    }
}

fn reads(context: &Context, gets: Vec<get_item::Input>) -> Result<Vec<Read>, Error> {
    gets.into_iter()
        .enumerate()
        .map(|(index, input)| {
            let place = format!("{GETS}[{index}]");
            let (request, key) = get_item::part(context, input).map_err(|error| error.within(&place))?;
            Ok(Read { place, request, key })
        })
        .collect()
}

/// Builds the request from the reads and their keys.
fn request(
    transaction: TransactGetItemsFluentBuilder,
    reads: &[Read],
    keys: Vec<Key>,
) -> Result<TransactGetItemsFluentBuilder, Error> {
    reads.iter().zip(keys).try_fold(transaction, |transaction, (Read { request, .. }, key)| {
        let get = Get::builder()
            .set_table_name(request.get_table_name().clone())
            .set_key(Some(key))
            .set_projection_expression(request.get_projection_expression().clone())
            .set_expression_attribute_names(request.get_expression_attribute_names().clone())
            .build()
            .map_err(|error| Error::Internal(error.to_string()))?;
        Ok(transaction.transact_items(TransactGetItem::builder().get(get).build()))
    })
}
