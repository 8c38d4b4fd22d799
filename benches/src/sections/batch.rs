//! Many items in one invocation, with a DynamoDB 5 ms away: written, read by their keys, and scanned.

use std::time::Duration;

use super::turns::in_turn;
use crate::{
    bench::Bench,
    report::{Bar, Unit, real},
    samples::{DESCRIBE_TABLE_BODY, page_of_items},
};

/// The items of an event.
const ITEMS: usize = 10_000;

/// The pages of a scanned table, over all segments.
const PAGES: usize = 160;

/// The items of a page of the scanned table.
const ITEMS_OF_PAGE: usize = 25;

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    let dynamodb = &bench.servers.dynamodb;
    dynamodb.answer("DescribeTable", DESCRIBE_TABLE_BODY);
    dynamodb.answer(
        "BatchWriteItem",
        r#"{"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"Customers","CapacityUnits":25.0}]}"#,
    );
    dynamodb.answer_keys("BatchGetItem");
    dynamodb.delay(Duration::from_millis(5));
    let measured = away(bench);
    bench.servers.dynamodb.delay(Duration::ZERO);
    measured?;
    processor(bench)?;
    memory(bench)
}

/// Measures what is written, read and scanned while DynamoDB is 5 ms away.
fn away(bench: &mut Bench) -> Result<(), String> {
    bench.table.section("10,000 items in one invocation, DynamoDB 5 ms away");
    let figure = "10,000 items written: boto3's `batch_writer` / `batchWriteItems`";
    let peer = bench.peers.python_function("batch-write-items");
    against(bench, figure, "batch-write-items", peer, &put_event(ITEMS, 80))?;
    let figure = "10,000 keys read: Node's `BatchGetCommand` in a loop / `batchGetItems`";
    let peer = bench.peers.node_function("batch-get-items");
    against(bench, figure, "batch-get-items", peer, &keys_event(ITEMS))?;
    scan(bench)
}

/// Compares one of our functions with a peer, at least 8 to 1.
fn against(
    bench: &mut Bench,
    figure: &str,
    function: &str,
    peer: Result<crate::contenders::Contender, String>,
    event: &str,
) -> Result<(), String> {
    match peer {
        Err(reason) => bench.table.absent(figure, &reason),
        Ok(peer) => {
            let turns = in_turn(bench, &[bench.ours(function), peer], event, 1, bench.rounds(5))?;
            let [ours, peer] = &turns[..] else { return Ok(()) };
            bench.table.ratio(figure, Unit::Seconds, (&peer.times, &ours.times), Some(Bar::AtLeast(8.0)));
        }
    }
    Ok(())
}

/// Compares a scan of one segment with one of eight. Both read the same number of pages and items.
fn scan(bench: &mut Bench) -> Result<(), String> {
    const SEGMENTS: usize = 8;
    let pages = |count: usize| -> Vec<String> {
        (1..=count).map(|next| page_of_items(ITEMS_OF_PAGE, (next < count).then_some(next))).collect()
    };
    let event = |segments: usize| format!(r#"{{"tableName":"Orders","segments":{segments}}}"#);
    let process = bench.start(&bench.ours("scan-items"))?;
    process.init()?;
    let (mut one, mut eight) = (Vec::new(), Vec::new());
    for _ in 0..=bench.rounds(10) {
        for (segments, times) in [(1, &mut one), (SEGMENTS, &mut eight)] {
            bench.servers.dynamodb.pages("Scan", &pages(PAGES / segments));
            times.push(process.invoke_once(&event(segments))?.0.as_secs_f64());
        }
    }
    // The first round opens the connections.
    let figure = format!("{} items scanned, 1 segment / 8 segments", PAGES * ITEMS_OF_PAGE);
    bench.table.ratio(&figure, Unit::Seconds, (&one[1..], &eight[1..]), Some(Bar::AtLeast(6.0)));
    Ok(())
}

/// Measures the processor time of a written item.
fn processor(bench: &mut Bench) -> Result<(), String> {
    let sdk =
        bench.contender("bare SDK call", "bench-sdk").with("OPERATION", "BatchWriteItem").with("ANSWER", "written");
    let contenders = [bench.ours("batch-write-items"), sdk];
    let event = put_event(ITEMS, 80);
    let turns = in_turn(bench, &contenders, &event, 2, bench.rounds(10))?;
    let [ours, sdk] = &turns[..] else { return Ok(()) };
    let each = |times: &[f64]| times.iter().map(|time| time / real(ITEMS)).collect::<Vec<_>>();
    bench.table.ratio(
        "processor time of a written item, `batchWriteItems` / bare SDK calls",
        Unit::Seconds,
        (&each(&ours.processor), &each(&sdk.processor)),
        Some(Bar::AtMost(1.3)),
    );
    Ok(())
}

/// Measures the peak memory with 10,000 items of 500 bytes.
fn memory(bench: &mut Bench) -> Result<(), String> {
    let event = put_event(ITEMS, 330);
    let process = bench.start(&bench.ours("batch-write-items"))?;
    process.init()?;
    process.invoke(&[&event], 3, 1)?;
    let figure = format!(
        "peak memory of `batchWriteItems`, 10,000 items in an event of {}",
        Unit::Bytes.format(real(event.len()))
    );
    bench.table.figure(&figure, Unit::Bytes, process.peak_memory()?, Some(Bar::AtMost(40.0)));
    Ok(())
}

/// An event with this many items. Each has a text of `length` characters, and takes 170 bytes more.
pub(super) fn put_event(items: usize, length: usize) -> String {
    let text = "x".repeat(length);
    let item = |number: usize| {
        format!(
            r#"{{"customerId":"C-{number:05}","name":"Ann Andersen","age":{},"balance":{}.55,"active":true,"address":{{"street":"Storgata 1","city":"Bergen"}},"tags":["new","vip"],"text":"{text}"}}"#,
            number % 90,
            number * 7
        )
    };
    let items: Vec<String> = (0..items).map(item).collect();
    format!(r#"{{"tableName":"Customers","put":[{}]}}"#, items.join(","))
}

fn keys_event(keys: usize) -> String {
    let keys: Vec<String> = (0..keys).map(|number| format!("\"C-{number:05}\"")).collect();
    format!(r#"{{"tableName":"Customers","keys":[{}]}}"#, keys.join(","))
}
