//! What grows with what: pages, items, identities, and the number of invocations.

use crate::{
    dynamodb::page_key,
    samples::{DESCRIBE_TABLE_BODY, GET_ITEM, QUERY_ITEMS, get_item_body, page_of_items},
    stage::Stage,
    table::{Bar, Sample, Unit, real},
};

pub(super) fn measure(stage: &mut Stage) -> Result<(), String> {
    stage.table.section("Growth: `one` is the larger, each divided by how many there are; 1 is linear");
    pages(stage)?;
    items(stage)?;
    identities(stage)?;
    invocations(stage)
}

/// `fetchAll` of more and more pages of 20 items.
fn pages(stage: &mut Stage) -> Result<(), String> {
    const MOST: usize = 60;
    let event = QUERY_ITEMS.replacen('{', r#"{"fetchAll":true,"#, 1);
    // The event says where to start, so that the pages that are left are as many as are wanted.
    let from = |left: usize| {
        let start = if left == MOST { "null".to_owned() } else { page_key(MOST - left) };
        event.replacen('{', &format!(r#"{{"exclusiveStartKey":{start},"#), 1)
    };
    let pages: Vec<String> = (1..=MOST).map(|number| page_of_items(20, (number < MOST).then_some(number))).collect();
    stage.dynamodb.pages("Query", &pages);
    let events = [1, 4, 15, MOST].map(|left| (left, from(left)));
    grow(stage, "for each page of a `fetchAll`", "pages", &events)
}

/// One page of more and more items.
fn items(stage: &mut Stage) -> Result<(), String> {
    const COUNTS: [usize; 4] = [50, 200, 1_000, 4_000];
    let pages: Vec<String> = COUNTS.iter().map(|count| page_of_items(*count, None)).collect();
    stage.dynamodb.pages("Query", &pages);
    let mut number = 0;
    let events = COUNTS.map(|count| {
        let start = page_key(number);
        number += 1;
        (count, QUERY_ITEMS.replacen('{', &format!(r#"{{"exclusiveStartKey":{start},"#), 1))
    });
    grow(stage, "for each item of a page", "items", &events)
}

/// The events in turn; each size against the one before.
fn grow(stage: &mut Stage, figure: &str, what: &str, events: &[(usize, String)]) -> Result<(), String> {
    let function = stage.start(&stage.ours("query-items"))?;
    function.init()?;
    let mut took = vec![Vec::new(); events.len()];
    for round in 0..=stage.rounds(9) {
        for ((count, event), took) in events.iter().zip(&mut took) {
            let series = function.invoke(&[event], 20, 1)?;
            // The first round warms up.
            if round > 0 {
                took.push(Sample::times(&series.took).median() / real(*count));
            }
        }
    }
    for (pair, took) in events.windows(2).zip(took.windows(2)) {
        let figure = format!("{figure}, {} {what} / {}", pair[1].0, pair[0].0);
        stage.table.ratio(&figure, Unit::Seconds, (&took[1], &took[0]), None);
    }
    Ok(())
}

/// Access keys in turn: as many as are kept (100), and more than that.
fn identities(stage: &mut Stage) -> Result<(), String> {
    stage.dynamodb.answer("GetItem", &get_item_body());
    let event = |number: usize| {
        let connection = format!(r#"{{"connection":{{"accessKeyId":"key{number}","secretAccessKey":"local"}},"#);
        GET_ITEM.replacen('{', &connection, 1)
    };
    let mut measured = Vec::new();
    for count in [1, 10, 100, 200] {
        let function = stage.start(&stage.ours("get-item"))?;
        function.init()?;
        let events: Vec<String> = (0..count).map(event).collect();
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        function.invoke(&events, 400, 1)?;
        measured.push((count, function, events.join("\n"), Vec::new()));
    }
    for _ in 0..stage.rounds(9) {
        for (_, function, events, took) in &mut measured {
            let events: Vec<&str> = events.lines().collect();
            took.push(Sample::times(&function.invoke(&events, 400, 1)?.took).median());
        }
    }
    let Some((_, first, _, one)) = measured.first() else { return Ok(()) };
    let alone = first.memory_now()?;
    for (count, function, _, took) in &measured[1..] {
        let figure = format!("a `getItem` for {count} identities in turn / for one (100 are kept)");
        stage.table.ratio(&figure, Unit::Seconds, (took, one), None);
        let more = function.memory_now()? - alone;
        stage.table.figure(&format!("memory of {count} identities, beyond that of one"), Unit::Bytes, more, None);
    }
    Ok(())
}

/// Memory after many invocations.
fn invocations(stage: &mut Stage) -> Result<(), String> {
    stage.dynamodb.answer("DescribeTable", DESCRIBE_TABLE_BODY);
    let many = stage.rounds(100) * 1_000;
    let function = stage.start(&stage.ours("get-item"))?;
    function.init()?;
    let event = r#"{"tableName":"Customers","hashKeyValue":"C-1","outputFormat":"plain"}"#;
    function.invoke(&[event], 1_000, 1)?;
    let early = function.memory_now()?;
    function.invoke(&[event], many - 1_000, 1)?;
    let late = function.memory_now()?;
    let figure = format!("memory after {many} invocations, beyond the {} after 1000", Unit::Bytes.show(early));
    stage.table.figure(&figure, Unit::Bytes, late - early, Some(Bar::AtMost(1.0)));
    stage.table.figure(
        &format!("peak memory of {many} `getItem`"),
        Unit::Bytes,
        function.peak_memory()?,
        Some(Bar::AtMost(9.0)),
    );
    Ok(())
}
