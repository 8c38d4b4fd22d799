//! Values return as they were written, and every spelling that callers use is understood.

mod keys;
mod spellings;

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
async fn a_plain_document_returns_unchanged() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.ok("create-item", format!(r#"{{"tableName": "Tab", "item": {DOCUMENT}}}"#)).await;
    let event = json!({"tableName": "Tab", "hashKeyValue": "a", "outputFormat": "plain"});
    let invocation = harness.invoke("get-item", event.to_string()).await;
    // The answer is parsed with all digits of its numbers, so that the digits are compared.
    let mut answer: Value = serde_json::from_slice(&invocation.payload).unwrap();
    let expected: Value = serde_json::from_str(DOCUMENT).unwrap();
    // DynamoDB does not keep the order of members.
    assert_eq!(sorted(answer["data"]["result"]["Item"].take()), sorted(expected));
}

/// Our JSON library uses these names to mark numbers and raw text. The embedded engine uses the same library and
/// misreads them, so this test looks at the request and answers in the engine's place.
#[tokio::test]
async fn the_json_librarys_private_names_are_ordinary_names() {
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
async fn all_ten_types_return_typed() {
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

/// DynamoDB may return a number in another notation, but with the same value.
#[tokio::test]
async fn numbers_return_with_all_of_their_digits() {
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
    // `0` and `-0` are the same number.
    assert_eq!(got("set").len(), sent.len() - 1);
    assert!(got("set").iter().all(|number| sent.contains(number)));
}
