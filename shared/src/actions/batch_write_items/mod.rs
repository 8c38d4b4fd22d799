//! `batchWriteItems`: puts and deletes any number of items, in one table or several.
//!
//! API: [`BatchWriteItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html), with
//! 25 writes a call and several calls at once. The first time that a table's key is needed, also `DescribeTable`.
//!
//! Every item is checked before the first call: types, sizes, depth and keys. Puts and deletes without conditions can be
//! repeated, so what was not written is handed back, and handing it back in again is safe.
//!
//! - `source`: the elements as the event gives them
//! - `prepare`: the checks
//! - `writing`: the calls and their answers
//! - `report`: the answer

mod prepare;
mod report;
mod source;
mod writing;

use std::sync::Arc;

use self::{
    prepare::{Checked, check},
    source::Source,
    writing::Writing,
};
use super::{
    Context, Event,
    consumption::{BudgetInput, WriteConsumption},
    definition::{
        AnswerShape, CONSUMED_CAPACITIES, Definition, EventType, ITEM_COLLECTION_METRICS, Member, MemberKind,
    },
    several_tables::refuse_beside_requests,
};
use crate::{
    answer::Answer,
    dynamodb::{
        Operation,
        batch::{self, Clock as _, Schedule, TokioClock},
    },
    error::Error,
    input::Collection,
    inputs, keys,
    path::Path,
    value::Types,
    words,
};

/// The catalog's entry for `batchWriteItems`.
pub const DEFINITION: Definition = Definition {
    name: "batch-write-items",
    action: "batchWriteItems",
    label: "Batch Write Items",
    summary: "Puts and deletes any number of items, in one table or several",
    operations: &[Operation::BatchWriteItem, Operation::DescribeTable],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::Data(&[
        Member::required("Written", MemberKind::Count),
        Member::required("Deleted", MemberKind::Count),
        Member::required("Superseded", MemberKind::Count),
        Member::required("Rejected", MemberKind::Elements),
        Member::required("Unprocessed", MemberKind::Any),
        CONSUMED_CAPACITIES,
        ITEM_COLLECTION_METRICS,
    ]),
};

words! {
    /// What happens to an item that cannot be written.
    pub(super) enum OnInvalid {
        /// It is an error, and nothing is written.
        Fail = "fail",
        /// It is reported in `Rejected`, and the others are written.
        Skip = "skip",
    }
}

words! {
    /// What happens to an attribute whose value is empty text.
    pub(super) enum EmptyValues {
        /// It is stored as empty text.
        Keep = "keep",
        /// It is left out of the item.
        Omit = "omit",
    }
}

words! {
    /// What happens if no item has the attribute of a type.
    pub(super) enum UnusedTypes {
        /// It is an error, and nothing is written.
        Fail = "fail",
        /// The type is ignored.
        Allow = "allow",
    }
}

words! {
    /// What happens if two elements have the same key.
    pub(super) enum OnDuplicate {
        /// It is an error, and nothing is written.
        Fail = "fail",
        /// The last one is written.
        LastWins = "lastWins",
    }
}

inputs! {
    /// The inputs of `batchWriteItems`.
    pub struct Input {
        /// The table's name or ARN.
        table_name: Option<String> = ["tableName"] { alternatives: ["requests"], example: "Customers", source: "selectTable" },
        /// The items to write: a list of whole items.
        put: Option<Vec<Source>> = ["put"] {
            alternatives: ["delete", "requests"], example: [{"customerId": "C-1", "age": 32}]
        },
        /// The keys of the items to delete: each an object with the whole key, or the hash key's value alone if the table
        /// has no range key.
        delete: Option<Vec<Source>> = ["delete"] { alternatives: ["put", "requests"], example: ["C-2"] },
        types: TypeInputs = group,
        /// Writes to several tables: a list of objects with these inputs.
        requests: Option<Vec<TableInputs>> = ["requests"] {
            alternatives: ["put", "delete"], example: [{"tableName": "Customers", "put": [{"customerId": "C-1"}]}]
        },
        /// What happens to an item that cannot be written: `fail` is an error before the first call; `skip` reports it in
        /// `Rejected` and writes the others.
        on_invalid: Option<OnInvalid> = ["onInvalid"] { default: "fail" },
        /// What happens if two elements have the same key: `fail` is an error before the first call; with `lastWins` the
        /// last one is written. The elements of `delete` come after those of `put`.
        on_duplicate: Option<OnDuplicate> = ["onDuplicate"] { default: "fail" },
        /// Whether an entry of `Rejected` also has the element itself, as it came.
        return_rejected_elements: Option<bool> = ["returnRejectedElements"] { default: "false" },
        budget: BudgetInput = group,
        consumption: WriteConsumption = group,
    }
}

inputs! {
    /// The types of the values in a request.
    pub(super) struct TypeInputs {
        /// The types of the items' values: attribute name → type. It is enough if one item has the attribute. Key
        /// attributes have their types from the table.
        item_types: Option<Collection<Types>> = ["itemTypes"] { example: {"age": "N"} },
        /// What happens to an attribute in `put` whose value is empty text, as the empty cells of a CSV file are: `keep`
        /// stores it; `omit` leaves it out of the item. It is about an item's own attributes, not about values inside of
        /// them.
        empty_values: Option<EmptyValues> = ["emptyValues"] { default: "keep" },
        /// What happens if no item has the attribute of a type in `itemTypes`: `fail` is an error; with `allow` the type
        /// is ignored, for batches that are parts of many items with optional attributes.
        unused_types: Option<UnusedTypes> = ["unusedTypes"] { default: "fail" },
        /// The types of the attributes in `delete`. If it is left out, the table's key schema gives them.
        key_types: Option<Collection<Types>> = ["keyTypes"],
    }
}

inputs! {
    /// The writes to one table.
    pub(super) struct TableInputs {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { source: "selectTable" },
        /// The items to write.
        put: Option<Vec<Source>> = ["put"],
        /// The keys of the items to delete.
        delete: Option<Vec<Source>> = ["delete"],
        types: TypeInputs = group,
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`] before the first call. Returns the error that DynamoDB refused a call with, with the
/// number of writes that were made before it.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let Input {
        table_name,
        put,
        delete,
        types,
        requests,
        on_invalid,
        on_duplicate,
        return_rejected_elements,
        budget,
        consumption,
    } = input;
    let (mut tables, is_list) = tables(table_name, put, delete, types, requests)?;
    let on_invalid = on_invalid.unwrap_or(OnInvalid::Fail);
    let on_duplicate = on_duplicate.unwrap_or(OnDuplicate::Fail);
    let returns_elements = return_rejected_elements.unwrap_or(false);
    let budget = budget.into_budget(&consumption.capacity())?;
    let mut is_second = false;
    loop {
        let checked = check(&context, &mut tables, is_list, on_invalid, on_duplicate).await?;
        report::check_room(&tables, &checked, returns_elements, context.answer_bytes)?;
        let mut writing = Writing::new(&context, &mut tables, checked, &consumption);
        let elements = writing.elements();
        let schedule = Schedule::before(context.calls.deadline(), TokioClock.now());
        let ended =
            batch::run(&mut writing, elements, schedule, budget.clone(), fastrand::Rng::new(), &TokioClock).await;
        context.calls.abandon();
        let nothing_happened = !writing.has_written() && ended.uncertain.is_empty();
        match (ended.error.as_ref(), nothing_happened) {
            (Some(error), true)
                if !is_second
                    && keys::are_stale(&context.calls, &context.schemas, names(writing.tables), error).await =>
            {
                is_second = true;
            }
            _ => return report::answer(writing, ended, is_list, returns_elements),
        }
    }
}

/// The writes of the event by table, and whether the event gives a list of tables.
fn tables(
    table_name: Option<String>,
    put: Option<Vec<Source>>,
    delete: Option<Vec<Source>>,
    types: TypeInputs,
    requests: Option<Vec<TableInputs>>,
) -> Result<(Vec<TableInputs>, bool), Error> {
    let Some(requests) = requests else {
        let table_name = table_name.ok_or_else(|| Error::missing(&Path::Input("tableName")))?;
        if put.is_none() && delete.is_none() {
            return Err(Error::event("nothing to write: give at least one element in `put` or `delete`"));
        }
        return Ok((vec![TableInputs { table_name, put, delete, types }], false));
    };
    refuse_beside_requests(&[
        ("tableName", table_name.is_some()),
        ("put", put.is_some()),
        ("delete", delete.is_some()),
        ("itemTypes", types.item_types.is_some()),
        ("emptyValues", types.empty_values.is_some()),
        ("unusedTypes", types.unused_types.is_some()),
        ("keyTypes", types.key_types.is_some()),
    ])?;
    let list = Path::Input("requests");
    for (index, request) in requests.iter().enumerate() {
        if request.put.is_none() && request.delete.is_none() {
            return Err(Error::input(
                &list.element(index),
                "nothing to write: give at least one element in `put` or `delete`",
            ));
        }
    }
    Ok((requests, true))
}

/// The tables' names.
fn names(tables: &[TableInputs]) -> impl Iterator<Item = &str> {
    tables.iter().map(|table| table.table_name.as_str())
}
