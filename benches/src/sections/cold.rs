//! Cold starts of `getItem`, with a whole core and with the share of the smallest function, and the size of a function.

use std::{fs, path::Path, process::Command};

use super::starts::{Starts, add_ratio, start_in_turn};
use crate::{
    bench::Bench,
    contenders::Throttle,
    programs::{find, run},
    report::{Bar, Unit, real},
    samples::{DESCRIBE_TABLE_BODY, get_item_body},
};

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    bench.servers.dynamodb.answer("GetItem", &get_item_body());
    bench.servers.dynamodb.answer("DescribeTable", DESCRIBE_TABLE_BODY);
    bench.table.section("Cold start, `getItem`");
    starts(bench, false, "", 21)?;
    match Throttle::new() {
        Ok(_) => {
            bench.table.section("Cold start, 1/14 of a core after init");
            starts(bench, true, ", throttled", 11)?;
        }
        Err(reason) => bench.table.absent("Cold start, 1/14 of a core after init", &reason),
    }
    zip(bench)
}

/// Measures the cold starts. `suffix` distinguishes the rows of the two measurements.
fn starts(bench: &mut Bench, throttled: bool, suffix: &str, rounds: usize) -> Result<(), String> {
    // Contenders that start in a few milliseconds are measured without the peers: a big process between two of them would
    // empty their caches.
    let mut bare = Starts::new(bench.contender("bare runtime", "bench-echo"));
    let mut ours = Starts::new(bench.ours("get-item"));
    let mut by_value = Starts::by_value(bench.ours("get-item"));
    start_in_turn(bench, throttled, rounds * 5, &mut [&mut bare, &mut ours, &mut by_value])?;

    let mut beside_peers = Starts::new(bench.ours("get-item"));
    let mut node = bench.peers.node_function("get-item").map(Starts::new);
    let mut python = bench.peers.python_function("get-item").map(Starts::new);
    let mut all = vec![&mut beside_peers];
    all.extend(node.as_mut().ok());
    all.extend(python.as_mut().ok());
    start_in_turn(bench, throttled, rounds, &mut all)?;

    let table = &mut bench.table;
    let seconds = Unit::Seconds;
    if !throttled {
        table.ratio("init, ours / bare runtime", seconds, (&ours.init, &bare.init), Some(Bar::AtMost(2.1)));
        let processor = (&*ours.init_processor, &*bare.init_processor);
        table.ratio("init, ours / bare runtime: processor time", seconds, processor, None);
        let processor = (&*ours.first_answer_processor, &*bare.first_answer_processor);
        table.ratio("first answer, ours / bare runtime: processor time", seconds, processor, None);
    }
    let figure = format!("first answer{suffix}, ours / bare runtime (which makes no call)");
    table.ratio(&figure, seconds, (&ours.first_answer, &bare.first_answer), None);
    let figure = format!("first answer{suffix}, ours with the key to be looked up / given");
    table.ratio(&figure, seconds, (&by_value.first_answer, &ours.first_answer), None);
    for (peer, name, bar) in [(&node, "Node with AWS's SDK v3", 25.0), (&python, "Python with boto3", 50.0)] {
        let figure = format!("init and first answer{suffix}, {name} / ours");
        add_ratio(table, &figure, peer, &beside_peers, Some(Bar::AtLeast(bar)));
    }
    if !throttled {
        table.figure(
            "peak memory after the first answer, ours",
            Unit::Bytes,
            ours.median_peak_memory(),
            Some(Bar::AtMost(10.0)),
        );
        for starts in [Some(&bare), node.as_ref().ok(), python.as_ref().ok()].into_iter().flatten() {
            let figure = format!("peak memory after the first answer, {}", starts.name());
            table.figure(&figure, Unit::Bytes, starts.median_peak_memory(), None);
        }
    }
    Ok(())
}

/// Measures the zip of one function as it is uploaded.
fn zip(bench: &mut Bench) -> Result<(), String> {
    let figure = "zip of `get-item`";
    let contender = bench.ours("get-item");
    let binary = Path::new(&contender.command[0]);
    bench.table.figure("binary of `get-item`", Unit::Bytes, size(binary)?, None);
    let file = bench.store.join("function.zip");
    let _ = fs::remove_file(&file);
    let zipped = match find("zip") {
        Ok(zip) => run(Command::new(zip).args(["-9", "-j", "-q"]).arg(&file).arg(binary)),
        // The same compression.
        Err(_) => find("python3").and_then(|python| {
            let code = "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED, compresslevel=9)\
                        .write(sys.argv[2], 'bootstrap')";
            run(Command::new(python).args(["-c", code]).arg(&file).arg(binary))
        }),
    };
    match zipped.and_then(|_| size(&file)) {
        Ok(zip) => bench.table.figure(figure, Unit::Bytes, zip, Some(Bar::AtMost(4.1))),
        Err(reason) => bench.table.absent(figure, &reason),
    }
    Ok(())
}

/// The size of a file in bytes.
fn size(file: &Path) -> Result<f64, String> {
    let bytes = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    usize::try_from(bytes).map(real).map_err(|error| error.to_string())
}
