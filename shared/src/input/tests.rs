//! What forms send, and what is wrong with it.

use super::*;

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
fn null_and_an_empty_string_are_left_out() {
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
