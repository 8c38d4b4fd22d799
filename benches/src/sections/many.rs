//! Many at once, as Lambda Managed Instances ask for it: one process, a DynamoDB that is 5 milliseconds away.

use std::{process, time::Duration};

use crate::{
    function::processor_time,
    samples::{GET_ITEM, get_item_body},
    stage::Stage,
    table::{Bar, Sample, Unit, real},
};

const MOST: usize = 64;

/// Rounds with so many at once.
#[derive(Debug)]
struct Load {
    at_once: usize,
    /// Invocations in a second.
    throughput: Vec<f64>,
    /// Processor time for each invocation, in seconds: of the function, and of this process, which is its Lambda and its
    /// DynamoDB.
    function: Vec<f64>,
    bench: Vec<f64>,
}

pub(super) fn measure(stage: &mut Stage) -> Result<(), String> {
    stage.table.section("Many `getItem` at once in one process, DynamoDB 5 ms away");
    stage.dynamodb.answer("GetItem", &get_item_body());
    stage.dynamodb.delay(Duration::from_millis(5));
    let measured = throughputs(stage);
    stage.dynamodb.delay(Duration::ZERO);
    let loads = measured?;
    let table = &mut stage.table;
    for load in &loads[1..] {
        let figure = format!("invocations in a second, {} at once / 1", load.at_once);
        let bar = (load.at_once == MOST).then_some(Bar::AtLeast(25.0));
        table.ratio(&figure, Unit::Count, (&load.throughput, &loads[0].throughput), bar);
    }
    for load in [loads.first(), loads.last()].into_iter().flatten() {
        let median = |times: &[f64]| Sample::new(times.iter().copied()).median();
        let figure = format!("processor time of each invocation, {} at once", load.at_once);
        table.figure(&figure, Unit::Seconds, median(&load.function), None);
        let figure = format!("the same of the bench itself, {} at once", load.at_once);
        table.figure(&figure, Unit::Seconds, median(&load.bench), None);
    }
    Ok(())
}

fn throughputs(stage: &Stage) -> Result<Vec<Load>, String> {
    let function = stage.start(&stage.ours("get-item").with("AWS_LAMBDA_MAX_CONCURRENCY", MOST.to_string()))?;
    function.init()?;
    // Every connection is open before the first round.
    function.invoke(&[GET_ITEM], MOST * 10, MOST)?;
    let empty = |at_once| Load { at_once, throughput: Vec::new(), function: Vec::new(), bench: Vec::new() };
    let mut loads = [1, 4, 16, MOST].map(empty);
    for _ in 0..stage.rounds(7) {
        for load in &mut loads {
            let times = 100 * load.at_once;
            let (before, own) = (function.processor_time()?, processor_time(process::id())?);
            let series = function.invoke(&[GET_ITEM], times, load.at_once)?;
            let each = |now: Duration, before: Duration| now.saturating_sub(before).as_secs_f64() / real(times);
            load.function.push(each(function.processor_time()?, before));
            load.bench.push(each(processor_time(process::id())?, own));
            load.throughput.push((real(times) / series.all.as_secs_f64()).round());
        }
    }
    Ok(loads.into())
}
