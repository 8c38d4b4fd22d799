//! Warm calls: ours and a bare SDK call that sends the same request, and the number of calls of an invocation.

use super::turns::in_turn;
use crate::{
    bench::Bench,
    report::{Bar, Unit, real},
    samples::{CREATE_ITEM, DESCRIBE_TABLE_BODY, GET_ITEM, PUT_ITEM_BODY, QUERY_ITEMS, get_item_body, page_of_items},
    servers::READER_ROLE,
    valgrind::instructions_of_invocation,
};

/// The number of invocations in a turn.
const TURN: usize = 400;

pub(super) fn measure(bench: &mut Bench) -> Result<(), String> {
    bench.servers.dynamodb.answer("GetItem", &get_item_body());
    bench.servers.dynamodb.answer("PutItem", PUT_ITEM_BODY);
    bench.servers.dynamodb.answer("Query", &page_of_items(10, None));
    bench.servers.dynamodb.answer("DescribeTable", DESCRIBE_TABLE_BODY);
    bench.table.section("Warm calls");
    pair(bench, "get-item", "GetItem", GET_ITEM, Some(Bar::AtMost(1.15)))?;
    pair(bench, "create-item", "PutItem", CREATE_ITEM, None)?;
    pair(bench, "query-items", "Query", QUERY_ITEMS, None)?;
    calls(bench)
}

fn pair(bench: &mut Bench, binary: &str, operation: &str, event: &str, bar: Option<Bar>) -> Result<(), String> {
    let sdk = bench.contender("bare SDK call", "bench-sdk").with("OPERATION", operation);
    let contenders = [bench.ours(binary), sdk.clone().with("ANSWER", "written"), sdk.with("ANSWER", "dropped")];
    let mut requests = Vec::new();
    for contender in &contenders {
        let process = bench.start(contender)?;
        process.invoke(&[event], 1, 1)?;
        let request = bench.servers.dynamodb.last_request(operation);
        requests.push(serde_json::from_slice::<serde_json::Value>(&request).map_err(|error| error.to_string())?);
    }
    if requests[0] != requests[1] {
        return Err(format!("the requests differ: {} and {}", requests[0], requests[1]));
    }
    let turns = in_turn(bench, &contenders, event, TURN, bench.rounds(25))?;
    let instructions: Result<Vec<f64>, String> =
        contenders.iter().map(|contender| instructions_of_invocation(bench, contender, event)).collect();
    let [ours, written, dropped] = &turns[..] else { return Ok(()) };
    let table = &mut bench.table;
    for (at, other, what, bar) in [(1, written, "answer written", bar), (2, dropped, "answer dropped", None)] {
        let figure = format!("`{binary}`, ours / SDK call, {what}");
        table.ratio(&figure, Unit::Seconds, (&ours.times, &other.times), bar);
        table.ratio(&format!("{figure}: processor time"), Unit::Seconds, (&ours.processor, &other.processor), None);
        let figure = format!("{figure}: instructions");
        match &instructions {
            Ok(counted) => table.ratio(&figure, Unit::Count, (&counted[..1], &counted[at..=at]), None),
            Err(reason) => table.absent(&figure, reason),
        }
    }
    Ok(())
}

/// Counts the calls of a warm `getItem` whose key was looked up before, for each kind of connection.
fn calls(bench: &mut Bench) -> Result<(), String> {
    const TIMES: usize = 50;
    let pair = r#""accessKeyId":"local","secretAccessKey":"local""#;
    let role = format!(r#""roleArn":"{READER_ROLE}","externalId":"ours""#);
    for (kind, connection) in [
        ("own role", "null".to_owned()),
        ("access key", format!("{{{pair}}}")),
        ("role through STS", format!("{{{role}}}")),
        ("role through STS by an access key", format!("{{{role},{pair}}}")),
    ] {
        let process = bench.start(&bench.ours("get-item"))?;
        process.init()?;
        let event = format!(r#"{{"tableName":"Customers","hashKeyValue":"C-1","connection":{connection}}}"#);
        bench.servers.take_calls();
        process.invoke(&[&event], 1, 1)?;
        let first = bench.servers.take_calls();
        process.invoke(&[&event], TIMES, 1)?;
        let each = real(bench.servers.take_calls()) / real(TIMES);
        let figure = format!("calls to AWS in a warm `getItem`, {kind} ({first} in the first)");
        bench.table.figure(&figure, Unit::Count, each, Some(Bar::AtMost(1.0)));
    }
    Ok(())
}
