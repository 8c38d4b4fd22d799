//! Values through the binaries: what is written comes back, and every spelling that callers use is understood.

use serde_json::{Value, json};
use shared::internals::value::number::Number;

use crate::harness::{Harness, proxy::Canned};

/// A document with every kind of JSON value.
const DOCUMENT: &str = r##"{
    "id": "a",
    "with.dots": 1, "#hash": 2, ":colon": 3, "Name": 4, "🦀": 5, "quote\"": 6, " ": 7,
    "digits": [12345678901234567890123456789012345678, 0.12345678901234567890123456789012345678, -1, 0, 1.5,
               99999999999999999999999999999999999999],
    "texts": ["", " ", "\u0000", "\n\t\\\"", "é🦀", "null", "12", "{}"],
    "rest": [true, false, null, [], {}, [[[]]], {"a": {"b": {"c": [1, {"d": null}]}}}]
}"##;

#[tokio::test]
async fn a_plain_document_comes_back_as_it_went_in() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.ok("create-item", format!(r#"{{"tableName": "Tab", "item": {DOCUMENT}}}"#)).await;
    let event = json!({"tableName": "Tab", "hashKeyValue": "a", "outputFormat": "plain"});
    let invocation = harness.invoke("get-item", event.to_string()).await;
    // The answer is parsed with all digits of its numbers, so that these are compared.
    let mut answer: Value = serde_json::from_slice(&invocation.payload).unwrap();
    let expected: Value = serde_json::from_str(DOCUMENT).unwrap();
    // Members have no order in DynamoDB.
    assert_eq!(sorted(answer["data"]["result"]["Item"].take()), sorted(expected));
}

/// Our JSON library marks numbers and raw text by these names. The embedded engine uses the same library and misreads them,
/// so this test looks at the request and answers in the engine's place.
#[tokio::test]
async fn the_json_librarys_private_names_are_names_like_any_other() {
    let harness = Harness::new().await;
    let item = r#"{"$serde_json::private::Number":"1","m":{"$serde_json::private::RawValue":{"$serde_json::private::Number":[5]}}}"#;
    let typed = r#"{"$serde_json::private::Number":{"S":"1"},"m":{"M":{"$serde_json::private::RawValue":{"M":{"$serde_json::private::Number":{"L":[{"N":"5"}]}}}}}}"#;
    harness.proxy().next("PutItem", Canned::Answer(200, "{}".into()));
    harness.ok("create-item", format!(r#"{{"tableName": "Tab", "item": {item}}}"#)).await;
    let sent = harness.proxy().take_seen().remove(0).text();
    assert!(sent.contains(r#""$serde_json::private::Number":{"S":"1"}"#), "{sent}");
    assert!(
        sent.contains(r#"{"$serde_json::private::RawValue":{"M":{"$serde_json::private::Number":{"L":[{"N":"5"}]}}}}"#),
        "{sent}"
    );
    harness.proxy().next("GetItem", Canned::Answer(200, format!(r#"{{"Item":{typed}}}"#)));
    let event = json!({"tableName": "Tab", "key": {"id": "a"}, "outputFormat": "plain"});
    let answer = harness.invoke("get-item", event.to_string()).await;
    let answer = String::from_utf8(answer.payload.to_vec()).unwrap();
    assert!(answer.contains(item), "{answer}");
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(elements) => elements.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[tokio::test]
async fn all_ten_types_come_back_typed() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let item = json!({
        "id": {"S": "a"}, "n": {"N": "1.5"}, "b": {"B": "aGk="}, "t": {"BOOL": false}, "z": {"NULL": true},
        "m": {"M": {"x": {"L": [{"S": ""}, {"M": {}}]}}}, "ss": {"SS": ["x"]}, "ns": {"NS": ["7"]}, "bs": {"BS": ["aGk="]},
    });
    let spelt = json!({
        "id": {"s": "a"}, "n": {"N": 1.5}, "b": {"B": "aGk"}, "t": {"Bool": false}, "z": {"Nul": true},
        "m": {"m": {"x": {"l": [{"S": ""}, {"M": {}}]}}}, "ss": {"Ss": ["x"]}, "ns": {"Ns": ["7"]}, "bs": {"Bs": ["aGk="]},
    });
    harness.ok("create-item", json!({"tableName": "Tab", "item": spelt, "inputFormat": "typed"})).await;
    let answer = harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a"})).await;
    assert_eq!(answer["data"]["result"]["Item"], item);
    let answer =
        harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a", "outputFormat": "plain"})).await;
    assert_eq!(
        answer["data"]["result"]["Item"],
        json!({"id": "a", "n": 1.5, "b": "aGk=", "t": false, "z": null, "m": {"x": ["", {}]}, "ss": ["x"], "ns": [7], "bs": ["aGk="]})
    );
}

/// DynamoDB may spell a number differently, but it stays the same number.
#[tokio::test]
async fn numbers_come_back_with_all_of_their_digits() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let numbers = [
        "0",
        "-0",
        "1.50",
        "1e3",
        "1E-130",
        "-1E-130",
        "9.9999999999999999999999999999999999999E+125",
        "-9.9999999999999999999999999999999999999E+125",
        "1e125",
        "0.00000000000000000000000000000000000001",
        "-12345678901234567890123456789012345678",
        "1.2345678901234567890123456789012345678",
        "18446744073709551617",
        "99999999999999999999999999999999999999000000000000",
    ];
    let item = format!(r#"{{"id": "a", "list": [{0}], "set": [{0}]}}"#, numbers.join(","));
    let types = r#"{"set": "NS"}"#;
    harness.ok("create-item", format!(r#"{{"tableName": "Tab", "item": {item}, "itemTypes": {types}}}"#)).await;
    let event = json!({"tableName": "Tab", "hashKeyValue": "a", "outputFormat": "plain", "consistentRead": true});
    let answer = harness.ok("get-item", event).await;
    let got = |name: &str| -> Vec<Number> {
        let elements = answer["data"]["result"]["Item"][name].as_array().unwrap().iter();
        elements.map(|number| Number::parse(&number.to_string()).unwrap()).collect()
    };
    let sent: Vec<Number> = numbers.iter().map(|number| Number::parse(number).unwrap()).collect();
    assert_eq!(got("list"), sent);
    // `0` and `-0` are one number.
    assert_eq!(got("set").len(), sent.len() - 1);
    assert!(got("set").iter().all(|number| sent.contains(number)));
}

/// What `createItem` sends for an item, as DynamoDB gets it.
async fn sent(harness: &Harness, mut event: Value) -> Value {
    event["tableName"] = "Tab".into();
    event["item"]["id"] = if event["inputFormat"] == "typed" { json!({"S": "a"}) } else { "a".into() };
    harness.proxy().take_seen();
    harness.ok("create-item", event).await;
    let mut item = harness.proxy().take_body("PutItem")["Item"].take();
    item.as_object_mut().unwrap().remove("id");
    item
}

/// The component takes lists and maps only so.
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
    // Pairs of the component, and values of an expression.
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
async fn blanks_in_base64_are_ignored() {
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

/// Taken as plain JSON, a typed value would be the text of another key, and an update would create an item with it.
#[tokio::test]
async fn a_typed_key_value_needs_the_typed_format() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1})).await;
    harness.proxy().take_seen();
    let typed = "for a typed value give `inputFormat` `typed`";
    for (function, more) in
        [("get-item", json!({})), ("update-item", json!({"set": {"x": 1}})), ("delete-item", json!({}))]
    {
        let with = |key: Value| {
            let mut event = key;
            event["tableName"] = "Tab".into();
            event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            event
        };
        for (key, input, part) in [
            (json!({"hashKeyValue": {"S": "a"}, "rangeKeyValue": 1}), "hashKeyValue", typed),
            (json!({"value": {"S": "a"}, "rangeKeyValue": 1}), "hashKeyValue", typed),
            (json!({"hashKeyValue": "a", "rangeKeyValue": {"N": "1"}}), "rangeKeyValue", typed),
            (json!({"hashKeyValue": ["a"], "rangeKeyValue": 1}), "hashKeyValue", "needs `inputFormat` `typed`"),
            (json!({"hashKeyValue": {"a": 1}, "rangeKeyValue": 1}), "hashKeyValue", "needs `inputFormat` `typed`"),
            (json!({"key": {"id": {"S": "a"}, "at": 1}}), "key.id", typed),
            (json!({"key": {"id": {"S": "a"}, "at": 1}, "keyTypes": {"id": "S"}}), "key.id", typed),
        ] {
            harness.refuses(function, with(key), "InvalidInput", &[&format!("`{input}"), part]).await;
        }
        let in_typed_format = |key: Value| {
            let mut event = with(key);
            event["inputFormat"] = "typed".into();
            if let Some(set) = event.get_mut("set") {
                *set = json!({"x": {"N": "1"}});
            }
            event
        };
        let event = in_typed_format(json!({"hashKeyValue": "a", "rangeKeyValue": {"N": "1"}}));
        let parts = ["`hashKeyValue`: ", "for plain JSON give `inputFormat` `plain`"];
        harness.refuses(function, event, "InvalidInput", &parts).await;
        let event = in_typed_format(json!({"hashKeyValue": {"s": "a", "n": null}, "rangeKeyValue": {"N": 1}}));
        harness.ok(function, event).await;
    }
    let operations = harness.proxy().take_operations();
    assert_eq!(operations.iter().filter(|name| *name == "UpdateItem").count(), 1, "{operations:?}");
}

#[tokio::test]
async fn bytes_may_be_a_key_in_every_spelling() {
    let harness = Harness::new().await;
    let event = json!({
        "tableName": "Bytes", "billingMode": "PAY_PER_REQUEST", "waitUntilActive": true,
        "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "B"}],
        "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    harness.ok("create-table", event).await;
    harness.ok("create-item", json!({"tableName": "Bytes", "item": {"id": "aGk="}, "itemTypes": {"id": "B"}})).await;
    for key in [
        json!({"hashKeyValue": "aGk=\n"}),
        json!({"hashKeyValue": {"base64": "aGk"}}),
        json!({"hashKeyValue": {"utf8": "hi"}}),
        json!({"hashKeyValue": {"type": "Buffer", "data": [104, 105]}}),
        json!({"key": {"id": {"utf8": "hi"}}, "keyTypes": {"id": "B"}}),
        json!({"hashKeyValue": {"B": "aGk="}, "inputFormat": "typed"}),
    ] {
        let mut event = key;
        event["tableName"] = "Bytes".into();
        assert_eq!(harness.ok("get-item", event.clone()).await["data"]["found"], true, "{event}");
    }
    let event = json!({"tableName": "Bytes", "hashKeyValue": {"B": "aGk="}});
    harness.refuses("get-item", event, "InvalidInput", &["for a typed value give `inputFormat` `typed`"]).await;
}

#[tokio::test]
async fn a_page_key_in_plain_json_is_told_to_be_given_as_it_came() {
    let harness = Harness::new().await;
    let event = json!({
        "tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "a"},
        "exclusiveStartKey": {"id": "a"},
    });
    let message = "`exclusiveStartKey.id`: `\"a\"` is not a typed value such as {\"S\": \"x\"}; give the \
                   `LastEvaluatedKey` as it came";
    harness.refuses("query-items", event, "InvalidInput", &[message]).await;
}

#[tokio::test]
async fn half_a_character_is_named_with_its_path() {
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
