//! How time and memory grow with the number of pages, items, identities and invocations.

use crate::{
    bench::Bench,
    report::{Bar, Sample, Unit, real},
    samples::{DESCRIBE_TABLE_BODY, GET_ITEM, QUERY_ITEMS, get_item_body, page_of_items},
    servers::page_key,
};

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    bench.table.section("Growth: `one` is the larger number, each time divided by the number; 1 is linear");
    pages(bench)?;
    items(bench)?;
    identities(bench)?;
    invocations(bench)
}

/// `fetchAll` of a growing number of pages with 20 items each.
fn pages(bench: &mut Bench) -> Result<(), String> {
    const MOST: usize = 60;
    let event = QUERY_ITEMS.replacen('{', r#"{"fetchAll":true,"#, 1);
    // The start key determines how many pages are left.
    let from = |left: usize| {
        let start = if left == MOST { "null".to_owned() } else { page_key(MOST - left) };
        event.replacen('{', &format!(r#"{{"exclusiveStartKey":{start},"#), 1)
    };
    let pages: Vec<String> = (1..=MOST).map(|number| page_of_items(20, (number < MOST).then_some(number))).collect();
    bench.servers.dynamodb.pages("Query", &pages);
    let events = [1, 4, 15, MOST].map(|left| (left, from(left)));
    grow(bench, "for each page of a `fetchAll`", "pages", &events)
}

/// One page with a growing number of items.
fn items(bench: &mut Bench) -> Result<(), String> {
    const COUNTS: [usize; 4] = [50, 200, 1_000, 4_000];
    let pages: Vec<String> = COUNTS.iter().map(|count| page_of_items(*count, None)).collect();
    bench.servers.dynamodb.pages("Query", &pages);
    let mut number = 0;
    let events = COUNTS.map(|count| {
        let start = page_key(number);
        number += 1;
        (count, QUERY_ITEMS.replacen('{', &format!(r#"{{"exclusiveStartKey":{start},"#), 1))
    });
    grow(bench, "for each item of a page", "items", &events)
}

/// Measures the events in turn and compares each number with the one before.
fn grow(bench: &mut Bench, figure: &str, unit: &str, events: &[(usize, String)]) -> Result<(), String> {
    let process = bench.start(&bench.ours("query-items"))?;
    process.init()?;
    let mut took = vec![Vec::new(); events.len()];
    for round in 0..=bench.rounds(9) {
        for ((count, event), took) in events.iter().zip(&mut took) {
            let series = process.invoke(&[event], 20, 1)?;
            // The first round warms the function.
            if round > 0 {
                took.push(Sample::times(&series.times).median() / real(*count));
            }
        }
    }
    for (pair, took) in events.windows(2).zip(took.windows(2)) {
        let figure = format!("{figure}, {} {unit} / {}", pair[1].0, pair[0].0);
        bench.table.ratio(&figure, Unit::Seconds, (&took[1], &took[0]), None);
    }
    Ok(())
}

/// Access keys in turn: fewer and more than the function keeps in memory (100).
fn identities(bench: &mut Bench) -> Result<(), String> {
    bench.servers.dynamodb.answer("GetItem", &get_item_body());
    let event = |number: usize| {
        let connection = format!(r#"{{"connection":{{"accessKeyId":"key{number}","secretAccessKey":"local"}},"#);
        GET_ITEM.replacen('{', &connection, 1)
    };
    let mut measured = Vec::new();
    for count in [1, 10, 100, 200] {
        let process = bench.start(&bench.ours("get-item"))?;
        process.init()?;
        let events: Vec<String> = (0..count).map(event).collect();
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        process.invoke(&events, 400, 1)?;
        measured.push((count, process, events.join("\n"), Vec::new()));
    }
    for _ in 0..bench.rounds(9) {
        for (_, process, events, took) in &mut measured {
            let events: Vec<&str> = events.lines().collect();
            took.push(Sample::times(&process.invoke(&events, 400, 1)?.times).median());
        }
    }
    let Some((_, first, _, one)) = measured.first() else { return Ok(()) };
    let alone = first.memory_now()?;
    for (count, process, _, took) in &measured[1..] {
        let figure = format!("a `getItem` for {count} identities in turn / for one (100 are kept)");
        bench.table.ratio(&figure, Unit::Seconds, (took, one), None);
        let more = process.memory_now()? - alone;
        bench.table.figure(&format!("memory of {count} identities, beyond that of one"), Unit::Bytes, more, None);
    }
    Ok(())
}

/// The memory after many invocations.
fn invocations(bench: &mut Bench) -> Result<(), String> {
    bench.servers.dynamodb.answer("DescribeTable", DESCRIBE_TABLE_BODY);
    let many = bench.rounds(100) * 1_000;
    let process = bench.start(&bench.ours("get-item"))?;
    process.init()?;
    let event = r#"{"tableName":"Customers","hashKeyValue":"C-1","outputFormat":"plain"}"#;
    process.invoke(&[event], 1_000, 1)?;
    let early = process.memory_now()?;
    process.invoke(&[event], many - 1_000, 1)?;
    let late = process.memory_now()?;
    let figure = format!("memory after {many} invocations, beyond the {} after 1000", Unit::Bytes.format(early));
    bench.table.figure(&figure, Unit::Bytes, late - early, Some(Bar::AtMost(1.0)));
    bench.table.figure(
        &format!("peak memory of {many} `getItem`"),
        Unit::Bytes,
        process.peak_memory()?,
        Some(Bar::AtMost(10.0)),
    );
    Ok(())
}
