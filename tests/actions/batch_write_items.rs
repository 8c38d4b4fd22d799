use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

async fn harness() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.table("Ranged", true).await;
    harness.proxy().take_seen();
    harness
}

/// The items of a table, by their `id`.
async fn all(harness: &Harness, table: &str) -> Vec<Value> {
    let answer = harness.ok("scan-items", json!({"tableName": table, "fetchAll": true})).await;
    let mut items = answer["data"]["Items"].as_array().unwrap().clone();
    items.sort_by_key(|item| item["id"].to_string());
    items
}

fn nothing_left(answer: &Value) {
    assert_eq!(answer["data"]["Unprocessed"], json!({"put": [], "delete": []}));
    assert_eq!(answer["data"]["Rejected"], json!([]));
}

#[tokio::test]
async fn puts_and_deletes_any_number_of_items() {
    let harness = harness().await;
    let items: Vec<Value> = (0..1_000).map(|n| json!({"id": format!("i{n:04}"), "n": n.to_string()})).collect();
    let event = json!({"tableName": "Tab", "put": items, "itemTypes": {"n": "N"}});
    let answer = harness.ok("batch-write-items", event).await;
    assert_eq!(answer["data"]["Written"], 1_000);
    assert_eq!(answer["data"]["Deleted"], 0);
    nothing_left(&answer);
    assert_eq!(answer["data"]["$metadata"]["attempts"], 40);
    assert_eq!(answer["data"]["ConsumedCapacity"], json!([{"TableName": "Tab", "CapacityUnits": 1_000}]));
    assert_eq!(all(&harness, "Tab").await[999], json!({"id": "i0999", "n": 999}));
    let keys: Vec<Value> = (0..999)
        .map(|n| if n % 2 == 0 { json!(format!("i{n:04}")) } else { json!({"id": format!("i{n:04}")}) })
        .collect();
    let event = json!({"tableName": "Tab", "delete": keys, "put": [{"id": "new"}]});
    let answer = harness.ok("batch-write-items", event).await;
    assert_eq!((&answer["data"]["Written"], &answer["data"]["Deleted"]), (&json!(1), &json!(999)));
    assert_eq!(all(&harness, "Tab").await, [json!({"id": "i0999", "n": 999}), json!({"id": "new"})]);
}

#[tokio::test]
async fn values_keep_their_types() {
    let harness = harness().await;
    let event = json!({
        "tableName": "Ranged",
        "put": [
            {"id": 7, "at": "1", "color": "red", "tags": ["a", "b"], "big": 12_345_678_901_234_567_890_u64},
            [{"key": "id", "value": "b"}, {"key": "at", "value": 2}, {"key": "bytes", "value": "aGk="}],
        ],
        "itemTypes": {"tags": "SS", "bytes": "B"},
        "returnConsumedCapacity": "INDEXES",
    });
    let answer = harness.ok("batch-write-items", event).await;
    assert_eq!(answer["data"]["Written"], 2);
    let scan = harness.ok("scan-items", json!({"tableName": "Ranged", "outputFormat": "typed"})).await;
    let items = scan["data"]["Items"].as_array().unwrap();
    let item = |id: &str| items.iter().find(|item| item["id"]["S"] == id).unwrap();
    // Key attributes have the types of the table, those of its indexes included.
    assert_eq!(item("7")["at"], json!({"N": "1"}));
    assert_eq!(item("7")["tags"], json!({"SS": ["a", "b"]}));
    assert_eq!(item("7")["big"], json!({"N": "12345678901234567890"}));
    assert_eq!(item("b")["bytes"], json!({"B": "aGk="}));
    let event = json!({
        "tableName": "Ranged", "inputFormat": "typed",
        "put": [{"id": {"S": "t"}, "at": {"N": "1"}, "l": {"L": []}}], "delete": [{"id": {"S": "b"}, "at": {"N": "2.0"}}],
    });
    let answer = harness.ok("batch-write-items", event).await;
    assert_eq!((&answer["data"]["Written"], &answer["data"]["Deleted"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn a_typed_key_in_a_plain_item_is_refused_and_not_stored_as_text() {
    let harness = harness().await;
    for (item, part) in [
        (json!({"id": {"S": "a"}}), "inputFormat"),
        (json!({"id": {"a": 1}}), "`put[0].id`"),
        (json!({"id": ["a"]}), "`put[0].id`"),
    ] {
        let event = json!({"tableName": "Tab", "put": [item]});
        harness.refuses("batch-write-items", event, "InvalidInput", &["put[0].id", part]).await;
    }
    let event = json!({"tableName": "Ranged", "put": [{"id": "a", "at": 1, "color": {"S": "red"}}]});
    harness.refuses("batch-write-items", event, "InvalidInput", &["put[0].color"]).await;
    assert!(all(&harness, "Tab").await.is_empty());
}

#[tokio::test]
async fn every_item_is_checked_before_the_first_is_sent() {
    let harness = harness().await;
    let deep = (0..32).fold(json!(1), |inner, _| json!([inner]));
    let good = |id: &str| json!({"id": id, "at": 1});
    for (more, message) in [
        (json!({"put": [good("a"), {"id": "b", "at": 1, "x": "y".repeat(410_000)}]}), "`put[1]`: the item has 410"),
        (json!({"put": [good("a"), {"id": "b", "at": 1, "x": deep}]}), "`put[1].x`: nested 33 levels deep"),
        (json!({"put": [good("a"), {"id": "b"}]}), "`put[1]`: lacks `at`; the table's key is `id` and `at`"),
        (json!({"put": [{"id": "", "at": 1}]}), "`put[0].id`: the value of the hash key `id` is empty"),
        (json!({"put": [{"id": "a", "at": "x"}]}), "`put[0].at`: `\"x\"` is not a number"),
        (
            json!({"put": [{"id": "a", "at": 1, "color": ""}]}),
            "`put[0].color`: the value of the index key `color` is empty",
        ),
        (json!({"put": [{"id": "a", "at": 1, "color": null}]}), "`put[0].color`: `null` is not"),
        (
            json!({"put": [{"id": "a", "at": 1, "color": ["x"]}], "itemTypes": {"color": "L"}}),
            "`put[0].color`: the index key `color` has the type S, and the value has L",
        ),
        (
            json!({"put": [{"id": "a", "at": 1, "n": "x"}], "itemTypes": {"n": "N"}}),
            "`put[0].n`: `\"x\"` is not a number",
        ),
        (json!({"put": [good("a")], "itemTypes": {"n": "N"}}), "`itemTypes.n`"),
        (json!({"put": [7]}), "`put[0]`: `7` is not"),
        (json!({"put": {"id": "a"}}), "`put`: "),
        (
            json!({"put": [{"id": "a".repeat(2_049), "at": 1}]}),
            "`put[0].id`: the value of the hash key `id` has 2049 bytes",
        ),
        (json!({"put": [good("a"), good("b"), {"id": "a", "at": "1.0"}]}), "`put[2]`: the same key as `put[0]`"),
        (json!({"put": [good("a")], "delete": [{"id": "a", "at": 1e0}]}), "`delete[0]`: the same key as `put[0]`"),
        (json!({"delete": ["a"]}), "`delete[0]`: the table has the range key `at`"),
        (json!({"delete": [{"id": "a", "at": 1, "x": 1}]}), "`delete[0].x`: not of the table's key"),
        (json!({"put": [], "delete": []}), "nothing to write"),
        (json!({}), "nothing to write"),
        (json!({"put": [good("a")], "onInvalid": "ignore"}), "`onInvalid`: `\"ignore\"` is not one of fail skip"),
        (
            json!({"put": [good("a")], "requests": [{"tableName": "Tab", "put": [{"id": "a"}]}]}),
            "does not go with `requests`",
        ),
        (json!({"item": {"id": "a"}}), "`item`: unknown input"),
    ] {
        let mut event = json!({"tableName": "Ranged"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        harness.refuses("batch-write-items", event, "InvalidInput", &[message]).await;
    }
    for (requests, message) in [
        (
            json!([{"tableName": "Tab", "put": [{"id": "a"}]}, {"tableName": "Ranged", "put": [good("a"), {"id": "b"}]}]),
            "`requests[1].put[1]`: lacks `at`",
        ),
        (
            json!([{"tableName": "Tab", "put": [{"id": "a"}]}, {"tableName": "arn:aws:dynamodb:us-east-1:123456789012:table/Tab", "delete": ["a"]}]),
            "",
        ),
        (
            json!([{"tableName": "Tab", "put": [{"id": "a"}]}, {"tableName": "Tab", "delete": ["a"]}]),
            "`requests[1].delete[0]`: the same key as `requests[0].put[0]`",
        ),
        (json!([{"tableName": "Tab"}]), "`requests[0]`: nothing to write"),
        (json!([{"put": [{"id": "a"}]}]), "`requests[0].tableName`: required input is missing"),
    ] {
        if !message.is_empty() {
            harness.refuses("batch-write-items", json!({"requests": requests}), "InvalidInput", &[message]).await;
        }
    }
    assert!(!harness.proxy().take_operations().contains(&"BatchWriteItem".to_owned()));
}

#[tokio::test]
async fn an_item_that_is_too_large_is_named_wherever_it_is() {
    let harness = harness().await;
    let mut items: Vec<Value> = (0..10_000).map(|n| json!({"id": format!("i{n}")})).collect();
    items[7_312]["text"] = "x".repeat(401 * 1_024).into();
    let event = json!({"tableName": "Tab", "put": items});
    harness.refuses("batch-write-items", event, "InvalidInput", &["`put[7312]`: the item has 410", "bytes"]).await;
    assert!(!harness.proxy().take_operations().contains(&"BatchWriteItem".to_owned()));
}

#[tokio::test]
async fn invalid_items_can_be_skipped_and_the_last_duplicate_can_win() {
    let harness = harness().await;
    let event = json!({
        "tableName": "Tab", "onInvalid": "skip", "onDuplicate": "lastWins",
        "put": [{"id": "a", "n": 1}, {"n": 2}, {"id": "b", "n": 3}, {"id": "a", "n": 4}, {"id": 5, "n": {"x": []}}],
        "delete": ["b", ["odd"], "c"],
    });
    let answer = harness.ok("batch-write-items", event).await;
    let data = &answer["data"];
    assert_eq!((&data["Written"], &data["Deleted"], &data["Superseded"]), (&json!(2), &json!(2), &json!(2)));
    assert_eq!(data["Rejected"][0]["index"], 1);
    assert_eq!(data["Rejected"][0]["list"], "put");
    assert_eq!(data["Rejected"][0]["errorMessage"], "`put[1]`: lacks `id`; the table's key is `id`");
    assert_eq!((&data["Rejected"][1]["index"], &data["Rejected"][1]["list"]), (&json!(1), &json!("delete")));
    assert_eq!(data["Rejected"].as_array().unwrap().len(), 2);
    assert_eq!(all(&harness, "Tab").await, [json!({"id": "5", "n": {"x": []}}), json!({"id": "a", "n": 4})]);
}

#[tokio::test]
async fn several_tables_at_once() {
    let harness = harness().await;
    let event = json!({"requests": [
        {"tableName": "Tab", "put": [{"id": "a", "n": "1"}, {"id": "b"}], "itemTypes": {"n": "N"}},
        {"tableName": "Ranged", "put": [{"id": "a", "at": 1}], "delete": [{"id": "b", "at": 1}]},
        {"tableName": "Tab", "delete": ["c"]},
    ]});
    let answer = harness.ok("batch-write-items", event).await;
    assert_eq!((&answer["data"]["Written"], &answer["data"]["Deleted"]), (&json!(3), &json!(2)));
    assert_eq!(answer["data"]["Unprocessed"], json!([]));
    assert_eq!(harness.proxy().take_operations().iter().filter(|operation| *operation == "BatchWriteItem").count(), 1);
    assert_eq!(all(&harness, "Tab").await, [json!({"id": "a", "n": 1}), json!({"id": "b"})]);
    assert_eq!(all(&harness, "Ranged").await.len(), 1);
}

#[tokio::test]
async fn unprocessed_writes_are_sent_again() {
    let harness = harness().await;
    let put = |id: &str| json!({"PutRequest": {"Item": {"id": {"S": id}, "n": {"N": "1"}}}});
    let body = json!({"UnprocessedItems": {"Tab": [put("b"), {"DeleteRequest": {"Key": {"id": {"S": "d"}}}}]}});
    harness.proxy().next("BatchWriteItem", Canned::Answer(200, body.to_string()));
    let event = json!({"tableName": "Tab", "put": [{"id": "a", "n": 1}, {"id": "b", "n": 1}], "delete": ["d"]});
    let answer = harness.ok("batch-write-items", event).await;
    assert_eq!((&answer["data"]["Written"], &answer["data"]["Deleted"]), (&json!(2), &json!(1)));
    nothing_left(&answer);
    let seen = harness.proxy().take_seen();
    let sent: Vec<usize> = seen
        .iter()
        .filter(|seen| seen.operation == "BatchWriteItem")
        .map(|seen| {
            let body: Value = serde_json::from_str(&seen.text()).unwrap();
            body["RequestItems"]["Tab"].as_array().unwrap().len()
        })
        .collect();
    assert_eq!(sent, [3, 2]);
}

#[tokio::test]
async fn what_there_is_no_time_for_comes_back_as_it_came() {
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    for _ in 0..40 {
        let put = json!({"PutRequest": {"Item": {"id": {"S": "b"}, "n": {"N": "1.50"}, "s": {"SS": ["x"]}}}});
        let body = json!({"UnprocessedItems": {"Tab": [put, {"DeleteRequest": {"Key": {"id": {"S": "d"}}}}]}});
        harness.proxy().next("BatchWriteItem", Canned::Answer(200, body.to_string()));
    }
    let item = json!({"id": "b", "n": "1.50", "s": ["x", "x"]});
    let event = json!({
        "tableName": "Tab", "put": [{"id": "a", "n": 1}, item], "delete": [{"id": "d"}], "itemTypes": {"n": "N", "s": "SS"},
    });
    let answer = harness.ok("batch-write-items", event).await;
    assert_eq!(answer["data"]["Written"], 1);
    assert_eq!(answer["data"]["Unprocessed"], json!({"put": [item], "delete": [{"id": "d"}]}));
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    harness.ok("batch-write-items", json!({"tableName": "Tab", "put": [{"id": "z"}]})).await;
    for _ in 0..100 {
        harness.proxy().next("BatchWriteItem", Canned::error(400, "ProvisionedThroughputExceededException"));
    }
    let requests = json!([{"tableName": "Tab", "put": [item], "delete": ["d"], "itemTypes": {"s": "SS", "n": "N"}}]);
    let answer = harness.ok("batch-write-items", json!({"requests": requests})).await;
    assert_eq!(answer["data"]["Unprocessed"], requests);
}

#[tokio::test]
async fn a_refusal_after_writes_says_how_many_were_made() {
    let harness = harness().await;
    harness.ok("batch-write-items", json!({"tableName": "Tab", "put": [{"id": "z"}]})).await;
    harness.proxy().next("BatchWriteItem", Canned::Answer(200, r#"{"UnprocessedItems": {}}"#.into()));
    for _ in 0..40 {
        harness.proxy().next("BatchWriteItem", Canned::error(400, "AccessDeniedException"));
    }
    let items: Vec<Value> = (0..500).map(|n| json!({"id": format!("i{n}")})).collect();
    let event = json!({"tableName": "Tab", "put": items});
    let parts = ["25 of 500 writes were made before it", "what came before it took effect"];
    harness.refuses("batch-write-items", event, "AccessDeniedException", &parts).await;
}

/// Whatever DynamoDB refuses: what is reported as written is written, all else is handed back, and handing it back until
/// nothing is left writes all.
#[tokio::test]
async fn handing_back_writes_everything_under_any_refusals() {
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    let mut left: Vec<Value> = (0..600).map(|n| json!({"id": format!("i{n}"), "n": n})).collect();
    let (mut written, mut rounds) = (0, 0);
    while !left.is_empty() {
        if rounds < 2 {
            for call in 0..60 {
                harness.proxy().next(
                    "BatchWriteItem",
                    match call % 4 {
                        0 => Canned::error(400, "ThrottlingException"),
                        1 => Canned::WrongChecksum,
                        2 => Canned::error(500, "InternalServerError"),
                        _ => Canned::error(400, "ProvisionedThroughputExceededException"),
                    },
                );
            }
        }
        let invocation =
            harness.invoke("batch-write-items", json!({"tableName": "Tab", "put": left}).to_string()).await;
        rounds += 1;
        assert!(rounds < 30, "{} left", left.len());
        // An error writes nothing, or does not know: all of it is given again.
        if invocation.error().is_some() {
            continue;
        }
        let answer: Value = serde_json::from_slice(&invocation.payload).unwrap();
        let unprocessed = answer["data"]["Unprocessed"]["put"].as_array().unwrap().clone();
        let reported = answer["data"]["Written"].as_u64().unwrap();
        assert_eq!(usize::try_from(reported).unwrap() + unprocessed.len(), left.len());
        let stored = all(&harness, "Tab").await;
        for item in left.iter().filter(|item| !unprocessed.contains(item)) {
            assert!(stored.contains(item), "{item} is reported as written");
        }
        written += reported;
        left = unprocessed;
    }
    assert_eq!(written, 600);
    assert_eq!(all(&harness, "Tab").await.len(), 600);
}

#[tokio::test]
async fn a_table_with_another_key_is_noticed() {
    let harness = harness().await;
    harness.ok("batch-write-items", json!({"tableName": "Tab", "put": [{"id": "a"}]})).await;
    harness.ok("delete-table", json!({"tableName": "Tab", "waitUntilDeleted": true})).await;
    harness.table("Tab", true).await;
    let answer = harness.ok("batch-write-items", json!({"tableName": "Tab", "put": [{"id": "a", "at": "1"}]})).await;
    assert_eq!(answer["data"]["Written"], 1);
    let event = json!({"tableName": "Tab", "put": [{"id": "b"}]});
    harness.refuses("batch-write-items", event, "InvalidInput", &["`put[0]`: lacks `at`"]).await;
}

#[tokio::test]
async fn all_must_fit_into_the_answer() {
    let harness = Harness::with(|builder| builder.env("MAX_RESPONSE_BYTES", "5000")).await;
    harness.table("Tab", false).await;
    let items: Vec<Value> = (0..100).map(|n| json!({"id": format!("i{n}")})).collect();
    let event = json!({"tableName": "Tab", "put": items});
    harness.refuses("batch-write-items", event, "InvalidInput", &["hands everything back", "MAX_RESPONSE_BYTES"]).await;
    assert!(!harness.proxy().take_operations().contains(&"BatchWriteItem".to_owned()));
}

#[tokio::test]
async fn a_budget_hands_back_what_it_has_no_time_for() {
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    let items: Vec<Value> = (0..500).map(|n| json!({"id": format!("i{n}")})).collect();
    let event = json!({"tableName": "Tab", "put": items, "maxCapacityPerSecond": 50});
    let answer = harness.ok("batch-write-items", event).await;
    let written = usize::try_from(answer["data"]["Written"].as_u64().unwrap()).unwrap();
    // Two seconds of 50 units, and the call that is sent at last.
    assert!((25..=125).contains(&written), "{written}");
    assert_eq!(answer["data"]["Unprocessed"]["put"].as_array().unwrap().len(), 500 - written);
    assert_eq!(all(&harness, "Tab").await.len(), written);
    let event = json!({"tableName": "Tab", "put": items, "maxCapacityPerSecond": 5, "returnConsumedCapacity": "none"});
    harness.refuses("batch-write-items", event, "InvalidInput", &["`maxCapacityPerSecond`"]).await;
}

#[tokio::test]
async fn empty_text_is_kept_or_left_out() {
    let harness = harness().await;
    let put = json!([{"id": "a", "age": "", "note": "", "deep": {"empty": ""}}, {"id": "b", "age": "7", "note": "x"}]);
    let event = json!({"tableName": "Tab", "put": put, "itemTypes": {"age": "N"}});
    harness.refuses("batch-write-items", event.clone(), "InvalidInput", &["`put[0].age`"]).await;

    let mut omitting = event;
    omitting["emptyValues"] = json!("omit");
    let answer = harness.ok("batch-write-items", omitting.clone()).await;
    assert_eq!(answer["data"]["Written"], 2);
    assert_eq!(
        all(&harness, "Tab").await,
        [json!({"id": "a", "deep": {"empty": ""}}), json!({"id": "b", "age": 7, "note": "x"})]
    );

    // An empty cell counts as a value of its type: a part of a file may have no other.
    omitting["put"] = json!([{"id": "c", "age": ""}]);
    assert_eq!(harness.ok("batch-write-items", omitting).await["data"]["Written"], 1);

    let keeping = json!({"tableName": "Tab", "put": [{"id": "d", "note": ""}], "emptyValues": "keep"});
    harness.ok("batch-write-items", keeping).await;
    assert_eq!(all(&harness, "Tab").await[3], json!({"id": "d", "note": ""}));

    let keyless = json!({"tableName": "Tab", "put": [{"id": "", "note": "x"}], "emptyValues": "omit"});
    harness.refuses("batch-write-items", keyless, "InvalidInput", &["`put[0]`", "`id`"]).await;
}

#[tokio::test]
async fn a_type_without_a_value_is_allowed_on_request() {
    let harness = harness().await;
    let event = json!({"tableName": "Tab", "put": [{"id": "a"}], "itemTypes": {"age": "N"}});
    harness.refuses("batch-write-items", event.clone(), "InvalidInput", &["`itemTypes.age`"]).await;
    let mut allowing = event.clone();
    allowing["unusedTypes"] = json!("allow");
    assert_eq!(harness.ok("batch-write-items", allowing).await["data"]["Written"], 1);

    // Items that were rejected before this attribute do not tell that it is missing.
    let rejected = json!({
        "tableName": "Tab", "put": [{"id": "a", "at": "x", "age": "1"}, {"id": "b", "at": "y", "age": "2"}],
        "itemTypes": {"at": "N", "age": "N"}, "onInvalid": "skip",
    });
    let answer = harness.ok("batch-write-items", rejected).await;
    assert_eq!(answer["data"]["Rejected"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_rejected_element_comes_back_with_its_reason() {
    let harness = harness().await;
    let big = "x".repeat(410_000);
    let event = json!({
        "tableName": "Tab", "onInvalid": "skip", "returnRejectedElements": true,
        "put": [{"id": "a"}, {"id": "b", "n": "1e400", "note": "\"quoted\""}, {"id": "c", "big": big}],
        "delete": [{"wrong": 1}],
        "itemTypes": {"n": "N"}, "unusedTypes": "allow",
    });
    let answer = harness.ok("batch-write-items", event.clone()).await;
    assert_eq!(answer["data"]["Written"], 1);
    let rejected = answer["data"]["Rejected"].as_array().unwrap();
    assert_eq!(rejected.len(), 3);
    for (entry, (list, index)) in rejected.iter().zip([("put", 1), ("put", 2), ("delete", 0)]) {
        assert_eq!((&entry["list"], &entry["index"]), (&json!(list), &json!(index)));
        assert_eq!(entry["element"], event[list][index]);
    }
    assert!(rejected[0]["errorMessage"].as_str().unwrap().contains("1e400"));
    assert!(rejected[1]["errorMessage"].as_str().unwrap().contains("400 KB"), "{}", rejected[1]["errorMessage"]);

    let mut without = event;
    without["returnRejectedElements"] = json!(false);
    without["put"][2]["big"] = json!("small");
    let answer = harness.ok("batch-write-items", without).await;
    assert_eq!(answer["data"]["Rejected"][0].get("element"), None);
}

#[tokio::test]
async fn names_from_a_file_in_another_encoding_are_explained() {
    let harness = harness().await;
    for (name, explained) in [("\u{feff}id", "byte order mark"), ("\0i\0d", "UTF-16")] {
        let event = json!({"tableName": "Tab", "put": [{name: "a", "n": "1"}], "onInvalid": "skip"});
        let answer = harness.ok("batch-write-items", event).await;
        let reason = answer["data"]["Rejected"][0]["errorMessage"].as_str().unwrap();
        assert!(reason.contains(explained), "{reason}");
    }
}

#[tokio::test]
async fn requests_get_their_settings_back_with_what_is_unprocessed() {
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    harness.ok("batch-write-items", json!({"tableName": "Tab", "put": [{"id": "z"}]})).await;
    for _ in 0..100 {
        harness.proxy().next("BatchWriteItem", Canned::error(400, "ProvisionedThroughputExceededException"));
    }
    let put = json!([{"id": "a", "note": ""}]);
    let requests = json!([{
        "tableName": "Tab", "put": put, "delete": [], "itemTypes": {"n": "N"}, "emptyValues": "omit", "unusedTypes": "allow",
    }]);
    let answer = harness.ok("batch-write-items", json!({"requests": requests})).await;
    assert_eq!(answer["data"]["Unprocessed"], requests);

    let event = json!({"requests": requests, "emptyValues": "omit"});
    harness.refuses("batch-write-items", event, "InvalidInput", &["`emptyValues`: does not go with `requests`"]).await;
}
