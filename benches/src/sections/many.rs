//! Many invocations at once in one process, as Lambda Managed Instances send them, with a DynamoDB 5 ms away.

use std::time::Duration;

use crate::{
    bench::Bench,
    contenders::processor_time,
    report::{Bar, Sample, Unit, real},
    samples::{GET_ITEM, get_item_body},
};

const MOST: usize = 64;

/// The rounds with one number of invocations at once.
#[derive(Debug)]
struct Load {
    at_once: usize,
    /// Invocations a second.
    throughput: Vec<f64>,
    /// The function's processor time for an invocation, in seconds.
    function: Vec<f64>,
    /// The processor time of this program for an invocation, in seconds: of the Runtime API and of DynamoDB.
    servers: Vec<f64>,
}

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    bench.table.section("Many `getItem` at once in one process, DynamoDB 5 ms away");
    bench.servers.dynamodb.answer("GetItem", &get_item_body());
    bench.servers.dynamodb.delay(Duration::from_millis(5));
    let measured = throughputs(bench);
    bench.servers.dynamodb.delay(Duration::ZERO);
    let loads = measured?;
    let table = &mut bench.table;
    for load in &loads[1..] {
        let figure = format!("invocations a second, {} at once / 1", load.at_once);
        let bar = (load.at_once == MOST).then_some(Bar::AtLeast(25.0));
        table.ratio(&figure, Unit::Count, (&load.throughput, &loads[0].throughput), bar);
    }
    for load in [loads.first(), loads.last()].into_iter().flatten() {
        let median = |times: &[f64]| Sample::new(times.iter().copied()).median();
        let figure = format!("processor time of an invocation, {} at once", load.at_once);
        table.figure(&figure, Unit::Seconds, median(&load.function), None);
        let figure = format!("the same of the servers, {} at once", load.at_once);
        table.figure(&figure, Unit::Seconds, median(&load.servers), None);
    }
    Ok(())
}

fn throughputs(bench: &Bench) -> Result<Vec<Load>, String> {
    let process = bench.start(&bench.ours("get-item").with("AWS_LAMBDA_MAX_CONCURRENCY", MOST.to_string()))?;
    process.init()?;
    // Opens all connections before the first round.
    process.invoke(&[GET_ITEM], MOST * 10, MOST)?;
    let own_id = std::process::id();
    let empty = |at_once| Load { at_once, throughput: Vec::new(), function: Vec::new(), servers: Vec::new() };
    let mut loads = [1, 4, 16, MOST].map(empty);
    for _ in 0..bench.rounds(7) {
        for load in &mut loads {
            let times = 100 * load.at_once;
            let (before, own) = (process.processor_time()?, processor_time(own_id)?);
            let series = process.invoke(&[GET_ITEM], times, load.at_once)?;
            let each = |now: Duration, before: Duration| now.saturating_sub(before).as_secs_f64() / real(times);
            load.function.push(each(process.processor_time()?, before));
            load.servers.push(each(processor_time(own_id)?, own));
            load.throughput.push((real(times) / series.total.as_secs_f64()).round());
        }
    }
    Ok(loads.into())
}
