use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

/// Items `a`/0 to `t`/0 and `a`/1 to `a`/9. Those of `a` with an even number are red.
async fn harness_with_items() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    for id in 'a'..='t' {
        harness.put("Tab", json!({"id": id.to_string(), "at": 0, "text": "x".repeat(40)})).await;
    }
    for at in 1..10 {
        let color = if at % 2 == 0 { "red" } else { "blue" };
        harness.put("Tab", json!({"id": "a", "at": at, "color": color, "text": "x".repeat(40)})).await;
    }
    harness.proxy().take_seen();
    harness
}

const ALL: usize = 29;

/// The keys in an answer.
fn keys(answer: &Value) -> Vec<String> {
    let items = answer["data"]["Items"].as_array().unwrap();
    items.iter().map(|item| format!("{}/{}", item["id"].as_str().unwrap(), item["at"])).collect()
}

/// Repeats a scan until there is no key or token to go on from.
async fn scan_through(harness: &Harness, more: &Value) -> Vec<Vec<String>> {
    let mut event = json!({"tableName": "Tab"});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut pages = Vec::new();
    loop {
        let answer = harness.ok("scan-items", &event).await;
        if let Some(most) = more["maxResponseBytes"].as_u64() {
            assert!(answer.to_string().len() as u64 <= most, "{} bytes of {most}", answer.to_string().len());
        }
        pages.push(keys(&answer));
        assert!(pages.len() < 200, "no progress: {more}");
        let data = &answer["data"];
        match (data.get("LastEvaluatedKey"), data.get("NextToken")) {
            (None, None) => return pages,
            (Some(key), None) => event["exclusiveStartKey"] = key.clone(),
            (None, Some(token)) => event["nextToken"] = token.clone(),
            both => panic!("{both:?}"),
        }
    }
}

#[tokio::test]
async fn every_input_takes_effect() {
    let harness = harness_with_items().await;
    for (more, expected) in [
        (json!({}), ALL),
        (json!({"limit": 4, "fetchAll": true}), ALL),
        (json!({"filterExpression": "color = :c", "expressionAttributeValues": {":c": "red"}}), 4),
        (json!({"filterExpression": "Text = :c", "expressionAttributeValues": {":c": "red"}, "fetchAll": true}), 0),
        (json!({"projectionExpression": "id, #a", "expressionAttributeNames": {"#a": "at"}, "limit": 2}), 2),
        (json!({"indexName": "byColor"}), 9),
        (json!({"queryParameters": {"Limit": 3}, "limit": 5, "consistentRead": "yes"}), 3),
        (
            json!({"queryParameters": [{"key": "FilterExpression", "value": "#c = :c"}, {"key": "ExpressionAttributeNames", "value": "{\"#c\": \"color\"}"}, {"key": "ExpressionAttributeValues", "value": "{\":c\": {\"S\": \"blue\"}}"}]}),
            5,
        ),
        (json!({"segments": 5}), ALL),
        (json!({"segments": 3, "indexName": "byColor"}), 9),
        (json!({"segments": "7", "filterExpression": "color = :c", "expressionAttributeValues": {":c": "red"}}), 4),
    ] {
        let mut event = json!({"tableName": "Tab"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = harness.ok("scan-items", event).await;
        assert_eq!(keys(&answer).len(), expected, "{more}");
        assert_eq!(answer["data"]["Count"], expected, "{more}");
    }
    for more in [json!({}), json!({"segments": 4}), json!({"fetchAll": true, "limit": 3})] {
        let mut event = json!({"tableName": "Tab", "select": "count"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = harness.ok("scan-items", event).await;
        assert_eq!((&answer["data"]["Count"], answer["data"].get("Items")), (&json!(ALL), None), "{more}");
    }
}

/// Covers every member of the API's `Scan` except the legacy ones. The members win over the inputs.
#[tokio::test]
async fn query_parameters_are_sent_as_they_are() {
    let harness = Harness::new().await;
    let parameters = json!({
        "TableName": "Other", "IndexName": "byColor", "Select": "SPECIFIC_ATTRIBUTES", "Limit": 7, "ConsistentRead": false,
        "Segment": 2, "TotalSegments": 3, "ExclusiveStartKey": {"id": {"S": "a"}, "at": {"N": "1"}},
        "ReturnConsumedCapacity": "INDEXES", "ProjectionExpression": "#p", "FilterExpression": "attribute_exists(#f)",
        "ExpressionAttributeNames": {"#p": "at", "#f": "text"},
    });
    let event = json!({
        "tableName": "Tab", "indexName": "none", "select": "COUNT", "limit": 1, "consistentRead": true, "segment": 0,
        "totalSegments": 1, "exclusiveStartKey": {"id": {"S": "b"}}, "projectionExpression": "id",
        "filterExpression": "n = :n", "queryParameters": parameters,
    });
    harness.invoke("scan-items", event.to_string()).await;
    assert_eq!(harness.proxy().take_body("Scan"), parameters);
    for legacy in ["AttributesToGet", "ScanFilter", "ConditionalOperator"] {
        let event = json!({"tableName": "Tab", "queryParameters": {legacy: "x"}});
        harness.refuses("scan-items", event, "InvalidInput", &[legacy, "a legacy parameter"]).await;
    }
}

#[tokio::test]
async fn the_segments_of_many_workers_are_the_table() {
    let harness = harness_with_items().await;
    let mut all = Vec::new();
    for segment in 0..4 {
        all.extend(scan_through(&harness, &json!({"segment": segment, "totalSegments": 4, "limit": 3})).await.concat());
    }
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (ALL, ALL));
}

#[tokio::test]
async fn goes_on_exactly_where_it_was() {
    let harness = harness_with_items().await;
    for more in [
        json!({"segments": 4, "maxItems": 3}),
        json!({"segments": 4, "maxItems": 5, "limit": 2}),
        json!({"segments": 8, "limit": 1, "maxItems": 4}),
        json!({"segments": 2, "maxResponseBytes": 1_200}),
        json!({"segments": 3, "maxResponseBytes": 1_500, "limit": 2, "projectionExpression": "id, #a", "expressionAttributeNames": {"#a": "at"}}),
        json!({"segments": 3, "limit": 2, "fetchAll": false}),
        json!({"segments": 1, "limit": 10}),
        json!({"maxItems": 4, "fetchAll": true}),
        json!({"maxResponseBytes": 900, "fetchAll": true}),
    ] {
        let pages = scan_through(&harness, &more).await;
        let all = pages.concat();
        assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (ALL, ALL), "{more}: {pages:?}");
        if let Some(most) = more["maxItems"].as_u64() {
            assert!(pages.iter().all(|page| page.len() as u64 <= most), "{more}: {pages:?}");
        }
    }
}

#[tokio::test]
async fn segments_are_read_at_the_same_time() {
    let harness = harness_with_items().await;
    let answer = harness.ok("scan-items", json!({"tableName": "Tab", "segments": 6})).await;
    assert_eq!(answer["data"]["$metadata"]["attempts"], 6);
    assert_eq!(answer["data"]["ScannedCount"], ALL);
    let seen = harness.proxy().take_seen();
    let numbers: BTreeSet<u64> = seen
        .iter()
        .map(|seen| {
            let body: Value = serde_json::from_str(&seen.text()).unwrap();
            assert_eq!(body["TotalSegments"], 6);
            body["Segment"].as_u64().unwrap()
        })
        .collect();
    assert_eq!(numbers, (0..6).collect());
    let connections: BTreeSet<_> = seen.iter().map(|seen| seen.connection).collect();
    assert!(connections.len() > 1, "one call after the other");
}

#[tokio::test]
async fn the_token_of_another_request_is_refused() {
    let harness = harness_with_items().await;
    let event = json!({
        "tableName": "Tab", "segments": 3, "maxItems": 2, "filterExpression": "at >= :n", "expressionAttributeValues": {":n": 0},
    });
    let token = harness.ok("scan-items", &event).await["data"]["NextToken"].clone();
    for (name, value) in [
        ("segments", json!(4)),
        ("filterExpression", json!("at > :n")),
        ("expressionAttributeValues", json!({":n": 1})),
        ("indexName", json!("byColor")),
        ("projectionExpression", json!("id")),
        ("tableName", json!("Other")),
    ] {
        let mut event = event.clone();
        event["nextToken"] = token.clone();
        event[name] = value;
        harness.refuses("scan-items", event, "InvalidInput", &["`nextToken`: the token of another request"]).await;
    }
    let mut event = event;
    event["nextToken"] = token;
    event["maxItems"] = 100.into();
    event["outputFormat"] = "typed".into();
    assert_eq!(harness.ok("scan-items", event).await["data"]["Count"], ALL - 2);
}

#[tokio::test]
async fn names_what_does_not_go_together() {
    let harness = Harness::new().await;
    for (more, message) in [
        (json!({"segments": 2, "segment": 0, "totalSegments": 2}), "`segment`: does not go with `segments`"),
        (json!({"segments": 2, "totalSegments": 2}), "`totalSegments`: does not go with `segments`"),
        (json!({"segments": 2, "exclusiveStartKey": {"id": {"S": "a"}}}), "`exclusiveStartKey`: does not go with"),
        (json!({"segments": 2, "queryParameters": {"TotalSegments": 2}}), "`totalSegments`: does not go with"),
        (json!({"segments": 0}), "`segments`: `0` is not a whole number from 1 to 64"),
        (json!({"segments": 65}), "`segments`: `65` is not"),
        (json!({"segment": 2, "totalSegments": 2}), "`segment`: segment 2 of 2; segments are numbered from 0 to 1"),
        (json!({"segment": 0}), "`totalSegments`: required with `segment`"),
        (json!({"totalSegments": 3}), "`segment`: required with `totalSegments`"),
        (json!({"nextToken": "x"}), "`nextToken`: goes with `segments`"),
        (json!({"segments": 2, "nextToken": "x"}), "`nextToken`: not a `NextToken` of `scanItems`"),
        (json!({"keyConditionExpression": "id = :a"}), "`keyConditionExpression`: unknown input"),
        (json!({"scanIndexForward": true}), "`scanIndexForward`: unknown input"),
    ] {
        let mut event = json!({"tableName": "Tab"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        harness.refuses("scan-items", event, "InvalidInput", &[message]).await;
    }
    assert_eq!(harness.proxy().take_operations(), [] as [&str; 0]);
}

#[tokio::test]
async fn after_the_first_page_throttling_ends_the_answer_early() {
    let harness = harness_with_items().await;
    harness.proxy().next("Scan", Canned::error(400, "AccessDeniedException"));
    harness.refuses("scan-items", json!({"tableName": "Tab", "segments": 2}), "AccessDeniedException", &["Scan"]).await;
    let harness = harness_with_items().await;
    let answer =
        harness.ok("scan-items", json!({"tableName": "Tab", "segments": 1, "limit": 10, "maxItems": 10})).await;
    // As often as the SDK tries.
    for _ in 0..3 {
        harness.proxy().next("Scan", Canned::error(400, "ProvisionedThroughputExceededException"));
    }
    let token = &answer["data"]["NextToken"];
    let event = json!({"tableName": "Tab", "segments": 1, "limit": 10, "nextToken": token});
    harness.refuses("scan-items", &event, "ProvisionedThroughputExceededException", &["Scan"]).await;
    assert_eq!(harness.ok("scan-items", &event).await["data"]["Count"], ALL - 10);
}

#[tokio::test]
async fn one_item_above_the_limit_is_an_error() {
    let harness = harness_with_items().await;
    let event = json!({"tableName": "Tab", "segments": 2, "maxResponseBytes": 300});
    harness.refuses("scan-items", event, "ResponseTooLarge", &["one item makes an answer of"]).await;
}

#[tokio::test]
async fn a_budget_ends_the_answer_before_the_deadline() {
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", true).await;
    for more in [json!({"fetchAll": true}), json!({"segments": 1})] {
        let page = json!({
            "Items": [{"id": {"S": "a"}, "at": {"N": "0"}}], "Count": 1, "ScannedCount": 1,
            "LastEvaluatedKey": {"id": {"S": "a"}, "at": {"N": "0"}},
            "ConsumedCapacity": {"TableName": "Tab", "CapacityUnits": 1_000.0},
        });
        harness.proxy().next("Scan", Canned::Answer(200, page.to_string()));
        let mut event = json!({"tableName": "Tab", "maxCapacityPerSecond": 10});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = harness.ok("scan-items", event).await;
        assert_eq!(answer["data"]["Count"], 1, "{more}");
        let data = answer["data"].as_object().unwrap();
        assert!(data.contains_key("LastEvaluatedKey") != data.contains_key("NextToken"), "{data:?}");
    }
    let operations = harness.proxy().take_operations();
    assert_eq!(operations.iter().filter(|operation| *operation == "Scan").count(), 2);
    let event = json!({"tableName": "Tab", "maxCapacityPerSecond": 10, "returnConsumedCapacity": "NONE"});
    harness.refuses("scan-items", event, "InvalidInput", &["`maxCapacityPerSecond`: needs DynamoDB's report"]).await;
}
