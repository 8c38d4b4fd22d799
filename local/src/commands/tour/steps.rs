//! The tour's steps, in order: the one place to change it.
//!
//! Two tables: `Customers`, by `customerId`, and `Orders`, by `customerId` and the number `orderId`. The steps that
//! make and fill them are also what `serve` and `invoke` put into a new database.

use std::fs;

use crate::commands::{Failure, workspace};

/// One function, one event, and what should come of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The binary's name.
    pub(crate) function: &'static str,
    /// What it is invoked with.
    pub(crate) event: Event,
    /// One sentence: what there is to see.
    pub(super) see: &'static str,
    pub(super) expected: Expected,
    pub(super) place: Place,
    /// Whether the step belongs to what a new database is filled with.
    seed: bool,
}

/// An event, from the samples or of the tour's own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// A file of `events/`.
    File(&'static str),
    /// JSON text.
    Text(&'static str),
}

/// What should come of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// An answer.
    Answer,
    /// An answer; on a database that was used before, also this error, which says that the thing is there already.
    Made(&'static str),
    /// An error of this `errorType`.
    Error(&'static str),
}

/// Where the step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On the database.
    Usual,
    /// Where no database listens.
    Unreachable,
    /// Where a database takes requests and never answers.
    Silent,
}

impl Event {
    /// Its JSON text.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        match self {
            Self::Text(text) => Ok((*text).to_owned()),
            Self::File(name) => {
                let file = workspace().join("events").join(name);
                fs::read_to_string(&file)
                    .map_err(|error| format!("cannot read the event `{}`: {error}", file.display()).into())
            }
        }
    }

    /// Its file, if it has one.
    pub(super) fn file(&self) -> Option<&'static str> {
        match self {
            Self::File(name) => Some(name),
            Self::Text(_) => None,
        }
    }
}

/// The steps that make and fill the tables.
pub(crate) fn seeds() -> impl Iterator<Item = &'static Step> {
    STEPS.iter().filter(|step| step.seed)
}

const fn step(function: &'static str, event: Event, see: &'static str) -> Step {
    Step { function, event, see, expected: Expected::Answer, place: Place::Usual, seed: false }
}

/// A step that a new database is filled with, and what it says where that was done before.
const fn seed(function: &'static str, event: Event, already: &'static str, see: &'static str) -> Step {
    Step { seed: true, expected: Expected::Made(already), ..step(function, event, see) }
}

const fn error(error_type: &'static str, function: &'static str, event: Event, see: &'static str) -> Step {
    Step { expected: Expected::Error(error_type), ..step(function, event, see) }
}

#[cfg(test)]
impl Step {
    /// Any step from which this is expected.
    pub(super) fn of(expected: Expected) -> Self {
        Self { expected, ..step("list-tables", Event::Text("{}"), "") }
    }
}

/// The tour.
pub(super) const STEPS: &[Step] = &[
    step(
        "select-region",
        Event::File("select-region.json"),
        "A pick-list for a form: every region that has DynamoDB. No network call is made for it.",
    ),
    seed(
        "create-table",
        Event::File("create-table.component.json"),
        "ResourceInUseException",
        "A table of customers, each found by its customerId alone. Forms send lists as text and numbers as text.",
    ),
    seed(
        "create-table",
        Event::File("create-table.json"),
        "ResourceInUseException",
        "A table of their orders, found by customerId and the number orderId, with an index by status.",
    ),
    step("list-tables", Event::File("list-tables.json"), "Both tables are there."),
    step("select-table", Event::File("select-table.json"), "The same as a pick-list for a form."),
    step("test-connection", Event::File("test-connection.json"), "Who a connection is, and what it may do."),
    step(
        "describe-table",
        Event::File("describe-table.json"),
        "All that DynamoDB knows of a table, with times that a person can read.",
    ),
    seed(
        "create-item",
        Event::File("create-item.json"),
        "",
        "A customer from plain JSON: its types tell DynamoDB's, and itemTypes those that JSON does not have.",
    ),
    seed(
        "create-item",
        Event::File("create-item.component.json"),
        "ConditionalCheckFailedException",
        "An order as a form sends it: a list of pairs, each value a text, with its type beside it.",
    ),
    seed(
        "create-item",
        Event::File("create-item.typed.json"),
        "",
        "Another order in DynamoDB's own JSON, with type keys as Step Functions writes them.",
    ),
    step(
        "get-item",
        Event::File("get-item.json"),
        "The customer comes back. Nobody said what its key is called: the table's schema did.",
    ),
    step(
        "get-item",
        Event::File("get-item.plain.json"),
        "Parts of an order in plain JSON. `status` and `total` are words that DynamoDB reserves: nobody needs to know.",
    ),
    step(
        "update-item",
        Event::File("update-item.json"),
        "The customer is changed without an update expression, and comes back as it is now.",
    ),
    step(
        "update-item",
        Event::File("update-item.component.json"),
        "The order is changed by an update expression: shipped, and dearer by 5.",
    ),
    step(
        "query-items",
        Event::File("query-items.json"),
        "The orders of one customer, in plain JSON unless asked otherwise.",
    ),
    step(
        "query-items",
        Event::File("query-items.index.json"),
        "All open orders of all customers, through the index, page after page.",
    ),
    step("raw-request", Event::File("raw-request.json"), "A statement in PartiQL."),
    error(
        "InvalidInput",
        "create-item",
        Event::Text(
            r#"{"tableName": "Customers", "item": {"customerId": "C-1"}, "conditionExpresion": "attribute_not_exists(customerId)"}"#,
        ),
        "A misspelt input is refused: otherwise this write would have no condition.",
    ),
    error(
        "InvalidConnection",
        "list-tables",
        Event::Text(r#"{"connection": {"type": "accessKey", "accessKeyId": "half"}}"#),
        "Half a key pair is no identity, and the function's own is never taken instead.",
    ),
    error(
        "ConditionalCheckFailedException",
        "create-item",
        Event::File("create-item.component.json"),
        "The same order once more: its condition fails. What DynamoDB refuses has DynamoDB's own name, to be caught by.",
    ),
    error(
        "ResourceNotFoundException",
        "get-item",
        Event::Text(r#"{"tableName": "Nowhere", "hashKeyValue": "C-1"}"#),
        "The message says which call, which table and which region.",
    ),
    error(
        "ValidationException",
        "raw-request",
        Event::Text(r#"{"statement": "SELECT FROM nothing WHERE"}"#),
        "A statement that DynamoDB does not understand.",
    ),
    error(
        "ResponseTooLarge",
        "query-items",
        Event::Text(
            r#"{"tableName": "Orders", "keyConditionExpression": "customerId = :c", "expressionAttributeValues": {":c": "C-1"}, "maxResponseBytes": 10}"#,
        ),
        "An answer ends early rather than pass its limit. Where not even one item fits, that is an error.",
    ),
    Step {
        place: Place::Unreachable,
        ..error(
            "ConnectionFailed",
            "list-tables",
            Event::Text("{}"),
            "The same function where no database listens: trying again can help.",
        )
    },
    Step {
        place: Place::Silent,
        ..error(
            "Timeout",
            "list-tables",
            Event::Text("{}"),
            "Where the database never answers, and 3 seconds are given: the function speaks before Lambda kills it.",
        )
    },
    step("delete-item", Event::File("delete-item.json"), "An order is deleted, and comes back one last time."),
    step(
        "get-item",
        Event::File("get-item.key.json"),
        "Looked for again: `found` is false, which is an answer and no error.",
    ),
    step("delete-table", Event::File("delete-table.json"), "And so is the table of orders."),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn every_event_is_there_and_is_json() {
        for step in STEPS {
            let text = step.event.text().unwrap();
            serde_json::from_str::<IgnoredAny>(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
    }

    #[test]
    fn every_function_is_in_the_tour() {
        let binaries = fs::read_dir(workspace().join("functions/src/bin")).unwrap();
        let binaries = binaries.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
        let shown: BTreeSet<_> = STEPS.iter().map(|step| step.function.to_owned()).collect();
        assert_eq!(binaries.collect::<BTreeSet<_>>().difference(&shown).count(), 0, "{shown:?}");
    }

    #[test]
    fn a_new_database_is_filled_by_what_makes_tables_and_items() {
        assert!(seeds().all(|step| ["create-table", "create-item"].contains(&step.function)));
    }
}
