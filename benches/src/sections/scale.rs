//! A child of a state machine: an event or an answer that fills a state of Step Functions. `docs/scale.md` has the plan
//! that these figures are for.

use std::time::Duration;

use super::{batch::put_event, turns::in_turn};
use crate::{
    bench::Bench,
    contenders::Throttle,
    report::{Sample, Unit, real},
    samples::{DESCRIBE_TABLE_BODY, page_of_items},
};

/// The most bytes of a state: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>.
const STATE: usize = 262_144;

/// The bytes that a state has besides the items.
const FRAME: usize = 4_096;

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    bench.table.section("A child with one state (262,144 bytes)");
    bench.servers.dynamodb.answer("DescribeTable", DESCRIBE_TABLE_BODY);
    bench.servers.dynamodb.answer(
        "BatchWriteItem",
        r#"{"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"Customers","CapacityUnits":25.0}]}"#,
    );
    for length in [80, 800] {
        let bytes = put_event(2, length).len() - put_event(1, length).len();
        let items = (STATE - FRAME) / bytes;
        let what = format!("`batchWriteItems`, {items} items of {bytes} bytes in JSON");
        child(bench, &what, "batch-write-items", &put_event(items, length), items)?;
    }
    // The answer has about as many bytes as the page.
    let bytes = page_of_items(2, None).len() - page_of_items(1, None).len();
    let items = (STATE - FRAME) / bytes;
    bench.servers.dynamodb.pages("Scan", &[page_of_items(items, None)]);
    let what = format!("`scanItems`, {items} items of {bytes} bytes in DynamoDB JSON");
    child(bench, &what, "scan-items", r#"{"tableName":"Orders"}"#, items)
}

/// Measures the processor time of an invocation, and the time of a warm one with 128 MB.
fn child(bench: &mut Bench, what: &str, function: &str, event: &str, items: usize) -> Result<(), String> {
    let turns = in_turn(bench, &[bench.ours(function)], event, 5, bench.rounds(20))?;
    let [ours] = &turns[..] else { return Ok(()) };
    let processor = Sample::new(ours.processor.iter().copied()).median();
    bench.table.figure(&format!("processor time, {what}"), Unit::Seconds, processor, None);
    bench.table.figure("the same for an item", Unit::Seconds, processor / real(items), None);
    let figure = format!("time with 1/14 of a core (128 MB) and DynamoDB 5 ms away, {what}");
    match throttled(bench, function, event) {
        Ok(times) => bench.table.figure(&figure, Unit::Seconds, Sample::new(times).median(), None),
        Err(reason) => bench.table.absent(&figure, &reason),
    }
    Ok(())
}

/// The times of warm invocations of a process with the processor share of 128 MB.
fn throttled(bench: &Bench, function: &str, event: &str) -> Result<Vec<f64>, String> {
    let throttle = Throttle::new()?;
    let process = bench.start(&bench.ours(function))?;
    process.init()?;
    // The first invocation looks up the key and opens the connections.
    process.invoke_once(event)?;
    bench.servers.dynamodb.delay(Duration::from_millis(5));
    let times = process.hold(&throttle).and_then(|()| {
        let time = |_| process.invoke_once(event).map(|(time, _)| time.as_secs_f64());
        (0..bench.rounds(15)).map(time).collect()
    });
    bench.servers.dynamodb.delay(Duration::ZERO);
    times
}
