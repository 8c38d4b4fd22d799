//! Every fault of `table` with every operation on a table's settings: what the caller is told, and how the table is
//! afterwards.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    operations::Kind,
    table::{End, Row, rows},
};
use crate::{
    harness::{Harness, wire::Wire},
    identities::guarded_with,
};

/// The invocations' time.
const TIMEOUT: Duration = Duration::from_secs(4);

struct Operation {
    name: &'static str,
    kind: Kind,
    function: &'static str,
    /// The inputs besides the table's name.
    inputs: Value,
    /// Where a description with all settings has what the operation changes.
    pointer: &'static str,
    /// What is there before and after.
    before: Value,
    after: Value,
}

/// Operations that change something. Those of one list run one after the other.
fn writes() -> Vec<Vec<Operation>> {
    let op = |name, kind, inputs, pointer, before, after| Operation {
        name,
        kind,
        function: "update-table",
        inputs,
        pointer,
        before,
        after,
    };
    let tag = json!([{"Key": "a", "Value": "1"}]);
    vec![
        vec![op(
            "UpdateTable",
            Kind::Once,
            json!({"deletionProtectionEnabled": true}),
            "/Table/DeletionProtectionEnabled",
            json!(false),
            json!(true),
        )],
        vec![op(
            "UpdateTimeToLive",
            Kind::Once,
            json!({"timeToLiveAttribute": "at"}),
            "/TimeToLiveDescription/TimeToLiveStatus",
            json!("DISABLED"),
            json!("ENABLED"),
        )],
        vec![op(
            "UpdateContinuousBackups",
            Kind::Repeatable,
            json!({"pointInTimeRecovery": true}),
            "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/PointInTimeRecoveryStatus",
            json!("DISABLED"),
            json!("ENABLED"),
        )],
        vec![
            op("TagResource", Kind::Repeatable, json!({"tags": {"a": "1"}}), "/Tags", json!([]), tag.clone()),
            op("UntagResource", Kind::Repeatable, json!({"removeTags": ["a"]}), "/Tags", tag, json!([])),
        ],
    ]
}

/// Operations that only read.
fn reads() -> Vec<Vec<Operation>> {
    let op = |name, include: &str| {
        vec![Operation {
            name,
            kind: Kind::Read,
            function: "describe-table",
            inputs: json!({"include": include}),
            pointer: "",
            before: Value::Null,
            after: Value::Null,
        }]
    };
    vec![
        op("DescribeTimeToLive", "timeToLive"),
        op("DescribeContinuousBackups", "pointInTimeRecovery"),
        op("ListTagsOfResource", "tags"),
    ]
}

#[tokio::test]
async fn a_fault_of_a_tables_setting_is_told_as_it_is() {
    let wire = Wire::start().await;
    let (harness, _identity) = guarded_with(|builder| builder.dynamodb(wire.url()).timeout(TIMEOUT), &wire).await;
    let mut failures = Vec::new();
    for operations in [writes(), reads()] {
        let (harness, wire) = (&harness, &wire);
        let lists = operations.iter().map(|list| async move {
            let mut failures = Vec::new();
            for operation in list {
                for (number, row) in rows().iter().enumerate() {
                    let table = format!("{}-{number}", operation.name);
                    let result = case(harness, wire, &table, row, operation).await;
                    failures
                        .extend(result.err().map(|problem| format!("{} / {}: {problem}", row.name, operation.name)));
                }
            }
            failures
        });
        failures.extend(join_all(lists).await.into_iter().flatten());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs a case, and says what is not as it must be.
async fn case(harness: &Harness, wire: &Wire, table: &str, row: &Row, operation: &Operation) -> Result<(), String> {
    harness.table(table, false).await;
    if operation.name == "UntagResource" {
        harness.ok("update-table", json!({"tableName": table, "tags": {"a": "1"}})).await;
    }
    let target = format!("DynamoDB_20120810.{}\r", operation.name);
    let before = wire.count(&target);
    wire.next(&target, row.fault);
    let mut event = operation.inputs.clone();
    event["tableName"] = table.into();
    let invocation = harness.invoke(operation.function, event.to_string()).await;
    let expected = match operation.kind {
        Kind::Read | Kind::ReadAgain => row.read,
        Kind::Once => row.once,
        Kind::Repeatable => row.repeatable,
    };
    let attempts = wire.count(&target) - before;
    let is_expected = match (invocation.error(), expected) {
        (None, End::Ok(expected)) => attempts == expected,
        (Some(error), End::Error(expected)) => attempts == 1 && error.error_type == expected,
        _ => false,
    };
    if !is_expected {
        let error = invocation.error();
        return Err(format!("{error:?} after {attempts} attempts, instead of {expected:?}"));
    }
    if operation.kind == Kind::Read {
        return Ok(());
    }
    let include = json!(["timeToLive", "pointInTimeRecovery", "tags"]);
    let described = harness.ok("describe-table", json!({"tableName": table, "include": include})).await;
    let happened = matches!(expected, End::Ok(_)) || row.fault.applied;
    let wanted = if happened { &operation.after } else { &operation.before };
    let found = described["data"].pointer(operation.pointer);
    if found.unwrap_or(&json!(false)) != wanted {
        return Err(format!("the table has {found:?} instead of {wanted}"));
    }
    // The function looks first, so the same event makes what is missing, and nothing else.
    let again = harness.ok("update-table", &event).await;
    if (again["data"]["Changed"] == json!([])) != happened {
        return Err(format!("the same event again: {again}"));
    }
    Ok(())
}
