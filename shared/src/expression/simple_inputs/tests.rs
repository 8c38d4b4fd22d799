use std::collections::BTreeMap;

use aws_smithy_types::Blob;
use proptest::prelude::*;

use super::*;
use crate::input::Inputs;

fn inputs(event: &str) -> Result<SimpleInputs, Error> {
    let Json::Object(members) = Json::parse(event).unwrap() else { panic!("{event} is not an object") };
    Inputs::read(members, None)
}

/// The expression, and the values that it stands for.
fn express(event: &str, format: Format) -> Result<(String, BTreeMap<String, AttributeValue>), String> {
    let mut placeholders = Placeholders::new(vec![], vec![]).unwrap();
    let expression = inputs(event).and_then(|inputs| inputs.into_expression(format, &mut placeholders));
    let expression = expression.map_err(|error| error.to_string())?;
    Ok((expression, placeholders.finish().unwrap().values.unwrap_or_default().into_iter().collect()))
}

#[track_caller]
fn value(event: &str, format: Format) -> AttributeValue {
    let (expression, mut values) = express(event, format).unwrap();
    values.remove(":a").unwrap_or_else(|| panic!("{expression} has no `:a`"))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn values_have_the_type_that_their_action_takes() {
    use AttributeValue::{Bs, L, N, Ns, S, Ss};
    for (event, expected) in [
        (r#"{"add": {"a": 1}}"#, N("1".into())),
        (r#"{"add": {"a": " 1.50 "}}"#, N("1.50".into())),
        (r#"{"add": {"a": ["x", "y", "x"]}}"#, Ss(texts(&["x", "y"]))),
        (r#"{"add": {"a": "[\"x\"]"}}"#, Ss(texts(&["x"]))),
        (r#"{"add": {"a": [1, 2]}}"#, Ns(texts(&["1", "2"]))),
        (r#"{"add": {"a": [{"utf8": "x"}]}}"#, Bs(vec![Blob::new("x")])),
        (r#"{"add": {"a": ["3"]}, "addTypes": {"a": "NS"}}"#, Ns(texts(&["3"]))),
        (r#"{"add": {"a": "3"}, "addTypes": {"a": "ns"}}"#, Ns(texts(&["3"]))),
        (r#"{"add": {"a": "[3]"}, "addTypes": {"a": "SS"}}"#, Ss(texts(&["3"]))),
        (r#"{"add": {"a": "3"}, "addTypes": {"a": "N"}}"#, N("3".into())),
        (r#"{"add": {"a": "aGk="}, "addTypes": {"a": "BS"}}"#, Bs(vec![Blob::new("hi")])),
        (r#"{"deleteFromSet": {"a": "x"}}"#, Ss(texts(&["x"]))),
        (r#"{"deleteFromSet": {"a": "[\"x\", \"y\"]"}}"#, Ss(texts(&["x", "y"]))),
        (r#"{"deleteFromSet": "{\"a\": [\"x\"]}"}"#, Ss(texts(&["x"]))),
        (r#"{"deleteFromSet": {"a": 1}}"#, Ns(texts(&["1"]))),
        (r#"{"deleteFromSet": {"a": "1"}, "deleteFromSetTypes": {"a": "NS"}}"#, Ns(texts(&["1"]))),
        (r#"{"deleteFromSet": {"a": {"utf8": "x"}}}"#, Bs(vec![Blob::new("x")])),
        (r#"{"append": {"a": [1, "x"]}}"#, L(vec![N("1".into()), S("x".into())])),
        (r#"{"append": {"a": "[1]"}}"#, L(vec![N("1".into())])),
        (r#"{"append": {"a": []}}"#, L(vec![])),
        (r#"{"append": {"a": ["1"]}, "appendTypes": {"a": ["N"]}}"#, L(vec![N("1".into())])),
        (r#"{"append": {"a": "[\"1\"]"}, "appendTypes": {"a": ["N"]}}"#, L(vec![N("1".into())])),
        (r#"{"append": {"a": [{"N": "1"}]}, "appendTypes": {"a": "L"}}"#, L(vec![N("1".into())])),
        (r#"{"set": {"a": "[1]"}}"#, S("[1]".into())),
        (r#"{"set": {"a": "[1]"}, "setTypes": {"a": "L"}}"#, L(vec![N("1".into())])),
    ] {
        assert_eq!(value(event, Format::Plain), expected, "{event}");
    }
    for (event, expected) in [
        (r#"{"add": {"a": {"N": "1"}}}"#, N("1".into())),
        (r#"{"add": {"a": {"Ns": ["1"]}}}"#, Ns(texts(&["1"]))),
        (r#"{"deleteFromSet": {"a": {"SS": ["x"]}}}"#, Ss(texts(&["x"]))),
        (r#"{"append": {"a": {"L": [{"S": "x"}]}}}"#, L(vec![S("x".into())])),
    ] {
        assert_eq!(value(event, Format::Typed), expected, "{event}");
    }
}

#[test]
fn says_what_an_action_takes() {
    for (event, format, message) in [
        (r#"{"add": {"a": []}}"#, Format::Plain, "`add.a`: an empty list of elements"),
        (r#"{"add": {"a": "[]"}, "addTypes": {"a": "SS"}}"#, Format::Plain, "`add.a`: an empty list of elements"),
        (r#"{"deleteFromSet": {"a": []}}"#, Format::Plain, "`deleteFromSet.a`: an empty list of elements"),
        (r#"{"add": {"a": "many"}}"#, Format::Plain, "`add.a`: `\"many\"` is not a number"),
        (r#"{"add": {"a": "[x"}}"#, Format::Plain, "`add.a`: the text is not JSON"),
        (r#"{"add": {"a": [1, "x"]}}"#, Format::Plain, "`add.a[1]`: `\"x\"` is not a number"),
        (
            r#"{"add": {"a": "x"}, "addTypes": {"a": "S"}}"#,
            Format::Plain,
            "`add.a`: a number, or a list of the elements",
        ),
        (
            r#"{"add": {"a": 1}, "addTypes": {"b": "N"}}"#,
            Format::Plain,
            "`addTypes.b`: a type for a name that has no value",
        ),
        (r#"{"addTypes": {"b": "N"}}"#, Format::Plain, "`addTypes.b`: a type for a name that has no value"),
        (
            r#"{"deleteFromSet": {"a": 1}, "deleteFromSetTypes": {"a": "N"}}"#,
            Format::Plain,
            "`deleteFromSet.a`: the elements of a set",
        ),
        (r#"{"append": {"a": "x"}}"#, Format::Plain, "`append.a`: a list of the values to append"),
        (
            r#"{"append": {"a": "1"}, "appendTypes": {"a": "N"}}"#,
            Format::Plain,
            "`append.a`: a list of the values to append",
        ),
        (r#"{"add": {"a": {"S": "x"}}}"#, Format::Typed, "`add.a`: a number, or a list of the elements"),
        (r#"{"deleteFromSet": {"a": {"S": "x"}}}"#, Format::Typed, "`deleteFromSet.a`: the elements of a set"),
        (r#"{"append": {"a": {"S": "x"}}}"#, Format::Typed, "`append.a`: a list of the values to append"),
        (
            r#"{"add": {"a": {"N": "1"}}, "addTypes": {"a": "N"}}"#,
            Format::Typed,
            "`addTypes`: with `inputFormat` `typed`",
        ),
        (r#"{"set": {}, "remove": []}"#, Format::Plain, "nothing to update"),
        (r#"{"remove": [1]}"#, Format::Plain, "`remove[0]`: `1` is not a string"),
        (r#"{"remove": 1}"#, Format::Plain, "`remove`: `1` is not a list"),
        (r#"{"remove": "[q"}"#, Format::Plain, "`remove`: the text is not JSON"),
    ] {
        let error = express(event, format).unwrap_err();
        assert!(error.starts_with(message), "{event}: {error}");
    }
}

#[test]
fn one_path_may_be_text() {
    for (event, expected) in [
        (r#"{"remove": "q"}"#, "REMOVE #q"),
        (r#"{"remove": " q "}"#, "REMOVE #q"),
        (r#"{"remove": "q.list[0]"}"#, "REMOVE #q.#list[0]"),
        (r#"{"remove": "[\"q\", \"r\"]"}"#, "REMOVE #q, #r"),
        (r#"{"remove": [" q"]}"#, "REMOVE #_q"),
    ] {
        assert_eq!(express(event, Format::Plain).unwrap().0, expected, "{event}");
    }
}

#[test]
fn empty_inputs_are_left_out() {
    for (event, expected) in [
        ("{}", true),
        (r#"{"set": {}, "setTypes": {}, "remove": [], "add": {}, "append": "{}", "deleteFromSet": []}"#, true),
        (r#"{"remove": " "}"#, true),
        (r#"{"remove": "q"}"#, false),
        (r#"{"set": {"a": null}}"#, false),
        (r#"{"addTypes": {"a": "N"}}"#, false),
    ] {
        assert_eq!(inputs(event).unwrap().is_left_out(), expected, "{event}");
    }
}

#[test]
fn an_update_that_may_be_made_twice_sets_and_removes_no_elements() {
    for (event, expected) in [
        (r#"{"set": {"a": 1, "b[0].c": 2}, "remove": ["d", "e[1].f"]}"#, true),
        (r#"{"set": {"a[0]": 1}}"#, false),
        (r#"{"remove": ["a[0]"]}"#, false),
        (r#"{"set": {"a": 1}, "add": {"n": 1}}"#, false),
        (r#"{"set": {"a": 1}, "add": {}}"#, true),
        (r#"{"deleteFromSet": {"a": "x"}}"#, false),
        (r#"{"append": {"a": [1]}}"#, false),
    ] {
        assert_eq!(inputs(event).unwrap().is_idempotent(), expected, "{event}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_in_text_is_the_same_as_json(
        input in prop::sample::select(vec!["set", "add", "deleteFromSet", "append"]),
        elements in prop::collection::vec(prop::sample::select(vec!["1", "2.5", "\"x\"", "\"1\"", "{\"utf8\":\"x\"}", "null", "[]"]), 0..4),
        code in prop::sample::select(vec!["", "\"NS\"", "\"SS\"", "\"BS\"", "\"L\"", "[\"N\"]"]),
    ) {
        let list = format!("[{}]", elements.join(","));
        let as_text = Json::String(list.clone()).to_string();
        let members = format!(r#"{{"a":{list}}}"#);
        let members_as_text = Json::String(members.clone()).to_string();
        let event = |values: &str| match code {
            "" => format!(r#"{{"{input}": {values}}}"#),
            code => format!(r#"{{"{input}": {values}, "{input}Types": {{"a": {code}}}}}"#),
        };
        let expected = express(&event(&members), Format::Plain);
        prop_assert_eq!(express(&event(&members_as_text), Format::Plain), expected.clone());
        // A text without a type is a value of its own for `set`.
        if input != "set" || !code.is_empty() {
            let event = event(&format!(r#"{{"a":{as_text}}}"#));
            prop_assert_eq!(express(&event, Format::Plain).ok(), expected.ok());
        }
    }
}
