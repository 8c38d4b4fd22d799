use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

/// Items 0 to 249 of the table `Tab`, whose key is `id` alone.
async fn harness_with_items() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let items: Vec<Value> = (0..250).map(|n| json!({"id": format!("i{n}"), "n": n, "text": "x".repeat(20)})).collect();
    harness.ok("batch-write-items", json!({"tableName": "Tab", "put": items})).await;
    harness.proxy().take_seen();
    harness
}

fn numbers(items: &Value) -> Vec<u64> {
    items.as_array().unwrap().iter().map(|item| item["n"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn answers_in_the_order_of_the_keys() {
    let harness = harness_with_items().await;
    let wanted: Vec<u64> = (0..250).map(|n| n * 7 % 250).collect();
    let mut keys: Vec<Value> = wanted.iter().map(|n| json!(format!("i{n}"))).collect();
    keys.insert(3, json!("none"));
    keys.insert(100, json!({"id": "i0"}));
    keys.push(json!([{"key": "id", "value": "nothing"}]));
    let answer = harness.ok("batch-get-items", json!({"tableName": "Tab", "keys": keys})).await;
    let mut expected = wanted;
    expected.insert(99, 0);
    assert_eq!(numbers(&answer["data"]["Items"]), expected);
    assert_eq!(answer["data"]["NotFound"], json!(["none", [{"key": "id", "value": "nothing"}]]));
    assert_eq!(answer["data"]["Unprocessed"], json!([]));
    assert_eq!(answer["data"]["ConsumedCapacity"][0]["TableName"], "Tab");
    // 252 different keys: a key that is given twice is asked for once.
    let seen = harness.proxy().take_seen();
    let asked: Vec<usize> = seen
        .iter()
        .filter(|seen| seen.operation == "BatchGetItem")
        .map(|seen| {
            let body: Value = serde_json::from_str(&seen.text()).unwrap();
            body["RequestItems"]["Tab"]["Keys"].as_array().unwrap().len()
        })
        .collect();
    assert_eq!((asked.len(), asked.iter().sum::<usize>()), (3, 252));
    assert_eq!(answer["data"]["$metadata"]["attempts"], 3);
}

#[tokio::test]
async fn keys_are_typed_by_the_tables_schema() {
    let harness = Harness::new().await;
    harness.table("Ranged", true).await;
    harness.put("Ranged", json!({"id": "7", "at": 1.5, "color": "red"})).await;
    let found = json!([{"id": "7", "at": 1.5, "color": "red"}]);
    for (key, format) in [
        (json!({"id": "7", "at": 1.5}), "plain"),
        (json!({"id": 7, "at": "1.50"}), "plain"),
        (json!({"id": {"S": "7"}, "at": {"N": "1.5"}}), "typed"),
        (json!([{"key": "at", "value": "15e-1"}, {"key": "id", "value": "7"}]), "plain"),
    ] {
        let event = json!({"tableName": "Ranged", "keys": [key], "inputFormat": format});
        assert_eq!(harness.ok("batch-get-items", &event).await["data"]["Items"], found, "{event}");
    }
    // 1.5 and 1.50 are one key.
    let event = json!({"tableName": "Ranged", "keys": [{"id": "7", "at": 1.5}, {"id": "7", "at": "1.50"}]});
    assert_eq!(harness.ok("batch-get-items", &event).await["data"]["Items"].as_array().unwrap().len(), 2);
    let typed = json!({"tableName": "Ranged", "keys": [{"id": "7", "at": 1.5}], "outputFormat": "typed"});
    let items = &harness.ok("batch-get-items", &typed).await["data"]["Items"];
    assert_eq!(items[0]["at"], json!({"N": "1.5"}));
    harness.table("Plain", false).await;
    harness.put("Plain", json!({"id": "a"})).await;
    let event = json!({"tableName": "Plain", "keys": [{"S": "a"}, {"id": {"S": "a"}}], "inputFormat": "typed"});
    assert_eq!(harness.ok("batch-get-items", &event).await["data"]["Items"], json!([{"id": "a"}, {"id": "a"}]));
}

#[tokio::test]
async fn a_projection_needs_no_key() {
    let harness = harness_with_items().await;
    for (projection, names, expected) in [
        ("n", json!({}), json!([{"n": 3}, {"n": 2}])),
        ("id, n", json!({}), json!([{"id": "i3", "n": 3}, {"id": "i2", "n": 2}])),
        ("#n", json!({"#n": "id"}), json!([{"id": "i3"}, {"id": "i2"}])),
        ("nothing", json!({}), json!([{}, {}])),
        // A reserved word.
        ("Text, n", json!({}), json!([{"n": 3}, {"n": 2}])),
    ] {
        let event = json!({
            "tableName": "Tab", "keys": ["i3", "none", "i2"], "projectionExpression": projection,
            "expressionAttributeNames": names, "consistentRead": true,
        });
        let answer = harness.ok("batch-get-items", &event).await;
        assert_eq!(answer["data"]["Items"], expected, "{event}");
        assert_eq!(answer["data"]["NotFound"], json!(["none"]));
    }
}

#[tokio::test]
async fn several_tables_answer_in_their_order() {
    let harness = harness_with_items().await;
    harness.table("Ranged", true).await;
    harness.put("Ranged", json!({"id": "a", "at": 1})).await;
    let event = json!({"requests": [
        {"tableName": "Ranged", "keys": [{"id": "a", "at": 1}, {"id": "a", "at": 2}]},
        {"tableName": "Tab", "keys": ["i5", "i4"], "projectionExpression": "n"},
        {"tableName": "Tab", "keys": ["i5"], "projectionExpression": "id"},
    ]});
    let answer = harness.ok("batch-get-items", &event).await;
    assert_eq!(
        answer["data"]["Responses"],
        json!([
            {"Items": [{"id": "a", "at": 1}], "NotFound": [{"id": "a", "at": 2}], "Unprocessed": []},
            {"Items": [{"n": 5}, {"n": 4}], "NotFound": [], "Unprocessed": []},
            {"Items": [{"id": "i5"}], "NotFound": [], "Unprocessed": []},
        ])
    );
    // A call names each table once, so the third request has a call of its own.
    let operations = harness.proxy().take_operations();
    assert_eq!(operations.iter().filter(|operation| *operation == "BatchGetItem").count(), 2);
}

#[tokio::test]
async fn unprocessed_keys_are_asked_for_again() {
    let harness = harness_with_items().await;
    harness.ok("batch-get-items", json!({"tableName": "Tab", "keys": ["i0"]})).await;
    harness.proxy().take_seen();
    harness.proxy().next(
        "BatchGetItem",
        Canned::Answer(
            200,
            json!({
                "Responses": {"Tab": [{"id": {"S": "i1"}, "n": {"N": "1"}}]},
                "UnprocessedKeys": {"Tab": {"Keys": [{"id": {"S": "i2"}}, {"id": {"S": "i3"}}]}},
                "ConsumedCapacity": [{"TableName": "Tab", "CapacityUnits": 0.5}],
            })
            .to_string(),
        ),
    );
    let answer = harness.ok("batch-get-items", json!({"tableName": "Tab", "keys": ["i3", "i1", "i2"]})).await;
    assert_eq!(numbers(&answer["data"]["Items"]), [3, 1, 2]);
    assert_eq!(answer["data"]["$metadata"]["attempts"], 2);
    let seen = harness.proxy().take_seen();
    let second: Value = serde_json::from_str(&seen[1].text()).unwrap();
    assert_eq!(second["RequestItems"]["Tab"]["Keys"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_there_is_no_time_for_is_handed_back() {
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "n": 1})).await;
    for _ in 0..40 {
        let body =
            json!({"Responses": {}, "UnprocessedKeys": {"Tab": {"Keys": [{"id": {"S": "a"}}, {"id": {"S": "b"}}]}}});
        harness.proxy().next("BatchGetItem", Canned::Answer(200, body.to_string()));
    }
    let event = json!({"tableName": "Tab", "keys": ["b", {"id": "a"}]});
    let answer = harness.ok("batch-get-items", event).await;
    assert_eq!(answer["data"]["Items"], json!([]));
    assert_eq!(answer["data"]["Unprocessed"], json!(["b", {"id": "a"}]));
}

#[tokio::test]
async fn what_has_no_room_is_handed_back() {
    let harness = harness_with_items().await;
    let mut keys: Vec<Value> = (0..250).map(|n| json!(format!("i{n}"))).collect();
    let (mut got, mut rounds) = (Vec::new(), 0);
    while !keys.is_empty() {
        let event = json!({"tableName": "Tab", "keys": keys, "maxResponseBytes": 12_000});
        let answer = harness.ok("batch-get-items", event).await;
        assert!(answer.to_string().len() <= 12_000);
        got.extend(numbers(&answer["data"]["Items"]));
        keys = answer["data"]["Unprocessed"].as_array().unwrap().clone();
        rounds += 1;
        assert!(rounds < 20);
    }
    got.sort_unstable();
    assert_eq!(got, (0..250).collect::<Vec<_>>());
    assert!(rounds > 1);
    let event = json!({"tableName": "Tab", "keys": ["i1", "i2"], "maxResponseBytes": 4_150});
    harness.refuses("batch-get-items", event, "ResponseTooLarge", &["one item takes"]).await;
}

#[tokio::test]
async fn names_what_is_wrong() {
    let harness = harness_with_items().await;
    harness.table("Ranged", true).await;
    for (event, message) in [
        (json!({"tableName": "Tab"}), "`keys`: required input is missing"),
        (json!({"tableName": "Tab", "keys": []}), "`keys`: required input is missing"),
        (json!({"keys": ["a"]}), "`tableName`: required input is missing"),
        (json!({"requests": []}), "`tableName`: required input is missing"),
        (
            json!({"tableName": "Tab", "requests": [{"tableName": "Tab", "keys": ["a"]}]}),
            "`tableName`: does not go with `requests`",
        ),
        (
            json!({"keys": ["a"], "requests": [{"tableName": "Tab", "keys": ["a"]}]}),
            "`keys`: does not go with `requests`",
        ),
        (json!({"requests": [{"tableName": "Tab", "keys": []}]}), "`requests[0].keys`: required input is missing"),
        (json!({"requests": [{"tableName": "Tab", "keys": ["a"], "limit": 1}]}), "`requests[0].limit`: unknown input"),
        (
            json!({"requests": [{"tableName": "Tab", "keys": ["a"]}, {"tableName": "Ranged", "keys": [{"id": "a", "at": 1}, {"id": "a"}]}]}),
            "`requests[1].keys[1]`: lacks `at`; the table's key is `id` and `at`",
        ),
        (json!({"tableName": "Ranged", "keys": ["a"]}), "`keys[0]`: the table has the range key `at`"),
        (json!({"tableName": "Tab", "keys": ["a", ""]}), "`keys[1].id`: the value of the hash key `id` is empty"),
        (json!({"tableName": "Tab", "keys": ["a", null]}), "`keys[1]`: `null` is not"),
        (
            json!({"tableName": "Tab", "keys": [{"id": "a", "at": 1}]}),
            "`keys[0].at`: not of the table's key, which is `id`",
        ),
        (json!({"tableName": "Tab", "keys": [{"id": {"S": "a"}}]}), "`keys[0].id`: `{\"S\":\"a\"}` is not"),
        (json!({"tableName": "Ranged", "keys": [{"id": "a", "at": "x"}]}), "`keys[0].at`: `\"x\"` is not a number"),
        (
            json!({"tableName": "Tab", "keys": ["a"], "projectionExpression": "#x"}),
            "`projectionExpression`: uses `#x`, not given",
        ),
        (
            json!({"requests": [{"tableName": "Tab", "keys": ["a"], "expressionAttributeNames": {"#x": "y"}}]}),
            "`requests[0]`: `expressionAttributeNames.#x`: used by no expression",
        ),
    ] {
        harness.refuses("batch-get-items", event, "InvalidInput", &[message]).await;
    }
    assert!(!harness.proxy().take_operations().contains(&"BatchGetItem".to_owned()));
    let event = json!({"requests": [{"tableName": "Tab", "keys": ["i1"]}, {"tableName": "none", "keys": ["a"]}]});
    harness.refuses("batch-get-items", event, "ResourceNotFoundException", &["table `none`"]).await;
}

#[tokio::test]
async fn a_table_with_another_key_is_noticed() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a"})).await;
    let event = json!({"tableName": "Tab", "keys": [{"id": "a"}]});
    harness.ok("batch-get-items", &event).await;
    harness.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": true})).await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1})).await;
    let message = "`keys[0]`: lacks `at`";
    harness.refuses("batch-get-items", &event, "InvalidInput", &[message]).await;
    let event = json!({"tableName": "Tab", "keys": [{"id": "a", "at": 1}]});
    assert_eq!(harness.ok("batch-get-items", &event).await["data"]["Items"], json!([{"id": "a", "at": 1}]));
}

#[tokio::test]
async fn whole_keys_need_no_permission_to_describe_the_table() {
    let harness = harness_with_items().await;
    harness.proxy().next("DescribeTable", Canned::error(400, "AccessDeniedException"));
    let event = json!({"tableName": "Tab", "keys": [{"id": "i1"}, {"id": "i2"}], "keyTypes": {"id": "S"}});
    assert_eq!(numbers(&harness.ok("batch-get-items", &event).await["data"]["Items"]), [1, 2]);
    let harness = harness_with_items().await;
    harness.proxy().next("DescribeTable", Canned::error(400, "AccessDeniedException"));
    let event = json!({"tableName": "Tab", "keys": ["i1"]});
    harness.refuses("batch-get-items", &event, "AccessDeniedException", &["DescribeTable"]).await;
}
