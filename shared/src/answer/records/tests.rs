use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::value::{
    Format, Values,
    properties::{
        documents::{item, sorted},
        typed_text::{self, Escapes},
    },
};

fn records(text: &str) -> Result<String, Error> {
    plain(text, &Path::Input("Records")).map(Answer::into_text)
}

/// A record whose `dynamodb` has this text.
fn record(change: &str) -> String {
    format!(
        r#"{{"eventID":"e","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{change},"eventSourceARN":"arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-26T00:00:00.000"}}"#
    )
}

/// The new image of a record, as plain JSON.
fn new_image(image: &str) -> Result<String, Error> {
    let text =
        records(&format!("[{}]", record(&format!(r#"{{"Keys":{{}},"NewImage":{image},"SequenceNumber":"1"}}"#))))?;
    let start = text.find(r#""newImage":"#).unwrap() + r#""newImage":"#.len();
    Ok(text[start..text.rfind(r#","sequenceNumber""#).unwrap()].to_owned())
}

#[test]
fn writes_a_record_with_the_members_of_the_contract() {
    let change = r#"{"ApproximateCreationDateTime":1479499740,"Keys":{"id":{"S":"a"}},"NewImage":{"id":{"S":"a"},"n":{"N":"1.50"}},"OldImage":{},"SequenceNumber":"4421584500000000017450439091","SizeBytes":26,"StreamViewType":"NEW_AND_OLD_IMAGES"}"#;
    assert_eq!(
        records(&format!("[{}]", record(change))).unwrap(),
        r#"[{"eventName":"MODIFY","table":"Orders","keys":{"id":"a"},"newImage":{"id":"a","n":1.50},"oldImage":{},"sequenceNumber":"4421584500000000017450439091","createdAt":"2016-11-18T20:09:00.000Z","eventID":"e"}]"#
    );
}

#[test]
fn leaves_out_what_a_record_does_not_have() {
    for change in [
        r#"{"Keys":{},"SequenceNumber":"1"}"#,
        r#"{"Keys":{},"SequenceNumber":"1","NewImage":null,"OldImage":null,"ApproximateCreationDateTime":null}"#,
    ] {
        assert_eq!(
            records(&format!("[{}]", record(change))).unwrap(),
            r#"[{"eventName":"MODIFY","table":"Orders","keys":{},"sequenceNumber":"1","eventID":"e"}]"#
        );
    }
}

#[test]
fn reads_a_list_and_the_event_that_has_one() {
    for (text, count) in [
        ("[]".to_owned(), 0),
        (r#"{"Records":[]}"#.to_owned(), 0),
        (format!(" [ {} ]", record(r#"{"Keys":{},"SequenceNumber":"1"}"#)), 1),
        (format!(r#"{{"Records":[{0},{0}]}}"#, record(r#"{"Keys":{},"SequenceNumber":"1"}"#)), 2),
    ] {
        let plain: Vec<Value> = serde_json::from_str(&records(&text).unwrap()).unwrap();
        assert_eq!(plain.len(), count, "{text}");
    }
}

#[test]
fn writes_every_type_with_its_digits_and_its_order() {
    for (typed, plain) in [
        (r#"{"z":{"S":"q\" \\ \n \u0000 é"},"a":{"S":""}}"#, r#"{"z":"q\" \\ \n \u0000 é","a":""}"#),
        (
            r#"{"n":{"N":"12345678901234567890123456789012345678"},"m":{"N":"1E-130"},"o":{"N":"-0.10"}}"#,
            r#"{"n":12345678901234567890123456789012345678,"m":1E-130,"o":-0.10}"#,
        ),
        (r#"{"b":{"B":"aGk="},"e":{"B":""}}"#, r#"{"b":"aGk=","e":""}"#),
        (r#"{"t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true}}"#, r#"{"t":true,"f":false,"z":null}"#),
        (r#"{"m":{"M":{"b":{"L":[{"N":"1"},{"M":{}}]},"a":{"L":[]}}}}"#, r#"{"m":{"b":[1,{}],"a":[]}}"#),
        (
            r#"{"s":{"SS":["b","a"]},"n":{"NS":["2.0","1"]},"b":{"BS":["aGk=","aG8="]}}"#,
            r#"{"s":["b","a"],"n":[2.0,1],"b":["aGk=","aG8="]}"#,
        ),
        (r#"{"$serde_json::private::Number":{"S":"1"}}"#, r#"{"$serde_json::private::Number":"1"}"#),
    ] {
        assert_eq!(new_image(typed).unwrap(), plain);
    }
}

/// EventBridge's and Lambda's guides show records without a time, the former with the ARN of a table.
#[test]
fn reads_the_records_of_awss_guides() {
    let record = r#"{"eventID":"2","eventVersion":"1.0","dynamodb":{"OldImage":{"Message":{"S":"New item!"},"Id":{"N":"101"}},"SequenceNumber":"222","Keys":{"Id":{"N":"101"}},"SizeBytes":59,"StreamViewType":"NEW_AND_OLD_IMAGES"},"awsRegion":"us-west-2","eventName":"REMOVE","eventSourceARN":"arn:aws:dynamodb:us-east-1:111122223333:table/EventSourceTable","eventSource":"aws:dynamodb"}"#;
    assert_eq!(
        records(&format!("[{record}]")).unwrap(),
        r#"[{"eventName":"REMOVE","table":"EventSourceTable","keys":{"Id":101},"oldImage":{"Message":"New item!","Id":101},"sequenceNumber":"222","eventID":"2"}]"#
    );
}

#[test]
fn times_have_milliseconds() {
    for (seconds, time) in [
        ("0", "1970-01-01T00:00:00.000Z"),
        ("1795000000.123", "2026-11-18T11:06:40.123Z"),
        ("1.795E9", "2026-11-18T11:06:40.000Z"),
    ] {
        let change = format!(r#"{{"Keys":{{}},"SequenceNumber":"1","ApproximateCreationDateTime":{seconds}}}"#);
        let plain = records(&format!("[{}]", record(&change))).unwrap();
        assert!(plain.contains(&format!(r#""createdAt":"{time}""#)), "{plain}");
    }
}

#[test]
fn a_wrong_attribute_is_named_with_its_path() {
    for (image, place, message) in [
        (r#"{"age":{"N":"old"}}"#, ".age.N", "`\"old\"` is not a number"),
        (r#"{"age":{"N":1.5,"S":"x"}}"#, ".age", "it has both `N` and `S`"),
        (r#"{"age":{"N":"123456789012345678901234567890123456789"}}"#, ".age.N", "39 significant digits"),
        (r#"{"age":{"X":"1"}}"#, ".age", "is not a typed value"),
        (r#"{"age":"1"}"#, ".age", "`\"1\"` is not a typed value"),
        (r#"{"age":{}}"#, ".age", "is not a typed value"),
        (r#"{"m":{"M":{"l":{"L":[{"S":"a"},{"B":"%"}]}}}}"#, ".m.M.l.L[1].B", "base64"),
        (r#"{"s":{"NS":["1","x"]}}"#, ".s.NS[1]", "`\"x\"` is not a number"),
        (r#"{"z":{"NULL":false}}"#, ".z.NULL", "false"),
        (r#"{"b":{"BOOL":"perhaps"}}"#, ".b.BOOL", "perhaps"),
        (r#"{"b":{"bool":true}}"#, "", "not as DynamoDB Streams writes it: a type that DynamoDB does not have"),
        ("[]", "", "`[]` is not an object of attributes"),
        ("7", "", "`7` is not an object of attributes"),
    ] {
        let error = new_image(image).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`Records[0].dynamodb.NewImage{place}`: ")), "{image}: {error}");
        assert!(error.contains(message), "{image}: {error}");
    }
}

#[test]
fn a_wrong_record_is_named_with_its_path() {
    let good: Value = serde_json::from_str(&record(r#"{"Keys":{},"SequenceNumber":"1"}"#)).unwrap();
    let with = |name: &str, value: Value| {
        let mut record = good.clone();
        match name.split_once('.') {
            Some((outer, inner)) => record[outer][inner] = value,
            None => record[name] = value,
        }
        json!([good, record])
    };
    for (records_given, message) in [
        (with("dynamodb", Value::Null), "`Records[1].dynamodb`: required input is missing"),
        (with("dynamodb", json!([])), "`Records[1].dynamodb`: `[]` is not an object"),
        (with("dynamodb.Keys", Value::Null), "`Records[1].dynamodb.Keys`: required input is missing"),
        (with("dynamodb.SequenceNumber", json!(1)), "`Records[1].dynamodb.SequenceNumber`: `1` is not a string"),
        (
            with("dynamodb.SequenceNumber", Value::Null),
            "`Records[1].dynamodb.SequenceNumber`: required input is missing",
        ),
        (
            with("dynamodb.ApproximateCreationDateTime", json!("today")),
            "`Records[1].dynamodb.ApproximateCreationDateTime`: `\"today\"` is not a time in seconds since 1970",
        ),
        (
            with("dynamodb.ApproximateCreationDateTime", json!(1e300)),
            "`Records[1].dynamodb.ApproximateCreationDateTime`: `1e+300` is not a time in seconds since 1970",
        ),
        (with("eventName", json!("UPSERT")), "`Records[1].eventName`: `\"UPSERT\"` is not one of INSERT MODIFY REMOVE"),
        (with("eventID", Value::Null), "`Records[1].eventID`: required input is missing"),
        (with("eventSource", json!("aws:sqs")), "`Records[1].eventSource`: `\"aws:sqs\"` is not `aws:dynamodb`"),
        (
            with("eventSourceARN", json!("arn:aws:sqs:us-east-1:123456789012:queue")),
            "`Records[1].eventSourceARN`: `\"arn:aws:sqs:us-east-1:123456789012:queue\"` is not the ARN of a table's stream",
        ),
        (
            with("eventSourceARN", json!("arn:aws:dynamodb:us-east-1:123456789012:table//stream/x")),
            "`Records[1].eventSourceARN`: ",
        ),
        (
            with("eventSourceARN", json!("stream-ARN")),
            "`Records[1].eventSourceARN`: `\"stream-ARN\"` is not the ARN of",
        ),
        (json!([good, 7]), "`Records[1]`: `7` is not an object"),
        (json!(7), "`Records`: `7` is not a list of records of DynamoDB Streams"),
        (json!({"records": []}), "`Records.Records`: required input is missing"),
    ] {
        let error = records(&records_given.to_string()).unwrap_err();
        assert_eq!(error.error_type(), "InvalidInput");
        assert!(error.to_string().starts_with(message), "{message}\n{error}");
    }
    let twice = record(r#"{"Keys":{},"Keys":{},"SequenceNumber":"1"}"#);
    let error = records(&format!("[{twice}]")).unwrap_err().to_string();
    assert_eq!(error, "`Records[0].dynamodb.Keys`: given twice; give it once");
    let error = records("[1").unwrap_err().to_string();
    assert!(error.starts_with("`Records`: the text is not JSON: "), "{error}");
}

/// The image in DynamoDB's JSON, as it was written from this plain JSON.
fn typed(members: &[(String, Json)], escapes: Escapes) -> String {
    let text = Json::Object(members.to_vec()).to_string();
    let Ok(Json::Object(read)) = Json::parse(&text) else { panic!("{text} is no object") };
    let values = Values { input: "item", values: Some(Collection(read)), types_input: "itemTypes", types: None };
    let attributes = values.into_attributes(Format::Plain).unwrap();
    typed_text::item(attributes.iter().map(|(name, value)| (name, value)), escapes)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Each image is the item that was written, with its digits and characters. The records keep their order.
    #[test]
    fn records_become_the_items_that_were_written(items in prop::collection::vec((item(), any::<bool>()), 0..4)) {
        let text: Vec<String> = items.iter().enumerate().map(|(at, (item, all))| {
            let image = typed(item, if *all { Escapes::All } else { Escapes::Few });
            record(&format!(r#"{{"Keys":{image},"NewImage":{image},"OldImage":{image},"SequenceNumber":"{at}"}}"#))
        }).collect();
        let plain = records(&format!("[{}]", text.join(","))).unwrap();
        let Ok(Json::Array(plain)) = Json::parse(&plain) else { panic!("{plain}") };
        prop_assert_eq!(plain.len(), items.len());
        for (at, (record, (item, _))) in plain.into_iter().zip(items).enumerate() {
            let before = sorted(Json::parse(&Json::Object(item).to_string()).unwrap());
            let Json::Object(members) = record else { panic!("{record:?}") };
            for (name, value) in members {
                match name.as_str() {
                    "keys" | "newImage" | "oldImage" => prop_assert_eq!(sorted(value), before.clone()),
                    "sequenceNumber" => prop_assert_eq!(value, Json::String(at.to_string())),
                    _ => {}
                }
            }
        }
    }

    /// A damaged batch becomes JSON or an error that names a place in it.
    #[test]
    fn a_damaged_batch_is_an_answer_or_an_error(members in item(), from in any::<prop::sample::Index>(), cut in 0..6_usize, put in prop_oneof![".{0,4}", r#"null|\[\]|\{\}|"[a-z]*"|-?[0-9]+|[{}\[\]",:]"#]) {
        let image = typed(&members, Escapes::Few);
        let one = record(&format!(r#"{{"Keys":{image},"NewImage":{image},"SequenceNumber":"1"}}"#));
        let mut text: Vec<char> = format!("[{one},{one}]").chars().collect();
        let from = from.index(text.len());
        text.splice(from..(from + cut).min(text.len()), put.chars());
        match records(&String::from_iter(text)) {
            Ok(answer) => prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&answer).is_ok(), "{answer}"),
            Err(error) => {
                prop_assert_eq!(error.error_type(), "InvalidInput");
                prop_assert!(error.to_string().starts_with("`Records"), "{}", error);
            }
        }
    }
}
