use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

/// The tables `Tab` (`id`) and `Ran` (`id`, `at`).
async fn harness() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.table("Ran", true).await;
    harness
}

/// An item, or null.
async fn item(harness: &Harness, table: &str, key: Value) -> Value {
    let event = json!({"tableName": table, "key": key, "consistentRead": true, "outputFormat": "plain"});
    harness.ok("get-item", event).await["data"]["result"].get("Item").cloned().unwrap_or_default()
}

fn event(actions: impl Into<Value>) -> Value {
    let actions: Value = actions.into();
    json!({"actions": actions})
}

#[tokio::test]
async fn every_action_has_the_comfort_of_its_single_counterpart() {
    let harness = harness().await;
    harness.put("Tab", json!({"id": "u", "n": 1, "old": true, "tags": ["x"], "version": 3})).await;
    harness.put("Tab", json!({"id": "checked", "version": 7, "status": "open"})).await;
    harness.put("Ran", json!({"id": "d", "at": 1, "name": "gone"})).await;
    harness.put("Ran", json!({"id": "u", "at": 2, "n": 1})).await;
    harness.proxy().take_seen();
    let actions = json!([
        {"put": {
            "tableName": "Tab", "expectedVersion": null,
            "item": [{"key": "id", "value": "p"}, {"key": "size", "value": "12.50"}, {"key": "colors", "value": ["a", "b"]}],
            "itemTypes": {"size": "N", "colors": "SS"}, "conditionExpression": "attribute_not_exists(name)",
        }},
        {"update": {
            "tableName": "Tab", "hashKeyValue": "u", "add": {"n": 2}, "set": {"address.city": "x", "name": "Ann"},
            "remove": "old", "append": {"tags": ["y"]}, "expectedVersion": 3, "returnValues": "NONE",
        }},
        {"update": {
            "tableName": "Ran", "value": "u", "sortKeyValue": "2", "query": "SET status = :s, n = n + :n",
            "queryParams": {":s": "open", ":n": "4"}, "queryParamTypes": {":n": "N"},
        }},
        {"delete": {
            "tableName": "Ran", "key": {"id": "d", "at": "1"}, "keyTypes": {"at": "N"},
            "conditionExpression": "name = :n", "expressionAttributeValues": {":n": "gone"},
        }},
        {"check": {
            "tableName": "Tab", "hashKeyValue": "checked", "conditionExpression": "#s = :o", "expectedVersion": 7,
            "expressionAttributeNames": {"#s": "status"}, "expressionAttributeValues": {":o": "open"},
        }},
    ]);
    // A map must be there before one of its members is set.
    harness.ok("update-item", json!({"tableName": "Tab", "value": "u", "set": {"address": {}}})).await;
    harness.proxy().take_seen();
    let answer = harness.ok("transact-write-items", event(actions)).await;
    assert_eq!(answer["data"]["$metadata"]["httpStatusCode"], 200);
    let capacity = answer["data"]["ConsumedCapacity"].as_array().unwrap();
    assert_eq!(capacity.len(), 2, "one for each table: {answer}");
    let kinds: Vec<String> = harness.proxy().take_body("TransactWriteItems")["TransactItems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action.as_object().unwrap().keys().next().unwrap().clone())
        .collect();
    assert_eq!(kinds, ["Put", "Update", "Update", "Delete", "ConditionCheck"]);

    let mut put = item(&harness, "Tab", json!({"id": "p"})).await;
    put["colors"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
    assert_eq!(put["colors"], json!(["a", "b"]));
    assert_eq!((put["size"].to_string().parse::<f64>().unwrap(), &put["version"]), (12.5, &json!(1)));
    assert_eq!(
        item(&harness, "Tab", json!({"id": "u"})).await,
        json!({"id": "u", "n": 3, "address": {"city": "x"}, "name": "Ann", "tags": ["x", "y"], "version": 4})
    );
    assert_eq!(
        item(&harness, "Ran", json!({"id": "u", "at": 2})).await,
        json!({"id": "u", "at": 2, "n": 5, "status": "open"})
    );
    assert_eq!(item(&harness, "Ran", json!({"id": "d", "at": 1})).await, Value::Null);
    assert_eq!(item(&harness, "Tab", json!({"id": "checked"})).await["version"], 7);
}

#[tokio::test]
async fn values_may_be_typed() {
    let harness = harness().await;
    let mut typed = event(json!([
        {"put": {"tableName": "Tab", "item": {"id": {"s": "a"}, "n": {"N": "1"}}}},
        {"update": {"tableName": "Tab", "hashKeyValue": {"S": "b"}, "set": {"x": {"Bool": true}}}},
    ]));
    typed["inputFormat"] = "typed".into();
    harness.ok("transact-write-items", typed).await;
    assert_eq!(item(&harness, "Tab", json!({"id": "b"})).await, json!({"id": "b", "x": true}));
}

#[tokio::test]
async fn a_refusal_names_each_action_and_shows_the_items_asked_for() {
    let harness = harness().await;
    harness.put("Tab", json!({"id": "a", "n": 1})).await;
    harness.put("Ran", json!({"id": "b", "at": 2, "n": 2})).await;
    let actions = json!([
        {"put": {"tableName": "Tab", "item": {"id": "new"}}},
        {"put": {
            "tableName": "Tab", "item": {"id": "a"}, "conditionExpression": "attribute_not_exists(id)",
            "returnItemOnConditionFailure": true,
        }},
        {"update": {"tableName": "Tab", "hashKeyValue": "c", "set": {"x": 1}}},
        {"check": {
            "tableName": "Ran", "hashKeyValue": "b", "rangeKeyValue": 2, "expectedVersion": 9,
            "returnItemOnConditionFailure": true,
        }},
        {"delete": {"tableName": "Tab", "hashKeyValue": "d", "conditionExpression": "attribute_exists(id)"}},
    ]);
    let mut asked = event(actions);
    asked["outputFormat"] = "plain".into();
    let error = harness.err("transact-write-items", asked).await;
    assert_eq!(error.error_type, "TransactionCanceledException", "{error:?}");
    let (message, items) = error.error_message.split_once(", the item: ").unwrap();
    let start = "the transaction was canceled and nothing was changed: `actions[1]`";
    let reason = ": ConditionalCheckFailed (The conditional request failed";
    assert!(message.starts_with(start) && message.contains(reason), "{message}");
    assert!(message.contains("(DynamoDB TransactWriteItems, region us-east-1, request id "), "{message}");
    let named: Vec<bool> = (0..5).map(|index| message.contains(&format!("`actions[{index}]`"))).collect();
    assert_eq!(named, [false, true, false, true, true], "{message}");
    assert_eq!(
        serde_json::from_str::<Value>(items).unwrap(),
        json!({"actions[1]": {"id": "a", "n": 1}, "actions[3]": {"id": "b", "at": 2, "n": 2}})
    );
    for id in ["new", "c"] {
        assert_eq!(item(&harness, "Tab", json!({"id": id})).await, Value::Null, "nothing was changed");
    }
}

#[tokio::test]
async fn of_items_that_are_too_large_for_the_error_only_the_keys_are_shown() {
    let harness = harness().await;
    for id in ["a", "b"] {
        harness.put("Tab", json!({"id": id, "text": "x".repeat(15_000)})).await;
    }
    let put = |id: &str| {
        json!({"put": {
            "tableName": "Tab", "item": {"id": id}, "conditionExpression": "attribute_not_exists(id)",
            "returnItemOnConditionFailure": true,
        }})
    };
    let error = harness.err("transact-write-items", event(json!([put("a"), put("b")]))).await;
    let (message, items) = error.error_message.split_once(", the item: ").unwrap();
    assert!(message.contains("the item of `actions[1]` is too large for this message, so only the key is shown"));
    let items: Value = serde_json::from_str(items).unwrap();
    assert_eq!(items["actions[1]"], json!({"id": {"S": "b"}}));
    assert_eq!(items["actions[0]"]["text"]["S"].as_str().unwrap().len(), 15_000);
}

#[tokio::test]
async fn only_conflicts_are_a_transaction_conflict() {
    let harness = harness().await;
    let two = event(json!([
        {"update": {"tableName": "Tab", "hashKeyValue": "a", "add": {"n": 1}}},
        {"update": {"tableName": "Tab", "hashKeyValue": "b", "add": {"n": 1}}},
    ]));
    let canceled = |first: &str, second: &str| {
        let reasons = json!([{"Code": first, "Message": "m"}, {"Code": second, "Message": "m"}]);
        let body = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "canceled",
            "CancellationReasons": reasons,
        });
        Canned::Answer(400, body.to_string())
    };
    harness.proxy().next("TransactWriteItems", canceled("None", "TransactionConflict"));
    let parts = ["`actions[1]`: TransactionConflict (m)"];
    harness.refuses("transact-write-items", two.clone(), "TransactionConflictException", &parts).await;
    harness.proxy().next("TransactWriteItems", canceled("TransactionConflict", "ConditionalCheckFailed"));
    let parts = ["`actions[0]`: TransactionConflict (m); `actions[1]`: ConditionalCheckFailed (m)"];
    harness.refuses("transact-write-items", two, "TransactionCanceledException", &parts).await;
}

#[tokio::test]
async fn a_token_makes_the_transaction_take_effect_once() {
    let harness = harness().await;
    let mut write = event(json!([{"update": {"tableName": "Tab", "hashKeyValue": "a", "add": {"n": 1}}}]));
    write["requestToken"] = "once".into();
    for _ in 0..2 {
        harness.ok("transact-write-items", write.clone()).await;
    }
    assert_eq!(item(&harness, "Tab", json!({"id": "a"})).await["n"], 1);
    write["actions"][0]["update"]["add"]["n"] = 2.into();
    harness.refuses("transact-write-items", write.clone(), "IdempotentParameterMismatchException", &[]).await;
    assert_eq!(item(&harness, "Tab", json!({"id": "a"})).await["n"], 1);
    write["requestToken"] = "auto".into();
    harness.proxy().take_seen();
    let invocation = harness.invoke("transact-write-items", write.to_string()).await;
    let body = harness.proxy().take_body("TransactWriteItems");
    assert_eq!(body["ClientRequestToken"], invocation.request_id.as_str());
}

#[tokio::test]
async fn sends_every_input() {
    let harness = harness().await;
    let mut write = event(json!([{"put": {"tableName": "Tab", "item": {"id": "a"}}}]));
    write["returnConsumedCapacity"] = "INDEXES".into();
    write["returnItemCollectionMetrics"] = "SIZE".into();
    harness.ok("transact-write-items", write.clone()).await;
    let body = harness.proxy().take_body("TransactWriteItems");
    assert_eq!(
        (&body["ReturnConsumedCapacity"], &body["ReturnItemCollectionMetrics"]),
        (&json!("INDEXES"), &json!("SIZE"))
    );
    write["returnConsumedCapacity"] = "NONE".into();
    write["actions"] = write["actions"].to_string().into();
    let answer = harness.ok("transact-write-items", write).await;
    assert_eq!(answer["data"].get("ConsumedCapacity"), None);
}

#[tokio::test]
async fn two_actions_on_one_item_are_found_before_the_call() {
    let harness = harness().await;
    harness.ok("create-table", json!({
        "tableName": "Num", "attributeDefinitions": [{"AttributeName": "k", "AttributeType": "N"}],
        "keySchema": [{"AttributeName": "k", "KeyType": "HASH"}], "billingMode": "PAY_PER_REQUEST", "waitUntilActive": true,
    }))
    .await;
    let arn = harness.ok("describe-table", json!({"tableName": "Tab"})).await["data"]["Table"]["TableArn"].clone();
    let put = |table: &str, item: Value| json!({"put": {"tableName": table, "item": item}});
    let delete = |table: Value, key: Value| json!({"delete": {"tableName": table, "hashKeyValue": key}});
    for (first, second, kinds) in [
        (put("Num", json!({"k": 1})), put("Num", json!({"k": 1.0, "x": 1})), ("put", "put")),
        (put("Num", json!({"k": 10})), delete("Num".into(), "1e1".into()), ("put", "delete")),
        (
            delete("Num".into(), json!(1)),
            json!({"check": {
                "tableName": "Num", "key": {"k": 1.00}, "conditionExpression": "attribute_exists(k)",
            }}),
            ("delete", "check"),
        ),
        (delete("Tab".into(), "a".into()), delete(arn, "a".into()), ("delete", "delete")),
    ] {
        let other = put("Tab", json!({"id": "other"}));
        harness.proxy().take_seen();
        let message = format!("`actions[2].{}`: the same item of table `", kinds.1);
        let rest = format!("as `actions[0].{}`", kinds.0);
        harness
            .refuses("transact-write-items", event(json!([first, other, second])), "InvalidInput", &[&message, &rest])
            .await;
        assert!(harness.proxy().take_operations().iter().all(|operation| operation == "DescribeTable"));
    }
    let different =
        json!([put("Tab", json!({"id": "1"})), put("Num", json!({"k": 1})), put("Tab", json!({"id": "1.0"}))]);
    harness.ok("transact-write-items", event(different)).await;
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[tokio::test]
async fn rejects_invalid_actions_before_the_call_with_their_path() {
    let harness = harness().await;
    // The key schemas are remembered, so that no case needs a call.
    for (table, key) in [("Tab", json!({"value": "a"})), ("Ran", json!({"value": "a", "sortKeyValue": 1}))] {
        let mut event = key;
        event["tableName"] = table.into();
        harness.ok("get-item", event.clone()).await;
        harness.ok("transact-write-items", json!({"actions": [{"delete": event}]})).await;
    }
    harness.proxy().take_seen();
    let put = |more: Value| {
        let mut put = json!({"tableName": "Tab", "item": {"id": "a"}});
        put.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([{"put": put}])
    };
    let update = |more: Value| {
        let mut update = json!({"tableName": "Tab", "hashKeyValue": "a"});
        update.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([{"delete": {"tableName": "Tab", "hashKeyValue": "b"}}, {"update": update}])
    };
    let many: Vec<Value> =
        (0..101).map(|n| json!({"put": {"tableName": "Tab", "item": {"id": n.to_string()}}})).collect();
    for (actions, message) in [
        (json!([]), "`actions`: an empty list; give 1 to 100"),
        (Value::Null, "`actions`: required input is missing"),
        (json!({"put": {}}), "`actions`: `{\"put\":{}}` is not a list"),
        (Value::Array(many), "`actions`: a list of 101; a transaction takes 100, make several"),
        (json!([{}]), "`actions[0]`: holds nothing; an action is one of `put`, `update`, `delete`, `check`"),
        (json!([{"put": {}}]), "`actions[0]`: holds nothing; "),
        (
            json!([{"put": {"tableName": "Tab", "item": {"id": "a"}}, "delete": {"tableName": "Tab", "key": {"id": "a"}}}]),
            "`actions[0]`: holds `put` and `delete`; an action is one of ",
        ),
        (json!([{"upsert": {}}]), "`actions[0].upsert`: unknown input; the nearest is `put`"),
        (json!([7]), "`actions[0]`: `7` is not an object"),
        (
            put(json!({"conditionExpresion": "x"})),
            "`actions[0].put.conditionExpresion`: unknown input; the nearest is ",
        ),
        (put(json!({"connection": {"type": "role"}})), "`actions[0].put.connection`: unknown input"),
        (put(json!({"item": null})), "`actions[0].put.item`: required input is missing"),
        (put(json!({"itemTypes": {"id": "N"}})), "`actions[0].put.item.id`: `\"a\"` is not a number"),
        (put(json!({"itemTypes": {"x": "N"}})), "`actions[0].put.itemTypes.x`: "),
        (
            put(json!({"item": {"id": "a", "t": "x".repeat(410_000)}})),
            "`actions[0].put.item`: the item has 410004 bytes",
        ),
        (put(json!({"returnValues": "ALL_OLD"})), "`actions[0].put.returnValues`: a transaction returns no attributes"),
        (put(json!({"requestToken": "t"})), "`actions[0].put.requestToken`: a transaction has one token"),
        (
            put(json!({"returnConsumedCapacity": "TOTAL"})),
            "`actions[0].put.returnConsumedCapacity`: a transaction reports",
        ),
        (
            put(json!({"returnItemCollectionMetrics": "SIZE"})),
            "`actions[0].put.returnItemCollectionMetrics`: a transaction reports",
        ),
        (
            put(json!({"conditionExpression": "x = :x"})),
            "`actions[0].put.conditionExpression`: uses `:x`, not given in `expressionAttributeValues`",
        ),
        (
            put(json!({"expressionAttributeValues": {":x": 1}})),
            "`actions[0].put`: `expressionAttributeValues.:x`: used by no expression",
        ),
        (
            update(json!({"set": {"age": "x"}, "setTypes": {"age": "N"}})),
            "`actions[1].update.set.age`: `\"x\"` is not a number",
        ),
        (update(json!({"returnValues": "ALL_NEW", "set": {"x": 1}})), "`actions[1].update.returnValues`: "),
        (update(json!({})), "`actions[1].update`: nothing to update"),
        (update(json!({"conditionExpression": "attribute_exists(id)"})), "`actions[1].update`: nothing to update"),
        (
            update(json!({"set": {"x": 1}, "updateExpression": "SET y = x"})),
            "`actions[1].update.updateExpression`: give either",
        ),
        (
            update(json!({"set": {"x": 1}, "key": {"id": "a"}})),
            "`actions[1].update.key`: give either `key` or `hashKeyValue`",
        ),
        (
            json!([{"check": {"tableName": "Tab", "hashKeyValue": "a"}}]),
            "`actions[0].check.conditionExpression`: required input is missing",
        ),
        (
            json!([{"delete": {"tableName": "Ran", "hashKeyValue": "a"}}]),
            "`actions[0].delete`: your table has a range key, but you did not provide a range key value: table `Ran`",
        ),
        (
            json!([{"delete": {"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1}}]),
            "`actions[0].delete`: your table does not have a range key, but you provided one: table `Tab`",
        ),
        (
            json!([{"delete": {"tableName": "Ran", "hashKeyValue": "a", "rangeKeyValue": "x"}}]),
            "`actions[0].delete.rangeKeyValue`: `\"x\"` is not a number",
        ),
        (json!([{"delete": {"tableName": "Tab"}}]), "`actions[0].delete.hashKeyValue`: required input is missing"),
        (json!([{"delete": {"hashKeyValue": "a"}}]), "`actions[0].delete.tableName`: required input is missing"),
    ] {
        harness.refuses("transact-write-items", event(actions), "InvalidInput", &[message]).await;
    }
    harness
        .refuses(
            "transact-write-items",
            json!({"actions": put(json!({})), "requestToken": "x".repeat(37)}),
            "InvalidInput",
            &["`requestToken`: "],
        )
        .await;
    let seen = harness.proxy().take_operations();
    assert!(seen.iter().all(|operation| operation == "DescribeTable"), "{seen:?}");
}

#[tokio::test]
async fn more_than_4_mb_is_refused_before_the_call() {
    let harness = harness().await;
    harness.proxy().take_seen();
    let text = "x".repeat(390_000);
    let actions: Vec<Value> = (0..11)
        .map(|number| match number % 2 {
            0 => json!({"put": {"tableName": "Tab", "item": {"id": number.to_string(), "text": text}}}),
            _ => json!({"update": {"tableName": "Tab", "hashKeyValue": number.to_string(), "set": {"text": text}}}),
        })
        .collect();
    let message = "bytes; a transaction takes 4194304 bytes (4 MB), make several";
    let all = event(Value::Array(actions.clone()));
    harness.refuses("transact-write-items", all, "InvalidInput", &["`actions`: the actions have 429", message]).await;
    assert!(harness.proxy().take_seen().is_empty());
    harness.ok("transact-write-items", event(Value::Array(actions[..10].to_vec()))).await;
}

#[tokio::test]
async fn a_table_that_was_made_anew_with_another_key_is_found() {
    let harness = harness().await;
    let write = event(json!([
        {"update": {"tableName": "Ran", "hashKeyValue": "a", "rangeKeyValue": 1, "set": {"x": 1}}},
        {"put": {"tableName": "Tab", "item": {"id": "a"}}},
    ]));
    harness.ok("transact-write-items", write.clone()).await;
    harness.ok("delete-table", json!({"tableName": "Ran", "waitUntilDeleted": true})).await;
    harness.table("Ran", false).await;
    let error = harness.err("transact-write-items", write).await;
    assert!(error.error_message.starts_with("`actions[0].update`: your table does not have a range key"), "{error:?}");
    let write = event(json!([{"update": {"tableName": "Ran", "hashKeyValue": "a", "set": {"x": 1}}}]));
    harness.ok("transact-write-items", write.clone()).await;
    harness.ok("delete-table", json!({"tableName": "Ran", "waitUntilDeleted": true})).await;
    harness
        .ok(
            "create-table",
            json!({
                "tableName": "Ran", "attributeDefinitions": [{"AttributeName": "other", "AttributeType": "S"}],
                "keySchema": [{"AttributeName": "other", "KeyType": "HASH"}], "billingMode": "PAY_PER_REQUEST",
                "waitUntilActive": true,
            }),
        )
        .await;
    harness.ok("transact-write-items", write).await;
    assert_eq!(item(&harness, "Ran", json!({"other": "a"})).await, json!({"other": "a", "x": 1}));
}

#[tokio::test]
async fn a_table_that_does_not_exist_is_named_among_many() {
    let harness = harness().await;
    let write = |last: Value| event(json!([{"put": {"tableName": "Tab", "item": {"id": "a"}}}, last]));
    for (last, place) in [
        (json!({"delete": {"tableName": "Gone", "hashKeyValue": "a"}}), "`actions[1].delete`: "),
        (json!({"delete": {"tableName": "Gone", "key": {"id": "a"}}}), "`actions[1].delete`: "),
        (json!({"put": {"tableName": "Gone", "item": {"id": "a"}}}), "`actions[1].put`: "),
    ] {
        let parts = [place, "table `Gone`"];
        harness.refuses("transact-write-items", write(last), "ResourceNotFoundException", &parts).await;
    }
    assert_eq!(item(&harness, "Tab", json!({"id": "a"})).await, Value::Null);
}

/// DynamoDB itself finds what the function cannot know.
#[tokio::test]
async fn an_action_that_dynamodb_refuses_is_named_by_its_index() {
    let harness = harness().await;
    harness.put("Tab", json!({"id": "a", "n": "text"})).await;
    let write = event(json!([
        {"put": {"tableName": "Ran", "item": {"id": "a", "at": 1}}},
        {"update": {"tableName": "Tab", "hashKeyValue": "a", "add": {"n": 1}}},
    ]));
    let error = harness.err("transact-write-items", write).await;
    match error.error_type.as_str() {
        "TransactionCanceledException" => {
            assert!(error.error_message.contains("`actions[1]`: ValidationError ("), "{error:?}");
        }
        // DynamoDB Local refuses the whole request.
        error_type => assert_eq!(error_type, "ValidationException"),
    }
    assert_eq!(item(&harness, "Ran", json!({"id": "a", "at": 1})).await, Value::Null);
}

/// DynamoDB does not always say which action has a wrong key.
#[tokio::test]
async fn a_key_that_is_not_whole_is_named() {
    let harness = harness().await;
    for (action, place) in [
        (json!({"delete": {"tableName": "Ran", "key": {"id": "a"}}}), "`actions[1]"),
        (json!({"delete": {"tableName": "Tab", "key": {"id": "a", "at": 1}}}), "`actions[1]"),
        (json!({"update": {"tableName": "Tab", "key": {"ID": "a"}, "set": {"x": 1}}}), "`actions[1]"),
        (json!({"put": {"tableName": "Ran", "item": {"id": "a"}}}), "`actions[1]"),
        (json!({"put": {"tableName": "Ran", "item": {"id": "a", "at": "text"}}}), "`actions[1]"),
    ] {
        let write = event(json!([{"put": {"tableName": "Tab", "item": {"id": "first"}}}, action]));
        let error = harness.err("transact-write-items", write).await;
        assert!(
            ["ValidationException", "TransactionCanceledException"].contains(&error.error_type.as_str()),
            "{error:?}"
        );
        assert!(error.error_message.contains(place), "{error:?}");
        assert_eq!(item(&harness, "Tab", json!({"id": "first"})).await, Value::Null);
    }
    let invalid = Canned::Answer(400, json!({"__type": "x#ValidationException", "message": "wrong"}).to_string());
    harness.proxy().next("TransactWriteItems", invalid);
    let write = event(json!([
        {"put": {"tableName": "Tab", "item": {"id": "first"}}},
        {"delete": {"tableName": "Ran", "key": {"id": "a"}}},
    ]));
    let parts = ["`actions[1].delete.key`: the key of table `Ran` is `id` and `at`; DynamoDB says: wrong"];
    harness.refuses("transact-write-items", write, "ValidationException", &parts).await;
}
