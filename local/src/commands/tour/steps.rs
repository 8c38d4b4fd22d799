//! The steps of the tour. To change the tour, change this list.
//!
//! The tour has two tables: `Customers` with the key `customerId`, and `Orders` with the keys `customerId` and `orderId`.
//! The steps that create and fill them also fill a new database for `serve` and `invoke`.

use super::step::{Database, Event, Step};

/// The steps in the order in which they run.
pub(super) const STEPS: &[Step] = &[
    Step::new(
        "select-region",
        Event::File("select-region.json"),
        "A list of choices for a form: every region that has DynamoDB. The function makes no network call for it.",
    ),
    Step::seed(
        "create-table",
        Event::File("create-table.component.json"),
        "ResourceInUseException",
        "A table of customers with the hash key customerId. Forms send lists and numbers as text.",
    ),
    Step::seed(
        "create-table",
        Event::File("create-table.json"),
        "ResourceInUseException",
        "A table of orders with the keys customerId and orderId (a number), and an index by status.",
    ),
    Step::new("list-tables", Event::File("list-tables.json"), "The names of both tables."),
    Step::new("select-table", Event::File("select-table.json"), "The same names as a list of choices for a form."),
    Step::new(
        "test-connection",
        Event::File("test-connection.json"),
        "The identity of a connection, and what it may do.",
    ),
    Step::new(
        "describe-table",
        Event::File("describe-table.json"),
        "Everything that DynamoDB tells about a table, with times in ISO 8601.",
    ),
    Step::new(
        "update-table",
        Event::File("update-table.json"),
        "The table of customers gets on-demand capacity, an index by email and a stream: one change after the other.",
    ),
    Step::new(
        "update-table",
        Event::File("update-table.json"),
        "The same event once more: the table is so already. `Changed` is empty, and no change was sent.",
    ),
    Step::new(
        "update-table",
        Event::File("update-table.settings.json"),
        "Time to live, point-in-time recovery and tags have API operations of their own.",
    ),
    Step::new(
        "describe-table",
        Event::File("describe-table.include.json"),
        "The description with these settings beside it.",
    ),
    Step::seed(
        "create-item",
        Event::File("create-item.json"),
        "",
        "A customer in plain JSON. JSON's types determine DynamoDB's types, and itemTypes names the types that JSON lacks.",
    ),
    Step::seed(
        "create-item",
        Event::File("create-item.component.json"),
        "ConditionalCheckFailedException",
        "An order as a form sends it: a list of pairs, with each value as text and its type beside it.",
    ),
    Step::seed(
        "create-item",
        Event::File("create-item.typed.json"),
        "",
        "Another order in DynamoDB's own JSON, with type keys as Step Functions writes them.",
    ),
    Step::new(
        "get-item",
        Event::File("get-item.json"),
        "The customer. The event holds only the value of the key: its name comes from the table's schema.",
    ),
    Step::new(
        "get-item",
        Event::File("get-item.plain.json"),
        "Parts of an order in plain JSON. DynamoDB reserves the words `status` and `total`, and the function replaces them.",
    ),
    Step::new(
        "update-item",
        Event::File("update-item.json"),
        "The customer is changed without an update expression. The answer is the new item.",
    ),
    Step::new(
        "update-item",
        Event::File("update-item.component.json"),
        "The order is changed by an update expression: it is shipped, and its total grows by 5.",
    ),
    Step::new("query-items", Event::File("query-items.json"), "The orders of one customer, in plain JSON by default."),
    Step::new(
        "query-items",
        Event::File("query-items.index.json"),
        "All open orders of all customers, page after page, through the index.",
    ),
    Step::new(
        "scan-items",
        Event::File("scan-items.segments.json"),
        "All orders: four segments of the table are read at the same time.",
    ),
    Step::new(
        "batch-write-items",
        Event::File("batch-write-items.json"),
        "Two orders are written and one is deleted. The key's types come from the table, so `\"2002\"` is a number.",
    ),
    Step::new(
        "batch-get-items",
        Event::File("batch-get-items.json"),
        "Three orders by their keys, in that order. A key without an item is in `NotFound`.",
    ),
    Step::error(
        "InvalidInput",
        "batch-write-items",
        Event::Text(r#"{"tableName": "Orders", "put": [{"customerId": "C-3", "orderId": 1}, {"customerId": "C-3"}]}"#),
        "The second item lacks a key. All items are checked first, so nothing is written.",
    ),
    Step::new("raw-request", Event::File("raw-request.json"), "A statement in PartiQL."),
    Step::new(
        "transact-write-items",
        Event::File("transact-write-items.json"),
        "A new order, the customer's counter and a check of another order: all of it takes effect, or none.",
    ),
    Step::new(
        "transact-get-items",
        Event::File("transact-get-items.json"),
        "The customer and two orders, read at one moment. There is no order 9999, so its item is null.",
    ),
    Step::new(
        "batch-statements",
        Event::File("batch-statements.json"),
        "Reads and writes in PartiQL, in their order. The third is refused by its condition, and the others run.",
    ),
    Step::error(
        "TransactionCanceledException",
        "transact-write-items",
        Event::Text(
            r#"{"actions": [{"update": {"tableName": "Customers", "hashKeyValue": "C-1", "add": {"orders": 1}}}, {"put": {"tableName": "Orders", "item": {"customerId": "C-1", "orderId": 1004}, "conditionExpression": "attribute_not_exists(orderId)", "returnItemOnConditionFailure": true}}], "outputFormat": "plain"}"#,
        ),
        "The same order once more. The message names the action by its index, with its reason and the item.",
    ),
    Step::new(
        "plain-records",
        Event::File("plain-records.json"),
        "What a stream of the orders' table hands on, as plain JSON. No call to DynamoDB is made for it.",
    ),
    Step::error(
        "InvalidInput",
        "create-item",
        Event::Text(
            r#"{"tableName": "Customers", "item": {"customerId": "C-1"}, "conditionExpresion": "attribute_not_exists(customerId)"}"#,
        ),
        "A misspelt input is refused. Otherwise this item would be written without the condition.",
    ),
    Step::error(
        "InvalidConnection",
        "list-tables",
        Event::Text(r#"{"connection": {"type": "accessKey", "accessKeyId": "half"}}"#),
        "Half a key pair is refused. The function never uses its own role in place of a connection.",
    ),
    Step::error(
        "ConditionalCheckFailedException",
        "create-item",
        Event::File("create-item.component.json"),
        "The same order once more: its condition fails. Errors of DynamoDB keep their name, so that a workflow can catch them.",
    ),
    Step::error(
        "ResourceNotFoundException",
        "get-item",
        Event::Text(r#"{"tableName": "Nowhere", "hashKeyValue": "C-1"}"#),
        "The message names the call, the table and the region.",
    ),
    Step::error(
        "ValidationException",
        "raw-request",
        Event::Text(r#"{"statement": "SELECT FROM nothing WHERE"}"#),
        "A statement that DynamoDB cannot parse.",
    ),
    Step::error(
        "ResponseTooLarge",
        "query-items",
        Event::Text(
            r#"{"tableName": "Orders", "keyConditionExpression": "customerId = :c", "expressionAttributeValues": {":c": "C-1"}, "maxResponseBytes": 10}"#,
        ),
        "An answer ends before it exceeds its limit. If not even one item fits, that is an error.",
    ),
    Step::error(
        "ConnectionFailed",
        "list-tables",
        Event::Text("{}"),
        "No database listens at the endpoint. This error can be retried.",
    )
    .on(Database::Unreachable),
    Step::error(
        "Timeout",
        "list-tables",
        Event::Text("{}"),
        "The database never answers. The function reports it before Lambda's timeout of 3 seconds.",
    )
    .on(Database::Unresponsive),
    Step::new("delete-item", Event::File("delete-item.json"), "An order is deleted. The answer is the old item."),
    Step::new(
        "get-item",
        Event::File("get-item.key.json"),
        "The deleted order is read: `found` is false. This is an answer, not an error.",
    ),
    Step::new("delete-table", Event::File("delete-table.json"), "The table of orders is deleted."),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use serde::de::IgnoredAny;

    use super::{super::super::workspace, *};

    #[test]
    fn every_event_exists_and_is_json() {
        for step in STEPS {
            let text = step.event.text().unwrap();
            serde_json::from_str::<IgnoredAny>(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
    }

    #[test]
    fn every_function_is_in_the_tour() {
        let binaries = fs::read_dir(workspace::root().join("functions/src/bin")).unwrap();
        let binaries = binaries.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
        let shown: BTreeSet<_> = STEPS.iter().map(|step| step.function.to_owned()).collect();
        assert_eq!(binaries.collect::<BTreeSet<_>>().difference(&shown).count(), 0, "{shown:?}");
    }

    #[test]
    fn only_new_tables_and_items_fill_a_database() {
        let mut seeds = STEPS.iter().filter(|step| step.is_seed);
        assert!(seeds.all(|step| ["create-table", "create-item"].contains(&step.function)));
    }
}
