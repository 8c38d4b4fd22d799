//! Pages of 1 MB, DynamoDB's largest: the whole function, the conversion alone, and the memory.

use std::{ffi::OsString, fs, path::Path, process::Command};

use super::turns::{Turns, in_turn};
use crate::{
    bench::Bench,
    report::{Bar, Sample, Unit, real},
    samples::{PAGE, QUERY_ITEMS, Shape, page},
    valgrind::{conversions, cost},
};

/// The number of invocations in a turn.
const TURN: usize = 2;

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    for shape in Shape::ALL {
        let (body, count) = page(shape, PAGE, None);
        let file = bench.store.join("page.json");
        fs::write(&file, &body).map_err(|error| format!("{}: {error}", file.display()))?;
        bench.servers.dynamodb.answer("Query", &body);
        let size = real(body.len());
        let wire = Unit::Bytes.format(size);
        bench.table.section(&format!("A page of 1 MB: {} ({count}; {wire} on the wire)", shape.name()));
        for format in ["plain", "typed"] {
            whole(bench, shape, format)?;
            alone(bench, format, &file, size)?;
        }
    }
    memory(bench)
}

/// Measures the time from the event to the answer, with the call of DynamoDB.
fn whole(bench: &mut Bench, shape: Shape, format: &str) -> Result<(), String> {
    let event = QUERY_ITEMS.replace("plain", format);
    // The bars apply to one shape and format: small items as plain JSON.
    let bar = |bar| (shape == Shape::Small && format == "plain").then_some(Bar::AtLeast(bar));
    let mut peers = Vec::new();
    if format == "plain" {
        let sdk = bench.contender("bare SDK call", "bench-sdk");
        peers.push((Ok(sdk.with("OPERATION", "Query").with("ANSWER", "written")), "bare SDK call", None));
    }
    peers.push((bench.peers.node_function("query-items"), "Node with AWS's SDK v3", bar(15.0)));
    peers.push((bench.peers.python_function("query-items"), "Python with boto3", bar(50.0)));

    let mut contenders = vec![bench.ours("query-items")];
    contenders.extend(peers.iter().filter_map(|(peer, ..)| peer.as_ref().ok().cloned()));
    let turns = in_turn(bench, &contenders, &event, TURN, bench.rounds(5))?;
    let mut turns = turns.iter();
    let Some(ours) = turns.next() else { return Ok(()) };
    for (peer, name, bar) in &peers {
        let figure = format!("`query-items`, {format}: {name} / ours");
        match (peer, turns.as_slice().first()) {
            (Ok(_), Some(Turns { times, .. })) => {
                bench.table.ratio(&figure, Unit::Seconds, (times, &ours.times), *bar);
                turns.next();
            }
            (Err(reason), _) => bench.table.absent(&figure, reason),
            (Ok(_), None) => {}
        }
    }
    Ok(())
}

/// Measures the conversion of the response's body to the answer's text.
fn alone(bench: &mut Bench, format: &str, file: &Path, size: f64) -> Result<(), String> {
    let ours: Vec<OsString> = vec![bench.contender("ours", "bench-convert").command.remove(0)];
    let convert = || {
        let mut command = ours.clone();
        command.extend([format.into(), file.into()]);
        command
    };
    let peers = [
        (bench.peers.node.as_ref().map(|peer| peer.convert(&[format.as_ref(), file.as_os_str()])), "Node"),
        (bench.peers.python.as_ref().map(|peer| peer.convert(&[format.as_ref(), file.as_os_str()])), "Python"),
    ];
    // The median of the second half of a run, because Node compiles during the first.
    let once = |command: &[OsString], times: &str| {
        let times = conversions(Command::new(&command[0]).args(&command[1..]).arg(times))?;
        Ok::<_, String>(Sample::new(times[times.len() / 2..].iter().copied()).median())
    };
    let (mut took, mut others) = (Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..bench.rounds(3) {
        took.push(once(&convert(), "20")?);
        for ((peer, name), times) in peers.iter().zip(&mut others) {
            if let Ok(command) = peer {
                times.push(once(command, if *name == "Python" { "4" } else { "20" })?);
            }
        }
    }
    let mut rows = Vec::new();
    for ((peer, name), times) in peers.into_iter().zip(others) {
        rows.push((format!("conversion alone, {format}: {name} / ours"), peer.map(|_| times).map_err(Clone::clone)));
    }
    for (figure, times) in rows {
        match times {
            Ok(times) => bench.table.ratio(&figure, Unit::Seconds, (&times, &took), None),
            Err(reason) => bench.table.absent(&figure, &reason),
        }
    }
    let speed = size / Sample::new(took.iter().copied()).median();
    bench.table.figure(
        &format!("conversion alone, {format}, ours: bytes on the wire"),
        Unit::BytesPerSecond,
        speed,
        None,
    );
    match cost(convert) {
        Ok(cost) => {
            let figure = format!("conversion alone, {format}, ours: instructions a byte");
            bench.table.figure(&figure, Unit::Count, cost.instructions / size, None);
            let bytes = Unit::Bytes.format(cost.bytes);
            let figure = format!("conversion alone, {format}, ours: allocations ({bytes} in all)");
            bench.table.figure(&figure, Unit::Count, cost.allocations, None);
        }
        Err(reason) => {
            bench.table.absent(&format!("conversion alone, {format}, ours: instructions, allocations"), &reason);
        }
    }
    Ok(())
}

/// Measures the peak memory with a page of each shape, and with as many pages as an answer can hold.
fn memory(bench: &mut Bench) -> Result<(), String> {
    bench.table.section("Peak memory of `query-items`, after five invocations");
    for shape in Shape::ALL {
        bench.servers.dynamodb.answer("Query", &page(shape, PAGE, None).0);
        let figure = format!("a page of 1 MB, {}", shape.name());
        peak(bench, &figure, QUERY_ITEMS, 14.0)?;
    }
    let pages: Vec<String> = (1..=12).map(|number| page(Shape::Small, PAGE, Some(number)).0).collect();
    bench.servers.dynamodb.pages("Query", &pages);
    let event = QUERY_ITEMS.replacen('{', r#"{"fetchAll":true,"#, 1);
    peak(bench, "`fetchAll` up to Lambda's limit of 6 MB", &event, 32.0)
}

fn peak(bench: &mut Bench, figure: &str, event: &str, bar: f64) -> Result<(), String> {
    let process = bench.start(&bench.ours("query-items"))?;
    process.init()?;
    let answer = process.invoke(&[event], 5, 1)?.answer;
    let figure = format!("{figure} (an answer of {})", Unit::Bytes.format(real(answer.len())));
    bench.table.figure(&figure, Unit::Bytes, process.peak_memory()?, Some(Bar::AtMost(bar)));
    Ok(())
}
