//! Properties of every payload and every input. A payload is an event, or it gives an error of one line. A blank input
//! counts as left out, text that holds JSON is read as that JSON, and a misspelt name is rejected with the most similar
//! name.

use std::fs;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{Definition, FUNCTIONS};
use crate::{error::Error, input::Field};

/// The repository's sample events.
fn samples() -> Vec<String> {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../events")).unwrap();
    folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

fn is_an_event_or_an_error_for_every_function(payload: &str) -> Result<(), TestCaseError> {
    for function in FUNCTIONS {
        if let Err(error) = function.event.check(payload) {
            prop_assert!(["InvalidInput", "InvalidConnection"].contains(&error.error_type()), "{error:?}");
            let message = error.to_string();
            prop_assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
        }
    }
    Ok(())
}

/// The event that was read, as `Debug` text, or the error's text.
fn read(function: &Definition, event: &Map<String, Value>) -> Result<String, String> {
    function.event.read(&Value::from(event.clone()).to_string()).map_err(|error: Error| error.to_string())
}

/// The smallest event of a function, built from the inputs' examples.
fn least(fields: &[Field]) -> Map<String, Value> {
    let needed = fields.iter().filter(|field| field.required || !field.alternatives.is_empty());
    needed.map(|field| (field.name().to_owned(), field.example.clone().unwrap())).collect()
}

/// The values that mean that an input was left out. `blank` is a text of blanks.
fn blanks(field: &Field, blank: &str) -> Vec<Value> {
    match field.name() {
        // The function's own role never replaces a connection that is given.
        "connection" => return vec![Value::Null, Value::Object(Map::new())],
        // `null` means that no item may exist.
        "expectedVersion" => return vec!["".into(), blank.into()],
        _ => {}
    }
    let mut blanks = vec![Value::Null, "".into()];
    // A key may hold a text of blanks.
    if !matches!(field.shape, crate::input::Shape::Value) {
        blanks.push(blank.into());
    }
    if field.shape.is_structure() && !field.required {
        blanks.extend([Value::Object(Map::new()), Value::Array(Vec::new())]);
        for (open, close) in [("{", "}"), ("[", "]")] {
            for text in [format!("{open}{close}"), format!("{blank}{open}{blank}{close}{blank}")] {
                blanks.extend([Value::from(format!("\u{feff}{text}")), Value::from(text)]);
            }
        }
    }
    blanks
}

/// Values of structures that have no example and are not in a sample event.
fn more_values(name: &str) -> Option<Value> {
    let keys = serde_json::json!([{"AttributeName": "a", "KeyType": "HASH"}]);
    Some(match name {
        "globalSecondaryIndexes" | "localSecondaryIndexes" => {
            serde_json::json!([{"IndexName": "i", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}])
        }
        "streamSpecification" => serde_json::json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}),
        "sseSpecification" => serde_json::json!({"Enabled": true}),
        "resourcePolicy" => serde_json::json!({"Version": "2012-10-17", "Statement": []}),
        "itemTypes" | "keyTypes" | "setTypes" | "addTypes" | "deleteFromSetTypes" | "appendTypes" => {
            serde_json::json!({"a": "N", "b": ["S"], "c": {"d": "SS"}})
        }
        "expressionAttributeValueTypes" => serde_json::json!([{"key": ":v", "value": "N"}]),
        "parameterTypes" => serde_json::json!(["N", null, {"a": "S"}]),
        "deleteFromSet" | "append" => serde_json::json!({"a": [1.50, "x", null], "b.c": ["\u{e9}\\\""]}),
        "connection" => serde_json::json!({"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "x"}),
        "exclusiveStartKey" => serde_json::json!({"id": {"S": "a"}}),
        "queryParameters" => serde_json::json!([{"key": "Limit", "value": "1"}]),
        _ => return None,
    })
}

/// One edit of a name: a character is left out, doubled or replaced, swapped with the next one, or changed in case.
fn with_a_typo(name: &str, at: usize, edit: usize, other: char) -> String {
    let mut characters: Vec<char> = name.chars().collect();
    let at = at % characters.len();
    match edit {
        0 => drop(characters.remove(at)),
        1 => characters.insert(at, other),
        2 => characters[at] = other,
        3 if at + 1 < characters.len() => characters.swap(at, at + 1),
        _ if characters[at].is_ascii_lowercase() => characters[at] = characters[at].to_ascii_uppercase(),
        _ => characters[at] = characters[at].to_ascii_lowercase(),
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_blank_input_is_left_out(blank in "[ \t\r\n]{1,4}", spelling in any::<prop::sample::Index>()) {
        for function in FUNCTIONS {
            let fields = (function.event.fields)();
            for field in &fields {
                let mut event = least(&fields);
                event.remove(field.name());
                let left_out = read(function, &event);
                let name = spelling.get(field.names);
                for blank in blanks(field, &blank) {
                    event.insert((*name).to_owned(), blank);
                    let read = read(function, &event);
                    // An ignored input still records that it was given.
                    if !matches!(field.shape, crate::input::Shape::Ignored) {
                        prop_assert_eq!(&read, &left_out, "{} {:?}", function.name, event);
                    }
                    event.remove(*name);
                }
            }
        }
    }

    #[test]
    fn json_in_text_is_that_json(before in "[ \t\r\n]{0,3}", after in "[ \t\r\n]{0,3}", mark in any::<bool>(), spelling in any::<prop::sample::Index>()) {
        let samples: Vec<Map<String, Value>> =
            samples().iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
        for function in FUNCTIONS {
            let fields = (function.event.fields)();
            for field in fields.iter().filter(|field| field.shape.is_structure()) {
                let given = samples.iter().filter_map(|sample| field.names.iter().find_map(|name| sample.get(*name)));
                let values: Vec<Value> = given
                    .cloned()
                    .chain(field.example.clone())
                    .chain(more_values(field.name()))
                    .filter(|value| value.is_object() || value.is_array())
                    .collect();
                prop_assert!(!values.is_empty(), "{}: no value of `{}`", function.name, field.name());
                let name = spelling.get(field.names);
                for value in values {
                    let mut event = least(&fields);
                    event.remove(field.name());
                    let mark = if mark { "\u{feff}" } else { "" };
                    let text = format!("{mark}{before}{value}{after}");
                    event.insert((*name).to_owned(), value);
                    let from_json = read(function, &event);
                    event.insert((*name).to_owned(), text.into());
                    prop_assert_eq!(read(function, &event), from_json, "{} {:?}", function.name, event);
                }
            }
        }
    }

    #[test]
    fn rejects_a_misspelt_name_with_the_nearest_one(at in 0..40_usize, edit in 0..5_usize, other in "[a-zA-Z0-9_]") {
        for function in FUNCTIONS {
            let fields = (function.event.fields)();
            let names: Vec<&str> = fields.iter().flat_map(|field| field.names).copied().collect();
            for name in &names {
                let typo = with_a_typo(name, at, edit, other.chars().next().unwrap());
                if names.contains(&typo.as_str()) || typo.is_empty() {
                    continue;
                }
                let mut event = least(&fields);
                event.insert(typo.clone(), Value::Null);
                let error = read(function, &event).unwrap_err();
                let start = format!("`{typo}`: unknown input; the nearest is `");
                prop_assert!(error.starts_with(&start), "{}: {}", function.name, error);
                let nearest = error[start.len()..].trim_end_matches('`');
                prop_assert!(names.contains(&nearest), "{}", error);
                let distance = |known: &str| {
                    strsim::damerau_levenshtein(&known.to_ascii_lowercase(), &typo.to_ascii_lowercase())
                };
                prop_assert!(distance(nearest) <= distance(name), "{}", error);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_an_event_or_an_error(payload in any::<String>(), pieces in r#"[{}\[\]",:a-z0-9 \\]{0,40}"#) {
        is_an_event_or_an_error_for_every_function(&payload)?;
        is_an_event_or_an_error_for_every_function(&pieces)?;
    }

    /// A sample event with a few characters replaced.
    #[test]
    fn a_damaged_event_is_an_event_or_an_error(sample in prop::sample::select(samples()), at in any::<prop::sample::Index>(), cut in 0..6_usize, put in prop_oneof![".{0,4}", r#"null|""|\[\]|\{\}|"[a-z]*"|-?[0-9]+|[{}\[\]",:]"#]) {
        let mut characters: Vec<char> = sample.chars().collect();
        let at = at.index(characters.len());
        let end = (at + cut).min(characters.len());
        characters.splice(at..end, put.chars());
        is_an_event_or_an_error_for_every_function(&String::from_iter(characters))?;
    }
}
