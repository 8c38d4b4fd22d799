//! Warm calls: ours against a bare SDK call of the same request in a process of the same shape, and the calls that
//! each invocation makes.

use super::turns::in_turn;
use crate::{
    samples::{CREATE_ITEM, DESCRIBE_TABLE_BODY, GET_ITEM, PUT_ITEM_BODY, QUERY_ITEMS, get_item_body, page_of_items},
    stage::Stage,
    table::{Bar, Unit, real},
    valgrind::instructions_of_invocation,
};

/// Invocations in one turn of a contender.
const TURN: usize = 400;

pub(super) fn measure(stage: &mut Stage) -> Result<(), String> {
    stage.dynamodb.answer("GetItem", &get_item_body());
    stage.dynamodb.answer("PutItem", PUT_ITEM_BODY);
    stage.dynamodb.answer("Query", &page_of_items(10, None));
    stage.dynamodb.answer("DescribeTable", DESCRIBE_TABLE_BODY);
    stage.table.section("Warm calls");
    pair(stage, "get-item", "GetItem", GET_ITEM, Some(Bar::AtMost(1.15)))?;
    pair(stage, "create-item", "PutItem", CREATE_ITEM, None)?;
    pair(stage, "query-items", "Query", QUERY_ITEMS, None)?;
    calls(stage)
}

fn pair(stage: &mut Stage, binary: &str, operation: &str, event: &str, bar: Option<Bar>) -> Result<(), String> {
    let sdk = stage.contender("bare SDK call", "bench-sdk").with("OPERATION", operation);
    let contenders = [stage.ours(binary), sdk.clone().with("ANSWER", "written"), sdk.with("ANSWER", "dropped")];
    let mut requests = Vec::new();
    for contender in &contenders {
        let function = stage.start(contender)?;
        function.invoke(&[event], 1, 1)?;
        let request = stage.dynamodb.last_request(operation);
        requests.push(serde_json::from_slice::<serde_json::Value>(&request).map_err(|error| error.to_string())?);
    }
    if requests[0] != requests[1] {
        return Err(format!("the requests are not the same: {} and {}", requests[0], requests[1]));
    }
    let turns = in_turn(stage, &contenders, event, TURN, stage.rounds(25))?;
    let instructions: Result<Vec<f64>, String> =
        contenders.iter().map(|contender| instructions_of_invocation(stage, contender, event)).collect();
    let [ours, written, dropped] = &turns[..] else { return Ok(()) };
    let table = &mut stage.table;
    for (at, other, what, bar) in [(1, written, "answer written", bar), (2, dropped, "answer dropped", None)] {
        let figure = format!("`{binary}`, ours / SDK call, {what}");
        table.ratio(&figure, Unit::Seconds, (&ours.took, &other.took), bar);
        table.ratio(&format!("{figure}: processor time"), Unit::Seconds, (&ours.processor, &other.processor), None);
        let figure = format!("{figure}: instructions");
        match &instructions {
            Ok(counted) => table.ratio(&figure, Unit::Count, (&counted[..1], &counted[at..=at]), None),
            Err(why) => table.absent(&figure, why),
        }
    }
    Ok(())
}

/// Counts the calls of a warm `getItem`, whose key was looked up, for each kind of connection.
fn calls(stage: &mut Stage) -> Result<(), String> {
    const TIMES: usize = 50;
    let pair = r#""accessKeyId":"local","secretAccessKey":"local""#;
    let role = r#""roleArn":"arn:aws:iam::123456789012:role/reader","externalId":"ours""#;
    for (kind, connection) in [
        ("own role", "null".to_owned()),
        ("access key", format!("{{{pair}}}")),
        ("role through STS", format!("{{{role}}}")),
        ("role through STS by an access key", format!("{{{role},{pair}}}")),
    ] {
        let function = stage.start(&stage.ours("get-item"))?;
        function.init()?;
        let event = format!(r#"{{"tableName":"Customers","hashKeyValue":"C-1","connection":{connection}}}"#);
        stage.dynamodb.take_asked();
        function.invoke(&[&event], 1, 1)?;
        let first: usize = stage.dynamodb.take_asked().values().sum();
        function.invoke(&[&event], TIMES, 1)?;
        let more: usize = stage.dynamodb.take_asked().values().sum();
        let each = real(more) / real(TIMES);
        let figure = format!("calls to AWS in a warm `getItem`, {kind} (in the first: {first})");
        stage.table.figure(&figure, Unit::Count, each, Some(Bar::AtMost(1.0)));
    }
    Ok(())
}
