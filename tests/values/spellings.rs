//! The spellings of values that forms, flows and serializers send.

use serde_json::{Value, json};

use crate::harness::Harness;

/// The item in the `PutItem` request that `createItem` sends.
async fn sent(harness: &Harness, mut event: Value) -> Value {
    event["tableName"] = "Tab".into();
    event["item"]["id"] = if event["inputFormat"] == "typed" { json!({"S": "a"}) } else { "a".into() };
    harness.proxy().take_seen();
    harness.ok("create-item", event).await;
    let mut item = harness.proxy().take_body("PutItem")["Item"].take();
    item.as_object_mut().unwrap().remove("id");
    item
}

/// The component accepts lists and maps only in this form.
#[tokio::test]
async fn lists_and_maps_of_typed_values_are_read_as_the_component_reads_them() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    for (value, types, stored) in [
        (json!([{"S": "red"}, {"N": "1"}]), json!("L"), json!({"L": [{"S": "red"}, {"N": "1"}]})),
        (
            json!({"a": {"N": "1"}, "b": {"Bool": true}}),
            json!("M"),
            json!({"M": {"a": {"N": "1"}, "b": {"BOOL": true}}}),
        ),
        (json!("[{\"S\": \"red\"}]"), json!("L"), json!({"L": [{"S": "red"}]})),
        (
            json!([{"M": {"a": {"L": [{"Nul": true}]}}}]),
            json!("L"),
            json!({"L": [{"M": {"a": {"L": [{"NULL": true}]}}}]}),
        ),
        (json!([{"s": "red", "n": null}]), json!("L"), json!({"L": [{"S": "red"}]})),
        (json!([{"S": "red"}, "x"]), json!("L"), json!({"L": [{"M": {"S": {"S": "red"}}}, {"S": "x"}]})),
        (json!([{"S": "red"}]), json!([{"S": "S"}]), json!({"L": [{"M": {"S": {"S": "red"}}}]})),
        (json!({"a": {"N": "1"}}), json!({"a": {"N": "N"}}), json!({"M": {"a": {"M": {"N": {"N": "1"}}}}})),
    ] {
        let event = json!({"item": {"v": value}, "itemTypes": {"v": types}});
        assert_eq!(sent(&harness, event).await, json!({"v": stored}), "{value} as {types}");
    }
    let untyped = json!({"item": {"v": [{"S": "red"}]}});
    assert_eq!(sent(&harness, untyped).await, json!({"v": {"L": [{"M": {"S": {"S": "red"}}}]}}));
    // The component's pairs, and the values of an expression.
    let event = json!({
        "tableName": "Tab", "item": [{"key": "id", "value": "b"}, {"key": "v", "value": [{"S": "red"}]}],
        "itemTypes": [{"key": "id", "value": "S"}, {"key": "v", "value": "L"}],
        "conditionExpression": "v <> :v", "expressionAttributeValues": [{"key": ":v", "value": [{"S": "blue"}]}],
        "expressionAttributeValueTypes": [{"key": ":v", "value": "L"}],
    });
    harness.ok("create-item", event).await;
    let body = harness.proxy().take_body("PutItem");
    assert_eq!(body["Item"]["v"], json!({"L": [{"S": "red"}]}));
    assert_eq!(body["ExpressionAttributeValues"][":v"], json!({"L": [{"S": "blue"}]}));

    let event = json!({"tableName": "Tab", "item": {"id": "a", "v": {"a": {"N": "many"}}}, "itemTypes": {"v": "M"}});
    let parts = ["`item.v.a.N`: `\"many\"` is not a number", "read so", "give types that mirror it"];
    harness.refuses("create-item", event, "InvalidInput", &parts).await;
    assert!(harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn typed_values_are_read_as_serializers_write_them() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    for (value, stored) in [
        (json!({"s": "x", "n": null, "ss": null}), json!({"S": "x"})),
        (json!({"Nul": true}), json!({"NULL": true})),
        (json!({"NUL": "true"}), json!({"NULL": true})),
        (json!({"Bool": true}), json!({"BOOL": true})),
        (json!({"BOOL": "true"}), json!({"BOOL": true})),
        (json!({"N": 12}), json!({"N": "12"})),
        (json!({"B": "aG\nk=\n"}), json!({"B": "aGk="})),
        (json!({"B": {"type": "Buffer", "data": [104, 105]}}), json!({"B": "aGk="})),
        (json!({"M": {"a": {"N": "1", "s": null}}}), json!({"M": {"a": {"N": "1"}}})),
        (json!("{\"S\": \"x\"}"), json!({"S": "x"})),
        (json!({"L": "[{\"S\": \"x\"}]"}), json!({"L": [{"S": "x"}]})),
    ] {
        let event = json!({"item": {"v": value}, "inputFormat": "typed"});
        assert_eq!(sent(&harness, event).await, json!({"v": stored}), "{value}");
    }
    for (value, part) in [
        (json!({"S": "x", "N": "1"}), "it has both `N` and `S`"),
        (json!({"S": null, "N": null}), "it has no member but nulls"),
        (json!({}), "is not a typed value such as"),
        (json!({"NULL": false}), "`item.v.NULL`: `false` is not what DynamoDB's JSON has under NULL: true"),
    ] {
        let event = json!({"tableName": "Tab", "item": {"id": {"S": "a"}, "v": value}, "inputFormat": "typed"});
        harness.refuses("create-item", event, "InvalidInput", &["`item.v", part]).await;
    }
}

#[tokio::test]
async fn ignores_blanks_in_base64() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    for text in ["aGVsbG8gd29ybGQ=\n", " aGVsbG8g\r\nd29ybGQ", "aGVsbG8gd29ybGQ"] {
        let event = json!({"item": {"v": text, "set": [text]}, "itemTypes": {"v": "B", "set": "BS"}});
        let expected = json!({"v": {"B": "aGVsbG8gd29ybGQ="}, "set": {"BS": ["aGVsbG8gd29ybGQ="]}});
        assert_eq!(sent(&harness, event).await, expected, "{text:?}");
    }
}

#[tokio::test]
async fn a_member_may_be_missing_in_some_elements_of_a_list() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let event = |lines: Value| json!({"item": {"lines": lines}, "itemTypes": {"lines": [{"qty": "N"}]}});
    assert_eq!(
        sent(&harness, event(json!([{"sku": "A", "qty": "1"}, {"sku": "B"}]))).await,
        json!({"lines": {"L": [{"M": {"sku": {"S": "A"}, "qty": {"N": "1"}}}, {"M": {"sku": {"S": "B"}}}]}})
    );
    assert_eq!(sent(&harness, event(json!([]))).await, json!({"lines": {"L": []}}));
    let mut none = event(json!([{"sku": "A"}, {"sku": "B"}]));
    none["tableName"] = "Tab".into();
    none["item"]["id"] = "a".into();
    let message = "`itemTypes.lines[0].qty`: a type for a name that has no value";
    harness.refuses("create-item", none, "InvalidInput", &[message]).await;
}

#[tokio::test]
async fn names_the_path_of_half_a_surrogate_pair() {
    let harness = Harness::new().await;
    for (event, path) in [
        (r#"{"tableName": "Tab", "item": {"id": "a", "names": ["x", "\ud83d"]}}"#, "item.names[1]"),
        (r#"{"tableName": "Tab", "item": {"id": "\ude00"}}"#, "item.id"),
        (r#"{"tableName": "Tab", "item": "{\"id\": \"\\ud83d\"}"}"#, "item.id"),
    ] {
        let parts = [&*format!("`{path}`: "), "half a character, `\\ud", "send the whole character"];
        harness.refuses("create-item", event, "InvalidInput", &parts).await;
    }
    harness.table("Tab", false).await;
    harness.ok("create-item", r#"{"tableName": "Tab", "item": {"id": "\ud83d\ude00"}}"#).await;
}

#[tokio::test]
async fn a_byte_order_mark_is_ignored() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.ok("create-item", "\u{feff}{\"tableName\": \"Tab\", \"item\": {\"id\": \"a\"}}").await;
    let event = json!({
        "tableName": "Tab", "item": "\u{feff}{\"id\": \"b\", \"list\": \"\u{feff} [1]\"}", "itemTypes": "\u{feff}{\"list\": \"L\"}",
    });
    harness.ok("create-item", event).await;
    let answer =
        harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "b", "outputFormat": "plain"})).await;
    assert_eq!(answer["data"]["result"]["Item"]["list"], json!([1]));
}
