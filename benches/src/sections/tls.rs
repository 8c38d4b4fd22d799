//! Cold starts of `getItem` with TLS to DynamoDB, as on AWS: the first call includes a handshake.

use super::starts::{Starts, add_ratio, start_in_turn};
use crate::{
    bench::Bench,
    contenders::{Contender, Throttle},
    report::Unit,
    samples::get_item_body,
};

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    bench.servers.dynamodb.answer("GetItem", &get_item_body());
    bench.table.section("Cold start with TLS to DynamoDB, `getItem`");
    starts(bench, false, "", 21)?;
    match Throttle::new() {
        Ok(_) => {
            bench.table.section("Cold start with TLS, 1/14 of a core after init");
            starts(bench, true, ", throttled", 11)?;
        }
        Err(reason) => bench.table.absent("Cold start with TLS, 1/14 of a core after init", &reason),
    }
    Ok(())
}

/// Measures the cold starts. `suffix` distinguishes the rows of the two measurements.
fn starts(bench: &mut Bench, throttled: bool, suffix: &str, rounds: usize) -> Result<(), String> {
    let with_tls = |contender: Contender| Starts::new(contender.with_tls(&bench.servers.dynamodb));
    let sdk = bench.contender("bare SDK call", "bench-sdk").with("OPERATION", "GetItem").with("ANSWER", "written");

    // As in the section without TLS, big processes are measured apart from small ones.
    let mut plain = Starts::new(bench.ours("get-item"));
    let mut beside_sdk = with_tls(bench.ours("get-item"));
    let mut sdk = with_tls(sdk);
    start_in_turn(bench, throttled, rounds * 5, &mut [&mut plain, &mut beside_sdk, &mut sdk])?;

    let mut beside_peers = with_tls(bench.ours("get-item"));
    let mut node = bench.peers.node_function("get-item").map(with_tls);
    let mut python = bench.peers.python_function("get-item").map(with_tls);
    let mut all = vec![&mut beside_peers];
    all.extend(node.as_mut().ok());
    all.extend(python.as_mut().ok());
    start_in_turn(bench, throttled, rounds, &mut all)?;

    let table = &mut bench.table;
    let figure = |what: &str| format!("init and first answer with TLS{suffix}, {what}");
    let (plain, ours, sdk) = (plain.whole(), beside_sdk.whole(), sdk.whole());
    table.ratio(&figure("ours / ours without TLS"), Unit::Seconds, (&ours, &plain), None);
    table.ratio(&figure("bare SDK call / ours"), Unit::Seconds, (&sdk, &ours), None);
    for (peer, name) in [(&node, "Node with AWS's SDK v3"), (&python, "Python with boto3")] {
        add_ratio(table, &figure(&format!("{name} / ours")), peer, &beside_peers, None);
    }
    Ok(())
}
