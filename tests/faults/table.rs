//! One table: each fault with each kind of operation, signed by one identity after the other. A wire lets a write take effect and
//! then breaks its answer.

use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::operations::{Kind, Operation, operations};
use crate::{
    harness::{
        Harness,
        wire::{Ending, Fault, Wire},
    },
    identities::{ada, guarded_with, role},
};

/// The invocations' time.
const TIMEOUT: Duration = Duration::from_secs(8);

/// How an invocation ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// It succeeds after this number of attempts.
    Ok(usize),
    /// It fails with this `errorType`, after one attempt.
    Error(&'static str),
}

pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) fault: Fault,
    pub(super) read: End,
    pub(super) once: End,
    pub(super) repeatable: End,
}

#[rustfmt::skip]
pub(super) fn rows() -> Vec<Row> {
    use Ending::{Close, Cut, Endless, Error, Garbage, Redirect, Reset, Silence, Slow, Terabyte, WrongChecksum, WrongLength};
    use End::Ok;
    let row = |name, applied, ending, read, once, repeatable| Row { name, fault: Fault { applied, ending }, read, once, repeatable };
    let unknown = End::Error("OutcomeUnknown");
    vec![
        //  fault                                takes effect  answer                                     read   once     twice is once
        row("reset before the write",            false, Reset,                                            Ok(2), unknown, Ok(2)),
        row("reset after the write",             true,  Reset,                                            Ok(2), unknown, Ok(2)),
        row("closed before the write",           false, Close,                                            Ok(2), unknown, Ok(2)),
        row("closed after the write",            true,  Close,                                            Ok(2), unknown, Ok(2)),
        row("cut in its body",                   true,  Cut,                                              Ok(2), unknown, unknown),
        row("wrong checksum",                    true,  WrongChecksum,                                    Ok(2), unknown, unknown),
        row("shorter than it is",                true,  WrongLength(-1),                                  Ok(2), unknown, unknown),
        row("longer than it is",                 true,  WrongLength(1),                                   Ok(2), unknown, unknown),
        row("500 before the write",              false, Error(500, "InternalServerError"),                Ok(2), unknown, Ok(2)),
        row("500 after the write",               true,  Error(500, "InternalServerError"),                Ok(2), unknown, Ok(2)),
        row("503 before the write",              false, Error(503, "ServiceUnavailable"),                 Ok(2), unknown, Ok(2)),
        row("503 after the write",               true,  Error(503, "ServiceUnavailable"),                 Ok(2), unknown, Ok(2)),
        row("throttled",                         false, Error(400, "ThrottlingException"),                Ok(2), Ok(2),   Ok(2)),
        row("throughput exceeded",               false, Error(400, "ProvisionedThroughputExceededException"), Ok(2), Ok(2), Ok(2)),
        row("slow",                              true,  Slow(Duration::from_millis(300)),                 Ok(1), Ok(1),   Ok(1)),
        row("silent before the write",           false, Silence,                                          Ok(2), unknown, Ok(2)),
        row("silent after the write",            true,  Silence,                                          Ok(2), unknown, Ok(2)),
        row("without end",                       true,  Endless,                                          Ok(2), unknown, unknown),
        row("a terabyte",                        true,  Terabyte,                                         Ok(2), unknown, unknown),
        row("redirected",                        false, Redirect,                                         End::Error("ConnectionFailed"), unknown, unknown),
        row("not HTTP",                          true,  Garbage,                                          Ok(2), unknown, Ok(2)),
    ]
}

#[tokio::test]
async fn a_fault_never_counts_twice_and_is_told_as_it_is() {
    let wire = Wire::start().await;
    let (harness, _identity) = guarded_with(|builder| builder.dynamodb(wire.url()).timeout(TIMEOUT), &wire).await;
    let connections = [json!(null), ada(), role()];
    let operations = operations();
    let rows = rows();
    let mut cases = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        for (other, operation) in operations.iter().enumerate() {
            // All three, for each fault and for each operation.
            cases.push((row, operation, &connections[(number + other) % 3]));
        }
    }
    let failures: Vec<String> = futures_util::stream::iter(cases.iter().enumerate())
        .map(|(number, (row, operation, connection))| {
            let (harness, wire) = (&harness, &wire);
            async move {
                let id = format!("case{number}x");
                case(harness, wire, &id, row, operation, connection)
                    .await
                    .err()
                    .map(|problem| format!("{} / {} / {connection}: {problem}", row.name, operation.name))
            }
        })
        .buffer_unordered(8)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// Runs a case, and says what is not as it must be.
async fn case(
    harness: &Harness,
    wire: &Wire,
    id: &str,
    row: &Row,
    operation: &Operation,
    connection: &Value,
) -> Result<(), String> {
    if operation.before != Value::Null {
        let mut item = operation.before.clone();
        item["id"] = id.into();
        harness.put("Tab", item).await;
    }
    let before = wire.count(id);
    wire.next(id, row.fault);
    let mut event = (operation.event)(id);
    event["connection"] = connection.clone();
    // The others name their tables further inside.
    let outside = ["create-item", "delete-item", "get-item", "update-item", "batch-get-items", "batch-write-items"];
    if outside.contains(&operation.function) {
        event["tableName"] = "Tab".into();
    }
    let invocation = harness.invoke(operation.function, event.to_string()).await;
    let expected = match operation.kind {
        Kind::ReadAgain if row.read == End::Error("ConnectionFailed") => End::Ok(2),
        Kind::Read | Kind::ReadAgain => row.read,
        Kind::Once => row.once,
        Kind::Repeatable => row.repeatable,
    };
    let attempts = wire.count(id) - before;
    let ended = match invocation.error() {
        None => End::Ok(attempts),
        Some(error)
            if attempts == 1 && End::Error("OutcomeUnknown") == expected && error.error_type == "OutcomeUnknown" =>
        {
            let says = match row.fault.ending {
                Ending::Cut | Ending::WrongChecksum | Ending::WrongLength(_) | Ending::Endless | Ending::Terabyte => {
                    "the write took effect, and its answer was lost"
                }
                _ => "whether it took effect is not known",
            };
            if !error.error_message.contains(says) || error.error_message.contains('\n') {
                return Err(format!("it does not say {says:?}: {error:?}"));
            }
            expected
        }
        Some(error) if End::Error("ConnectionFailed") == expected && error.error_type == "ConnectionFailed" => expected,
        Some(error) => return Err(format!("{error:?} after {attempts} attempts, instead of {expected:?}")),
    };
    if ended != expected {
        return Err(format!("{ended:?} instead of {expected:?}"));
    }
    if matches!(ended, End::Ok(_)) {
        let answer: Value = serde_json::from_slice(&invocation.payload).unwrap();
        let data = answer["data"].get("result").unwrap_or(&answer["data"]);
        if data["$metadata"]["attempts"] != attempts {
            return Err(format!("{attempts} attempts, and it says {}", data["$metadata"]));
        }
    }
    let longest = if matches!(row.fault.ending, Ending::Silence) { TIMEOUT } else { TIMEOUT / 2 };
    if invocation.duration > longest {
        return Err(format!("it took {:?}", invocation.duration));
    }
    let happened = matches!(ended, End::Ok(_)) || row.fault.applied;
    let expected = if happened { &operation.after } else { &operation.before };
    let event = json!({"tableName": "Tab", "key": {"id": id}, "outputFormat": "plain"});
    let mut found = harness.ok("get-item", event).await["data"]["result"].get("Item").cloned().unwrap_or_default();
    if let Some(item) = found.as_object_mut() {
        item.remove("id");
    }
    if found != *expected {
        return Err(format!("the table has {found} instead of {expected}"));
    }
    Ok(())
}

#[tokio::test]
async fn the_next_invocation_of_the_process_is_not_affected() {
    let wire = Wire::start().await;
    let (harness, _identity) =
        guarded_with(|builder| builder.dynamodb(wire.url()).timeout(TIMEOUT / 2).concurrency(1), &wire).await;
    for (number, Row { name, fault, .. }) in rows().into_iter().enumerate() {
        for function in ["get-item", "update-item"] {
            let event = |id: &str| match function {
                "get-item" => json!({"tableName": "Tab", "key": {"id": id}}).to_string(),
                _ => json!({"tableName": "Tab", "key": {"id": id}, "add": {"n": 1}}).to_string(),
            };
            let id = format!("case{number}x");
            wire.next(&id, fault);
            let broken = harness.invoke(function, event(&id)).await;
            let is_killed = broken.error().is_some_and(|error| error.error_type == "Sandbox.Timedout");
            assert!(!is_killed, "{name} / {function}: {broken:?}");
            let next = harness.ok(function, event("next")).await;
            let data = next["data"].get("result").unwrap_or(&next["data"]);
            assert_eq!(data["$metadata"]["attempts"], 1, "{name} / {function}: {next}");
        }
    }
}
