//! A page of 1 MB, DynamoDB's most: through the whole function, and its conversion alone.

use std::{ffi::OsString, fs, path::Path, process::Command};

use super::turns::{Turns, in_turn};
use crate::{
    samples::{PAGE, QUERY_ITEMS, Shape, page},
    stage::Stage,
    table::{Bar, Sample, Unit, real},
    valgrind::{conversions, cost},
};

/// Invocations in one turn.
const TURN: usize = 2;

pub(super) fn measure(stage: &mut Stage) -> Result<(), String> {
    for shape in Shape::ALL {
        let (body, count) = page(shape, PAGE, None);
        let file = stage.store.join("page.json");
        fs::write(&file, &body).map_err(|error| format!("{}: {error}", file.display()))?;
        stage.dynamodb.answer("Query", &body);
        let size = real(body.len());
        let wire = Unit::Bytes.show(size);
        stage.table.section(&format!("A page of 1 MB: {} ({count}; {wire} on the wire)", shape.name()));
        for format in ["plain", "typed"] {
            whole(stage, shape, format)?;
            alone(stage, format, &file, size)?;
        }
    }
    memory(stage)
}

/// From the event to the answer, DynamoDB's call included.
fn whole(stage: &mut Stage, shape: Shape, format: &str) -> Result<(), String> {
    let event = QUERY_ITEMS.replace("plain", format);
    // The bars are for the page that is 1.7 MB on the wire, as plain JSON.
    let bar = |bar| (shape == Shape::Small && format == "plain").then_some(Bar::AtLeast(bar));
    let mut peers = Vec::new();
    if format == "plain" {
        let sdk = stage.contender("bare SDK call", "bench-sdk");
        peers.push((Ok(sdk.with("OPERATION", "Query").with("ANSWER", "written")), "bare SDK call", None));
    }
    let node = stage.peers.node.as_ref().map(|peer| peer.function("Node", "query-items"));
    peers.push((node.map_err(Clone::clone), "Node with AWS's SDK v3", bar(15.0)));
    let python = stage.peers.python.as_ref().map(|peer| peer.function("Python", "query-items"));
    peers.push((python.map_err(Clone::clone), "Python with boto3", bar(50.0)));

    let mut contenders = vec![stage.ours("query-items")];
    contenders.extend(peers.iter().filter_map(|(peer, ..)| peer.as_ref().ok().cloned()));
    let turns = in_turn(stage, &contenders, &event, TURN, stage.rounds(5))?;
    let mut turns = turns.iter();
    let Some(ours) = turns.next() else { return Ok(()) };
    for (peer, name, bar) in &peers {
        let figure = format!("`query-items`, {format}: {name} / ours");
        match (peer, turns.as_slice().first()) {
            (Ok(_), Some(Turns { took, .. })) => {
                stage.table.ratio(&figure, Unit::Seconds, (took, &ours.took), *bar);
                turns.next();
            }
            (Err(why), _) => stage.table.absent(&figure, why),
            (Ok(_), None) => {}
        }
    }
    Ok(())
}

/// From the response's body to the answer's text.
fn alone(stage: &mut Stage, format: &str, file: &Path, size: f64) -> Result<(), String> {
    let ours: Vec<OsString> = vec![stage.contender("ours", "bench-convert").command.remove(0)];
    let convert = || {
        let mut command = ours.clone();
        command.extend([format.into(), file.into()]);
        command
    };
    let peers = [
        (stage.peers.node.as_ref().map(|peer| peer.convert(&[format.as_ref(), file.as_os_str()])), "Node"),
        (stage.peers.python.as_ref().map(|peer| peer.convert(&[format.as_ref(), file.as_os_str()])), "Python"),
    ];
    // The median of a run's second half: Node compiles while it warms up. Python does not, and is slow enough as it is.
    let once = |command: &[OsString], times: &str| {
        let times = conversions(Command::new(&command[0]).args(&command[1..]).arg(times))?;
        Ok::<_, String>(Sample::new(times[times.len() / 2..].iter().copied()).median())
    };
    let (mut took, mut others) = (Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..stage.rounds(3) {
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
            Ok(times) => stage.table.ratio(&figure, Unit::Seconds, (&times, &took), None),
            Err(why) => stage.table.absent(&figure, &why),
        }
    }
    let speed = size / Sample::new(took.iter().copied()).median();
    stage.table.figure(
        &format!("conversion alone, {format}, ours: bytes of the wire"),
        Unit::BytesPerSecond,
        speed,
        None,
    );
    match cost(convert) {
        Ok(cost) => {
            let figure = format!("conversion alone, {format}, ours: instructions for each byte");
            stage.table.figure(&figure, Unit::Count, cost.instructions / size, None);
            let bytes = Unit::Bytes.show(cost.bytes);
            let figure = format!("conversion alone, {format}, ours: allocations ({bytes} in all)");
            stage.table.figure(&figure, Unit::Count, cost.allocations, None);
        }
        Err(why) => stage.table.absent(&format!("conversion alone, {format}, ours: instructions, allocations"), &why),
    }
    Ok(())
}

/// The most memory that a process holds: one page of each shape, and as many as an answer may have.
fn memory(stage: &mut Stage) -> Result<(), String> {
    stage.table.section("Peak memory of `query-items`, after five invocations");
    for shape in Shape::ALL {
        stage.dynamodb.answer("Query", &page(shape, PAGE, None).0);
        let figure = format!("a page of 1 MB, {}", shape.name());
        peak(stage, &figure, QUERY_ITEMS, 14.0)?;
    }
    let pages: Vec<String> = (1..=12).map(|number| page(Shape::Small, PAGE, Some(number)).0).collect();
    stage.dynamodb.pages("Query", &pages);
    let event = QUERY_ITEMS.replacen('{', r#"{"fetchAll":true,"#, 1);
    peak(stage, "`fetchAll` up to Lambda's limit of 6 MB", &event, 32.0)
}

fn peak(stage: &mut Stage, figure: &str, event: &str, bar: f64) -> Result<(), String> {
    let function = stage.start(&stage.ours("query-items"))?;
    function.init()?;
    let answer = function.invoke(&[event], 5, 1)?.answer;
    let figure = format!("{figure} (an answer of {})", Unit::Bytes.show(real(answer.len())));
    stage.table.figure(&figure, Unit::Bytes, function.peak_memory()?, Some(Bar::AtMost(bar)));
    Ok(())
}
