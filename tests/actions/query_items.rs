use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

/// Items `a`/0 to `a`/9 and `b`/0. Of the first ten, the even ones are red.
async fn harness_with_items() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    for at in 0..10 {
        let color = if at % 2 == 0 { "red" } else { "blue" };
        harness.put("Tab", json!({"id": "a", "at": at, "color": color, "text": "x".repeat(40)})).await;
    }
    harness.put("Tab", json!({"id": "b", "at": 0})).await;
    harness.proxy().take_seen();
    harness
}

fn query(more: &Value) -> Value {
    let mut event = json!({
        "tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "a"},
    });
    for (name, value) in more.as_object().unwrap() {
        if name == "expressionAttributeValues" {
            event[name].as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        } else {
            event[name] = value.clone();
        }
    }
    event
}

fn ats(answer: &Value) -> Vec<u64> {
    answer["data"]["Items"].as_array().unwrap().iter().map(|item| item["at"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn queries_plain_by_default() {
    let harness = harness_with_items().await;
    let event =
        json!({"tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "b"}});
    let answer = harness.ok("query-items", event.clone()).await;
    assert_eq!(answer["data"]["Items"], json!([{"id": "b", "at": 0}]));
    assert_eq!(answer["data"]["Count"], 1);
    assert_eq!(answer["data"]["ScannedCount"], 1);
    assert_eq!(answer["data"]["ConsumedCapacity"]["TableName"], "Tab");
    assert!(answer["data"].get("LastEvaluatedKey").is_none());
    let mut typed = event;
    typed["outputFormat"] = "typed".into();
    let answer = harness.ok("query-items", typed).await;
    assert_eq!(answer["data"]["Items"], json!([{"id": {"S": "b"}, "at": {"N": "0"}}]));
}

#[tokio::test]
async fn every_input_takes_effect() {
    let harness = harness_with_items().await;
    for (more, expected) in [
        (
            json!({"keyConditionExpression": "id = :id AND at BETWEEN :x AND :y", "expressionAttributeValues": {":x": 2, ":y": 4}}),
            vec![2, 3, 4],
        ),
        (json!({"scanIndexForward": "no", "limit": "3"}), vec![9, 8, 7]),
        (json!({"filterExpression": "color = :c", "expressionAttributeValues": {":c": "red"}}), vec![0, 2, 4, 6, 8]),
        (
            json!({"projectionExpression": "#a", "expressionAttributeNames": {"#a": "at"}, "limit": 2, "consistentRead": true}),
            vec![0, 1],
        ),
        (json!({"exclusiveStartKey": {"id": {"S": "a"}, "at": {"N": "7"}}}), vec![8, 9]),
        (json!({"exclusiveStartKey": r#"{"id": {"S": "a"}, "at": {"N": "7"}}"#}), vec![8, 9]),
        (json!({"queryParameters": {"Limit": 2, "ScanIndexForward": false}, "limit": 5}), vec![9, 8]),
        (json!({"queryParameters": r#"{"ExclusiveStartKey": {"id": {"S": "a"}, "at": {"N": "8"}}}"#}), vec![9]),
        (
            json!({"queryParameters": {"FilterExpression": "#c = :c", "ExpressionAttributeNames": {"#c": "color"}, "ExpressionAttributeValues": {":c": {"S": "blue"}}, "ReturnConsumedCapacity": "NONE"}}),
            vec![1, 3, 5, 7, 9],
        ),
    ] {
        let answer = harness.ok("query-items", query(&more)).await;
        assert_eq!(ats(&answer), expected, "{more}");
    }
    let event = json!({
        "tableName": "Tab", "indexName": "byColor",
        "queryParameters": {"KeyConditionExpression": "color = :c", "ExpressionAttributeValues": {":c": {"S": "red"}}},
    });
    let mut on_index = ats(&harness.ok("query-items", event).await);
    on_index.sort_unstable();
    assert_eq!(on_index, [0, 2, 4, 6, 8]);
    let answer = harness.ok("query-items", query(&json!({"select": "count"}))).await;
    assert_eq!(answer["data"]["Count"], 10);
}

/// Covers every member of the API's `Query` except the legacy ones. The members win over the inputs.
#[tokio::test]
async fn query_parameters_are_sent_as_they_are() {
    let harness = Harness::new().await;
    let parameters = json!({
        "TableName": "Other", "IndexName": "byColor", "Select": "SPECIFIC_ATTRIBUTES", "Limit": 7, "ConsistentRead": false,
        "ScanIndexForward": true, "ExclusiveStartKey": {"id": {"S": "a"}, "at": {"N": "1"}}, "ReturnConsumedCapacity": "INDEXES",
        "ProjectionExpression": "#p", "FilterExpression": "attribute_exists(#f)", "KeyConditionExpression": "#k = :k",
        "ExpressionAttributeNames": {"#p": "at", "#f": "text", "#k": "color"},
        "ExpressionAttributeValues": {":k": {"SS": ["red"]}},
    });
    let event = json!({
        "tableName": "Tab", "indexName": "none", "select": "COUNT", "limit": 1, "consistentRead": true, "scanIndexForward": false,
        "exclusiveStartKey": {"id": {"S": "b"}}, "projectionExpression": "id", "filterExpression": "n = :n",
        "keyConditionExpression": "id = :id", "queryParameters": parameters,
    });
    harness.invoke("query-items", event.to_string()).await;
    assert_eq!(harness.proxy().take_body("Query"), parameters);
    for (legacy, successor) in [
        ("AttributesToGet", "ProjectionExpression"),
        ("KeyConditions", "KeyConditionExpression"),
        ("QueryFilter", "FilterExpression"),
        ("ConditionalOperator", "FilterExpression"),
    ] {
        let message = format!(
            "`queryParameters.{legacy}`: a legacy parameter, which cannot go with expressions; use `{successor}`"
        );
        let event = query(&json!({"queryParameters": {legacy: "x"}}));
        harness.refuses("query-items", event, "InvalidInput", &[&message]).await;
    }
}

#[tokio::test]
async fn continues_a_page_of_an_index_from_its_key() {
    let harness = harness_with_items().await;
    for output in ["plain", "typed"] {
        let mut event = json!({
            "tableName": "Tab", "indexName": "byColor", "keyConditionExpression": "color = :c", "limit": 2,
            "expressionAttributeValues": {":c": "red"}, "outputFormat": output, "projectionExpression": "at",
        });
        let mut got = Vec::new();
        loop {
            let answer = harness.ok("query-items", event.clone()).await;
            let items = answer["data"]["Items"].as_array().unwrap();
            got.extend(
                items.iter().map(|item| item["at"].get("N").unwrap_or(&item["at"]).to_string().replace('"', "")),
            );
            let Some(key) = answer["data"].get("LastEvaluatedKey") else { break };
            let names: Vec<&String> = key.as_object().unwrap().keys().collect();
            assert_eq!(names, ["at", "color", "id"], "the table's key and the index's");
            event["exclusiveStartKey"] = key.clone();
        }
        got.sort_unstable();
        assert_eq!(got, ["0", "2", "4", "6", "8"], "{output}");
    }
}

#[tokio::test]
async fn follows_pages_to_the_end_and_adds_up_counts() {
    let harness = harness_with_items().await;
    let answer = harness.ok("query-items", query(&json!({"limit": 4, "fetchAll": true}))).await;
    assert_eq!(ats(&answer), (0..10).collect::<Vec<_>>());
    assert_eq!(answer["data"]["Count"], 10);
    assert_eq!(answer["data"]["ScannedCount"], 10);
    assert_eq!(answer["data"]["$metadata"]["attempts"], 3);
    assert_eq!(answer["data"]["ConsumedCapacity"]["CapacityUnits"].to_string(), "1.5");
    assert!(answer["data"].get("LastEvaluatedKey").is_none());
    assert_eq!(harness.proxy().take_operations(), ["Query", "Query", "Query"]);
    let answer = harness.ok("query-items", query(&json!({"limit": 4, "fetchAll": true, "select": "COUNT"}))).await;
    assert_eq!(answer["data"]["Count"], 10);
}

/// Repeats a query with these inputs until it returns no key to continue from.
async fn page_through(harness: &Harness, more: &Value) -> Vec<Vec<u64>> {
    let mut pages = Vec::new();
    let mut event = query(more);
    loop {
        let answer = harness.ok("query-items", event.clone()).await;
        if let Some(most) = more["maxResponseBytes"].as_u64() {
            assert!(answer.to_string().len() as u64 <= most, "{} bytes of {most}", answer.to_string().len());
        }
        pages.push(ats(&answer));
        match answer["data"].get("LastEvaluatedKey") {
            None => return pages,
            Some(key) => event["exclusiveStartKey"] = key.clone(),
        }
    }
}

#[tokio::test]
async fn max_items_ends_at_the_item() {
    let harness = harness_with_items().await;
    for more in [
        json!({"maxItems": 3, "fetchAll": true, "limit": 2}),
        json!({"maxItems": "3", "fetchAll": true}),
        json!({"maxItems": 3}),
    ] {
        let pages = page_through(&harness, &more).await;
        assert_eq!(pages.concat(), (0..10).collect::<Vec<_>>(), "{more}");
        assert!(pages.iter().all(|page| page.len() <= 3), "{pages:?}");
    }
    let red = json!({"filterExpression": "color = :c", "expressionAttributeValues": {":c": "red"}, "maxItems": 2, "fetchAll": true});
    let pages = page_through(&harness, &red).await;
    assert_eq!(pages.concat(), [0, 2, 4, 6, 8]);
    assert!(pages.iter().all(|page| page.len() <= 2), "{pages:?}");
    assert_eq!(pages[0].len(), 2);
}

#[tokio::test]
async fn the_size_limit_ends_at_an_item_and_loses_nothing() {
    let harness = harness_with_items().await;
    for bytes in [520, 700, 1_000] {
        for more in [
            json!({"maxResponseBytes": bytes, "fetchAll": true}),
            json!({"maxResponseBytes": bytes}),
            json!({"maxResponseBytes": bytes, "limit": 4, "fetchAll": true, "outputFormat": "plain"}),
            json!({"maxResponseBytes": bytes, "projectionExpression": "#a, #t", "expressionAttributeNames": {"#a": "at", "#t": "text"}}),
        ] {
            let pages = page_through(&harness, &more).await;
            assert_eq!(pages.concat(), (0..10).collect::<Vec<_>>(), "{more}");
            assert!(pages.len() > 1 || bytes == 1_000, "{more}");
        }
        let red = json!({"filterExpression": "color = :c", "expressionAttributeValues": {":c": "red"}, "maxResponseBytes": bytes, "fetchAll": true});
        assert_eq!(page_through(&harness, &red).await.concat(), [0, 2, 4, 6, 8]);
        let mut on_index = page_through(
            &harness,
            &json!({
                "indexName": "byColor", "keyConditionExpression": "color = :id", "expressionAttributeValues": {":id": "red"},
                "maxResponseBytes": bytes, "fetchAll": true,
            }),
        )
        .await
        .concat();
        on_index.sort_unstable();
        assert_eq!(on_index, [0, 2, 4, 6, 8]);
    }
}

#[tokio::test]
async fn the_environment_can_set_the_size_limit() {
    let harness = Harness::with(|builder| builder.env("MAX_RESPONSE_BYTES", "1500")).await;
    harness.table("Tab", true).await;
    for at in 0..10 {
        harness.put("Tab", json!({"id": "a", "at": at, "text": "x".repeat(200)})).await;
    }
    let answer = harness.ok("query-items", query(&json!({}))).await;
    assert!(answer.to_string().len() <= 1_500);
    assert!(answer["data"]["LastEvaluatedKey"].is_object());
    let single = json!({"tableName": "Tab", "item": {"id": "b", "at": 1, "text": "x".repeat(1_600)}});
    harness.ok("create-item", single).await;
    let event = json!({"tableName": "Tab", "hashKeyValue": "b", "rangeKeyValue": 1});
    let error = harness.err("get-item", event.clone()).await;
    assert_eq!(error.error_type, "ResponseTooLarge");
    assert!(error.error_message.contains("more than the 1500 allowed"), "{error:?}");
    assert!(!error.error_message.contains("took effect"), "{error:?}");
    let mut update = event;
    update["set"] = json!({"n": 1});
    harness
        .refuses("update-item", update, "ResponseTooLarge", &["took effect all the same: DynamoDB UpdateItem"])
        .await;
    let event =
        json!({"tableName": "Tab", "keyConditionExpression": "id = :b", "expressionAttributeValues": {":b": "b"}});
    harness.refuses("query-items", event, "ResponseTooLarge", &["one item makes an answer of"]).await;
}

#[tokio::test]
async fn rejects_invalid_queries() {
    let harness = harness_with_items().await;
    for (event, message) in [
        (json!({"tableName": "Tab"}), "`keyConditionExpression`: required input is missing"),
        (
            query(&json!({"queryParameters": {"Lmit": 1}})),
            "`queryParameters.Lmit`: unknown input; the nearest is `Limit`",
        ),
        (
            query(&json!({"queryParameters": {"KeyConditions": {}}})),
            "`queryParameters.KeyConditions`: a legacy parameter, which cannot go with expressions; use `KeyConditionExpression`",
        ),
        (
            query(&json!({"queryParameters": {"ExpressionAttributeValues": {":c": "red"}}})),
            "`queryParameters.ExpressionAttributeValues.:c`: `\"red\"` is not a typed value",
        ),
        (query(&json!({"exclusiveStartKey": {"id": "a"}})), "`exclusiveStartKey.id`: `\"a\"` is not a typed value"),
        (query(&json!({"select": "ALL"})), "`select`: `\"ALL\"` is not one of"),
        (query(&json!({"limit": -1})), "`limit`: `-1` is not a whole number from 1"),
        (
            query(&json!({"maxResponseBytes": 6_291_557})),
            "`maxResponseBytes`: `6291557` is not a whole number from 1 to 6291556",
        ),
        (
            query(&json!({"expressionAttributeValues": {":x": 1}})),
            "`expressionAttributeValues.:x`: used by no expression",
        ),
        (query(&json!({"filterExpression": "color = :c"})), "`filterExpression`: uses `:c`"),
    ] {
        harness.refuses("query-items", event, "InvalidInput", &[message]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
    harness
        .refuses("query-items", query(&json!({"indexName": "none"})), "ValidationException", &["Query", "table `Tab`"])
        .await;
}

/// The next page is requested while one is written, but only if it is certainly needed, because reading it costs
/// capacity.
#[tokio::test]
async fn requests_no_page_that_is_not_needed() {
    let harness = harness_with_items().await;
    let page = harness.ok("query-items", query(&json!({"limit": 5}))).await.to_string();
    harness.proxy().take_seen();
    for (more, expected, queries) in [
        (json!({"limit": 5, "maxResponseBytes": page.len() + 20}), 5, 1),
        (json!({"limit": 4, "maxResponseBytes": 6_000}), 10, 3),
        (json!({"limit": 2, "maxItems": 4}), 4, 2),
        (json!({"limit": 2, "maxItems": 3}), 3, 2),
    ] {
        let mut event = query(&more);
        event["fetchAll"] = true.into();
        let answer = harness.ok("query-items", event).await;
        assert_eq!(harness.proxy().take_operations().len(), queries, "{more}");
        let items = answer["data"]["Items"].as_array().unwrap().len();
        assert_eq!(items, expected, "{more}: {answer}");
        assert_eq!(answer["data"].get("LastEvaluatedKey").is_some(), items < 10, "{more}");
    }
}

#[tokio::test]
async fn a_page_that_fails_while_another_is_written_fails_the_query() {
    let harness = harness_with_items().await;
    let page = r#"{"Items":[{"id":{"S":"a"},"at":{"N":"0"}}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"id":{"S":"a"},"at":{"N":"0"}}}"#;
    harness.proxy().next("Query", Canned::Answer(200, page.into()));
    harness.proxy().next("Query", Canned::error(400, "AccessDeniedException"));
    harness.refuses("query-items", query(&json!({"fetchAll": true})), "AccessDeniedException", &["canned"]).await;
    // In the opposite case, the page being written is broken and the next one is valid.
    let broken = page.replace(r#"{"N":"0"}}],"#, r#"{"N":0}}],"#);
    harness.proxy().next("Query", Canned::Answer(200, broken));
    let event = query(&json!({"fetchAll": true}));
    harness.refuses("query-items", event, "ConnectionFailed", &["DynamoDB's answer is broken", "at byte"]).await;
}
