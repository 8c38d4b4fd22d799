//! The page of inputs lists every member of the SDK's request for every operation.

use std::{collections::BTreeMap, fs};

use aws_sdk_dynamodb::operation::{
    batch_execute_statement::BatchExecuteStatementInput, batch_get_item::BatchGetItemInput,
    batch_write_item::BatchWriteItemInput, create_table::CreateTableInput, delete_item::DeleteItemInput,
    delete_table::DeleteTableInput, describe_continuous_backups::DescribeContinuousBackupsInput,
    describe_table::DescribeTableInput, describe_time_to_live::DescribeTimeToLiveInput,
    execute_statement::ExecuteStatementInput, execute_transaction::ExecuteTransactionInput, get_item::GetItemInput,
    list_tables::ListTablesInput, list_tags_of_resource::ListTagsOfResourceInput, put_item::PutItemInput,
    query::QueryInput, scan::ScanInput, tag_resource::TagResourceInput, transact_get_items::TransactGetItemsInput,
    transact_write_items::TransactWriteItemsInput, untag_resource::UntagResourceInput,
    update_continuous_backups::UpdateContinuousBackupsInput, update_item::UpdateItemInput,
    update_table::UpdateTableInput, update_time_to_live::UpdateTimeToLiveInput,
};
use aws_sdk_dynamodb::types::ConditionCheck;

use super::FUNCTIONS;
use crate::dynamodb::Operation;

/// The members of an operation's request, under their names on the wire.
fn members(operation: Operation) -> Vec<String> {
    let builder = match operation {
        Operation::BatchGetItem => format!("{:?}", BatchGetItemInput::builder()),
        Operation::BatchWriteItem => format!("{:?}", BatchWriteItemInput::builder()),
        Operation::BatchExecuteStatement => format!("{:?}", BatchExecuteStatementInput::builder()),
        Operation::ConditionCheckItem => format!("{:?}", ConditionCheck::builder()),
        Operation::CreateTable => format!("{:?}", CreateTableInput::builder()),
        Operation::DeleteItem => format!("{:?}", DeleteItemInput::builder()),
        Operation::DeleteTable => format!("{:?}", DeleteTableInput::builder()),
        Operation::DescribeContinuousBackups => format!("{:?}", DescribeContinuousBackupsInput::builder()),
        Operation::DescribeTable => format!("{:?}", DescribeTableInput::builder()),
        Operation::DescribeTimeToLive => format!("{:?}", DescribeTimeToLiveInput::builder()),
        Operation::ExecuteStatement => format!("{:?}", ExecuteStatementInput::builder()),
        Operation::ExecuteTransaction => format!("{:?}", ExecuteTransactionInput::builder()),
        Operation::GetItem => format!("{:?}", GetItemInput::builder()),
        Operation::ListTables => format!("{:?}", ListTablesInput::builder()),
        Operation::ListTagsOfResource => format!("{:?}", ListTagsOfResourceInput::builder()),
        Operation::PutItem => format!("{:?}", PutItemInput::builder()),
        Operation::Query => format!("{:?}", QueryInput::builder()),
        Operation::Scan => format!("{:?}", ScanInput::builder()),
        Operation::TagResource => format!("{:?}", TagResourceInput::builder()),
        Operation::TransactGetItems => format!("{:?}", TransactGetItemsInput::builder()),
        Operation::TransactWriteItems => format!("{:?}", TransactWriteItemsInput::builder()),
        Operation::UntagResource => format!("{:?}", UntagResourceInput::builder()),
        Operation::UpdateContinuousBackups => format!("{:?}", UpdateContinuousBackupsInput::builder()),
        Operation::UpdateItem => format!("{:?}", UpdateItemInput::builder()),
        Operation::UpdateTable => format!("{:?}", UpdateTableInput::builder()),
        Operation::UpdateTimeToLive => format!("{:?}", UpdateTimeToLiveInput::builder()),
    };
    // `PutItemInputBuilder { table_name: None, item: None, … }`
    let (_, fields) = builder.split_once(" { ").unwrap();
    let names = fields.split(", ").map(|field| field.split_once(':').unwrap().0);
    names.map(pascal).collect()
}

fn pascal(snake: &str) -> String {
    let words = snake.split('_').map(|word| match word {
        "sse" => "SSE".to_owned(),
        word => word[..1].to_ascii_uppercase() + &word[1..],
    });
    words.collect()
}

/// The table of `docs/inputs.md`: operation → members, each with the inputs that it comes from.
fn documented() -> BTreeMap<String, Vec<(String, String)>> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/inputs.md")).unwrap();
    let (_, table) = page.split_once("<!-- members -->").unwrap();
    let mut operations: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut operation = String::new();
    for row in table.lines().filter(|line| line.starts_with('|')).skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, members, inputs] = cells[..] else { panic!("three cells: {row}") };
        if !name.is_empty() {
            name.clone_into(&mut operation);
        }
        let members = members.split(", ").map(|member| member.trim_matches('`').to_owned());
        operations.entry(operation.clone()).or_default().extend(members.map(|member| (member, inputs.to_owned())));
    }
    operations
}

#[test]
fn the_page_of_inputs_lists_every_member_of_every_request() {
    let documented = documented();
    let mut called: Vec<Operation> = FUNCTIONS.iter().flat_map(|function| function.operations).copied().collect();
    called.sort_by_key(|operation| operation.name());
    called.dedup();
    let mut expected = Vec::new();
    for operation in called {
        let mut ours: Vec<&String> =
            documented.get(operation.name()).into_iter().flatten().map(|(member, _)| member).collect();
        ours.sort();
        let mut theirs = members(operation);
        theirs.sort();
        assert_eq!(ours, theirs.iter().collect::<Vec<_>>(), "{}", operation.name());
        expected.push(operation.name().to_owned());
    }
    assert_eq!(documented.keys().cloned().collect::<Vec<_>>(), expected);
}

/// An input in the table is an input of a function that calls the operation. If there is no such input, the table gives
/// a reason.
#[test]
fn each_member_comes_from_an_input_that_exists() {
    for (operation, members) in documented() {
        let names: Vec<&str> = FUNCTIONS
            .iter()
            .filter(|function| function.operations.iter().any(|called| called.name() == operation))
            .flat_map(|function| (function.event.fields)())
            .map(|field| field.name())
            .collect();
        for (member, inputs) in members {
            if inputs.starts_with("none: ") {
                continue;
            }
            let inputs: Vec<&str> = inputs.split('`').skip(1).step_by(2).collect();
            assert!(!inputs.is_empty(), "{operation} {member}");
            for input in inputs {
                assert!(names.contains(&input), "{operation} {member}: no input `{input}`");
            }
        }
    }
}
