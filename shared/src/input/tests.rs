//! Inputs as forms send them, and the errors for invalid ones.

use super::*;
use crate::inputs;

inputs! {
    struct Sample {
        table: String = ["tableName"],
        limit: Option<Count> = ["limit"],
        fetch_all: Option<bool> = ["fetchAll"],
        value: Option<Json> = ["hashKeyValue", "value"],
        names: Option<Collection<String>> = ["names"],
    }
}

fn read(text: &str) -> Result<Sample, String> {
    let Json::Object(members) = Json::parse(text).unwrap() else { panic!("not an object") };
    Inputs::read(members, None).map_err(|error| error.to_string())
}

#[test]
fn reads_what_forms_send() {
    let sample = read(
        r#"{"tableName": " Users ", "limit": "25", "fetchAll": "Yes", "value": 0, "names": "[{\"key\":\"a\",\"value\":\"b\"}]"}"#,
    )
    .unwrap();
    assert_eq!(sample.table, "Users");
    assert_eq!(sample.limit.map(Count::get), Some(25));
    assert_eq!(sample.fetch_all, Some(true));
    assert_eq!(sample.value, Some(Json::Number("0".into())));
    assert_eq!(sample.names, Some(Collection(vec![("a".into(), "b".into())])));
}

#[test]
fn null_and_an_empty_string_count_as_left_out() {
    let sample =
        read(r#"{"tableName": "T", "limit": "", "fetchAll": null, "value": "", "hashKeyValue": "k"}"#).unwrap();
    assert_eq!(sample.limit, None);
    assert_eq!(sample.fetch_all, None);
    assert_eq!(sample.value, Some(Json::String("k".into())));
}

#[test]
fn says_what_is_wrong_and_where() {
    for (event, message) in [
        ("{}", "`tableName`: required input is missing"),
        (r#"{"tableName": "  "}"#, "`tableName`: required input is missing"),
        (r#"{"tabelName": "T"}"#, "`tabelName`: unknown input; the nearest is `tableName`"),
        (r#"{"tableName": "T", "xyz": null}"#, "`xyz`: unknown input; the nearest is `"),
        (r#"{"tableName": 7}"#, "`tableName`: `7` is not a string"),
        (r#"{"tableName": "T", "limit": 0}"#, "`limit`: `0` is not a whole number from 1 to 2147483647"),
        (r#"{"tableName": "T", "limit": 1.5}"#, "`limit`: `1.5` is not a whole number"),
        (r#"{"tableName": "T", "fetchAll": "maybe"}"#, "`fetchAll`: `\"maybe\"` is not a boolean: true/t/yes/y/1 or"),
        (r#"{"tableName": "T", "fetchAll": 2}"#, "`fetchAll`: `2` is not a boolean"),
        (r#"{"tableName": "T", "value": 1, "hashKeyValue": 2}"#, "the same input as `"),
        (
            r#"{"tableName": "T", "names": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}"#,
            "`names.a`: the list has this key twice",
        ),
        (
            r#"{"tableName": "T", "names": [{"key": "a"}]}"#,
            "`names[0]`: `{\"key\":\"a\"}` is not an object with a `key` and a `value`",
        ),
        (r#"{"tableName": "T", "names": "{"}"#, "`names`: the text is not JSON: EOF"),
        (r#"{"tableName": "T", "names": {"a": 1}}"#, "`names.a`: `1` is not a string"),
    ] {
        let error = read(event).unwrap_err();
        assert!(error.contains(message), "{event}: {error}");
    }
}

inputs! {
    #[expect(dead_code, reason = "only errors are looked at")]
    struct Event {
        item: Option<Json> = ["item"],
        region: Option<String> = ["region"],
    }
}

fn event_error(payload: &str) -> String {
    Members::parse(payload).and_then(read_event::<Event>).unwrap_err().to_string()
}

#[test]
fn rejects_a_payload_that_is_not_an_event() {
    for (payload, message) in [
        ("", "the payload is empty"),
        (" ", "the payload is empty"),
        ("null", "the payload is not a JSON object: invalid type: null, expected an object"),
        ("[]", "the payload is not a JSON object: invalid type: sequence"),
        (r#""text""#, "the payload is not a JSON object: invalid type: string"),
        ("12", "the payload is not a JSON object: invalid type"),
        ("{", "the payload is not JSON: EOF"),
        ("what", "the payload is not JSON: expected"),
        (r#"{"item": 1, "item": 2}"#, "`item`: given twice"),
        (r#"{"item": {"a": 1, "a": 2}}"#, "`item`: the object names `a` twice"),
        (r#"{"itme": 1}"#, "`itme`: unknown input; the nearest is `item`"),
    ] {
        let error = event_error(payload);
        assert!(error.starts_with(message), "{payload}: {error}");
    }
}

#[test]
fn a_byte_order_mark_before_an_event_is_ignored() {
    assert!(Members::parse("\u{feff} {\"item\": 1}").and_then(read_event::<Event>).is_ok());
}

#[test]
fn names_the_input_that_is_nested_too_deep() {
    let error = event_error(&format!(r#"{{"item": {}{}}}"#, "[".repeat(1_000), "]".repeat(1_000)));
    assert_eq!(error, "`item`: nested more than 127 levels deep; DynamoDB holds 32 levels");
}

#[test]
fn does_not_search_for_a_name_similar_to_a_long_one() {
    let name = "x".repeat(1_000_000);
    assert!(event_error(&format!(r#"{{"{name}": 1}}"#)).ends_with("`: unknown input"));
}

#[test]
fn an_empty_optional_structure_counts_as_left_out() {
    for text in ["{}", "[]", "\"{}\"", "\"[]\"", "\" { } \"", "\"\u{feff}[ ]\"", "\"\"", "\" \"", "null"] {
        let sample = read(&format!(r#"{{"tableName": "T", "names": {text}}}"#)).unwrap();
        assert_eq!(sample.names, None, "{text}");
    }
}

#[test]
fn a_list_of_names_may_be_one_name_as_text() {
    let list = |text: &str| List::<String>::from_json(Json::parse(text).unwrap(), &Path::Input("l")).map(|List(l)| l);
    assert_eq!(list(r#""q""#), Ok(vec!["q".to_owned()]));
    assert_eq!(list(r#""[\"q\", \"r\"]""#), Ok(vec!["q".to_owned(), "r".to_owned()]));
    assert_eq!(list(r#"["q"]"#), Ok(vec!["q".to_owned()]));
}

#[test]
fn a_declaration_describes_itself() {
    inputs! {
        #[expect(dead_code, reason = "only its description is looked at")]
        struct Declared {
            /// The table's name.
            /// A second line.
            table: String = ["tableName", "table"] { example: "T" },
            /// The most items.
            limit: Option<Count> = ["limit"] { default: 10, alternatives: ["table"] },
        }
    }
    let fields = fields_of::<Declared>();
    assert_eq!(fields[0].names, ["tableName", "table"]);
    assert_eq!(fields[0].summary, " The table's name.\n A second line.\n");
    assert_eq!((fields[0].required, fields[1].required), (true, false));
    assert_eq!(fields[0].example, Some("T".into()));
    assert_eq!(fields[1].default, Some(10.into()));
    assert_eq!(fields[1].alternatives, ["table"]);
    assert!(matches!(fields[1].shape, Shape::Whole { least: 1, most: 2_147_483_647 }));
}
