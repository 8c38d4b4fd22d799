//! Many at once, as Lambda Managed Instances ask for it: one process, a DynamoDB that is 5 milliseconds away.

use std::time::Duration;

use crate::{
    samples::{GET_ITEM, get_item_body},
    stage::Stage,
    table::{Bar, Unit, real},
};

const MOST: usize = 64;

pub(super) fn measure(stage: &mut Stage) -> Result<(), String> {
    stage.table.section("Many `getItem` at once in one process, DynamoDB 5 ms away");
    stage.dynamodb.answer("GetItem", &get_item_body());
    stage.dynamodb.delay(Duration::from_millis(5));
    let measured = throughputs(stage);
    stage.dynamodb.delay(Duration::ZERO);
    let by_load = measured?;
    let one = by_load[0].1.clone();
    for (at_once, throughput) in by_load.into_iter().skip(1) {
        let figure = format!("invocations in a second, {at_once} at once / 1");
        let bar = (at_once == MOST).then_some(Bar::AtLeast(25.0));
        stage.table.ratio(&figure, Unit::Count, (&throughput, &one), bar);
    }
    Ok(())
}

/// Invocations in a second, round by round, for each number at once.
fn throughputs(stage: &Stage) -> Result<Vec<(usize, Vec<f64>)>, String> {
    let function = stage.start(&stage.ours("get-item").with("AWS_LAMBDA_MAX_CONCURRENCY", MOST.to_string()))?;
    function.init()?;
    // Every connection is open before the first round.
    function.invoke(&[GET_ITEM], MOST * 10, MOST)?;
    let mut by_load: Vec<(usize, Vec<f64>)> = [1, 4, 16, MOST].map(|at_once| (at_once, Vec::new())).into();
    for _ in 0..stage.rounds(7) {
        for (at_once, throughput) in &mut by_load {
            let times = 100 * *at_once;
            let series = function.invoke(&[GET_ITEM], times, *at_once)?;
            throughput.push((real(times) / series.all.as_secs_f64()).round());
        }
    }
    Ok(by_load)
}
