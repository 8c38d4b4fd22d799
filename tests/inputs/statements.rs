use serde_json::{Value, json};

use crate::harness::{Harness, external_engine, proxy::Canned};

const SELECT: &str = r#"SELECT "at", color, note FROM Tab WHERE id = ?"#;

async fn harness_with_items() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    for at in 0..10 {
        let color = if at % 3 == 0 { "red" } else { "blue" };
        harness.put("Tab", json!({"id": "a", "at": at, "color": color, "note": "x".repeat(100)})).await;
    }
    harness.proxy().take_seen();
    harness
}

fn select(statement: &str, parameters: &Value, more: &Value) -> Value {
    let mut event = json!({"statement": statement, "parameters": parameters, "outputFormat": "plain"});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

/// The items of every answer until there is no token to go on from.
async fn follow(harness: &Harness, mut event: Value) -> Vec<Vec<u64>> {
    let mut answers = Vec::new();
    loop {
        let answer = harness.ok("raw-request", &event).await;
        if let Some(most) = event["maxResponseBytes"].as_u64() {
            assert!(answer.to_string().len() as u64 <= most, "{} bytes of {most}", answer.to_string().len());
        }
        let items = answer["data"]["Items"].as_array().unwrap();
        answers.push(items.iter().map(|item| item["at"].as_u64().unwrap()).collect());
        assert!(answers.len() < 50, "{event}");
        match answer["data"].get("NextToken") {
            Some(token) => event["nextToken"] = token.clone(),
            None => return answers,
        }
    }
}

#[tokio::test]
async fn follows_pages_to_the_end() {
    let harness = harness_with_items().await;
    let answer = harness.ok("raw-request", select(SELECT, &json!(["a"]), &json!({"fetchAll": true, "limit": 3}))).await;
    assert_eq!(answer["data"]["Items"].as_array().unwrap().len(), 10);
    assert!(answer["data"].get("NextToken").is_none() && answer["data"].get("LastEvaluatedKey").is_none());
    assert!(answer["data"]["$metadata"]["attempts"].as_u64().unwrap() >= 4, "{answer}");
    // DynamoDB Local tells no capacity of a statement.
    if external_engine().is_none() {
        assert!(answer["data"]["ConsumedCapacity"]["CapacityUnits"].as_f64().unwrap() >= 2.0, "{answer}");
    }
}

#[tokio::test]
async fn ends_where_it_is_told_to_and_goes_on_from_there() {
    let harness = harness_with_items().await;
    for more in [
        json!({"maxItems": 3, "fetchAll": true}),
        json!({"maxItems": 3}),
        json!({"maxItems": 3, "limit": 2, "fetchAll": true}),
        json!({"maxItems": 4, "limit": 7}),
        json!({"maxResponseBytes": 900, "fetchAll": true}),
        json!({"maxResponseBytes": 900}),
        json!({"maxResponseBytes": 900, "limit": 4, "fetchAll": true}),
    ] {
        let answers = follow(&harness, select(SELECT, &json!(["a"]), &more)).await;
        assert_eq!(answers.concat(), (0..10).collect::<Vec<_>>(), "{more}");
        assert!(answers.len() > 1, "{more}");
        let most = more["maxItems"].as_u64().unwrap_or(u64::MAX);
        assert!(answers.iter().all(|answer| answer.len() as u64 <= most), "{more}: {answers:?}");
    }
}

#[tokio::test]
async fn a_statement_that_filters_loses_nothing() {
    let harness = harness_with_items().await;
    let statement = r#"SELECT "at" FROM Tab WHERE id = ? AND color = ?"#;
    for more in [
        json!({"fetchAll": true}),
        json!({"fetchAll": true, "limit": 2}),
        json!({"maxItems": 1, "fetchAll": true}),
        json!({"maxItems": 2, "fetchAll": true, "limit": 3}),
        json!({"maxResponseBytes": 380, "fetchAll": true}),
    ] {
        let answers = follow(&harness, select(statement, &json!(["a", "red"]), &more)).await;
        assert_eq!(answers.concat(), [0, 3, 6, 9], "{more}: {answers:?}");
    }
}

fn page(ats: &[u32], token: Option<&str>) -> Canned {
    let items: Vec<Value> = ats.iter().map(|at| json!({"at": {"N": at.to_string()}})).collect();
    let mut body = json!({"Items": items});
    if let Some(token) = token {
        body["NextToken"] = token.into();
        body["LastEvaluatedKey"] = json!({"at": {"N": ats.last().unwrap().to_string()}});
    }
    Canned::Answer(200, body.to_string())
}

/// Only DynamoDB can make a token, so it is asked again for a part of the page.
#[tokio::test]
async fn a_page_that_is_cut_is_asked_for_again_with_a_limit() {
    let harness = harness_with_items().await;
    for canned in [page(&[0, 1], Some("one")), page(&[2, 3, 4], Some("two")), page(&[2], Some("cut"))] {
        harness.proxy().next("ExecuteStatement", canned);
    }
    let more = json!({"fetchAll": true, "maxItems": 3});
    let answer = harness.ok("raw-request", select(SELECT, &json!(["a"]), &more)).await;
    assert_eq!(answer["data"]["Items"], json!([{"at": 0}, {"at": 1}, {"at": 2}]));
    assert_eq!(answer["data"]["NextToken"], "cut");
    assert_eq!(answer["data"]["LastEvaluatedKey"], json!({"at": {"N": "2"}}));
    let asked: Vec<(Value, Value)> = harness
        .proxy()
        .take_seen()
        .iter()
        .map(|seen| serde_json::from_str::<Value>(&seen.text()).unwrap())
        .map(|mut sent| (sent["NextToken"].take(), sent["Limit"].take()))
        .collect();
    assert_eq!(asked, [(json!(null), json!(null)), (json!("one"), json!(null)), (json!("one"), json!(1))]);
}

/// A page of which no item has room is dropped, with its own key.
#[tokio::test]
async fn a_page_that_is_dropped_leaves_no_key_behind() {
    let harness = harness_with_items().await;
    let body = json!({
        "Items": [{"at": {"N": "1"}, "text": {"S": "x".repeat(300)}}, {"at": {"N": "2"}}], "NextToken": "two",
        "LastEvaluatedKey": {"at": {"N": "2"}},
    });
    let one = json!({
        "Items": [{"at": {"N": "1"}, "text": {"S": "x".repeat(300)}}], "NextToken": "cut", "LastEvaluatedKey": {"at": {"N": "1"}},
    });
    for canned in [page(&[0], Some("one")), Canned::Answer(200, body.to_string()), Canned::Answer(200, one.to_string())]
    {
        harness.proxy().next("ExecuteStatement", canned);
    }
    let more = json!({"fetchAll": true, "maxResponseBytes": 400});
    let answer = harness.ok("raw-request", select(SELECT, &json!(["a"]), &more)).await;
    assert_eq!(answer["data"]["Items"], json!([{"at": 0}]));
    assert_eq!(answer["data"]["NextToken"], "one");
    assert_eq!(answer["data"]["LastEvaluatedKey"], json!({"at": {"N": "0"}}), "{answer}");
}

#[tokio::test]
async fn a_statement_that_writes_is_sent_once() {
    let harness = harness_with_items().await;
    let text = "x".repeat(600);
    for (statement, more) in [
        (r#"UPDATE Tab SET t = ? WHERE id = 'a' AND "at" = 1 RETURNING ALL NEW *"#, json!({"maxResponseBytes": 500})),
        (
            r#"  update Tab SET t = ? WHERE id = 'a' AND "at" = 2 RETURNING ALL NEW *"#,
            json!({"maxResponseBytes": 500, "fetchAll": true}),
        ),
        (
            r#"UPDATE Tab SET t = ? WHERE id = 'a' AND "at" = 3 RETURNING ALL NEW *"#,
            json!({"maxItems": 1, "fetchAll": true}),
        ),
    ] {
        harness.invoke("raw-request", select(statement, &json!([text]), &more).to_string()).await;
        let seen = harness.proxy().take_seen();
        assert_eq!(seen.len(), 1, "{statement} {more}");
        let sent: Value = serde_json::from_str(&seen[0].text()).unwrap();
        assert!(sent.get("Limit").is_none(), "{sent}");
    }
    // Even an answer that has a token and more items than are wanted is not asked for a part.
    harness.proxy().next("ExecuteStatement", page(&[0, 1], Some("one")));
    let event = select("INSERT INTO Tab VALUE {'id': 'z', 'at': 1}", &json!([]), &json!({"maxItems": 1}));
    harness.invoke("raw-request", event.to_string()).await;
    assert_eq!(harness.proxy().take_seen().len(), 1);
}
