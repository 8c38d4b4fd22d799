use proptest::prelude::*;

use super::{Fault, Json, ParseError, starts_with};
use crate::{path::Path, value::properties::documents::value};

fn place_of(error: &ParseError) -> String {
    error.locate(&Path::Input("item"), |path| path.to_string())
}

/// Each text is read and written back as it is.
#[test]
fn keeps_a_document_as_it_was_written() {
    for text in [
        "null",
        "true",
        r#""""#,
        "0",
        "-0",
        "1.50",
        "-9223372036854775809",
        "1e+5",
        "1e-130",
        "12345678901234567890123456789012345678",
        "[]",
        "{}",
        r#"[1,[2,{"a":[]}]]"#,
        r#"{"z":1,"a":2,"":3}"#,
        r#"{"$serde_json::private::Number":"1"}"#,
        r#"{"$serde_json::private::RawValue":"[1]"}"#,
        r#"{"$serde_json::private::Number":1,"b":2}"#,
        r#""quote \" slash \\ \u0000 \n 🦀""#,
    ] {
        assert_eq!(Json::parse(text).map(|json| json.to_string()), Ok(text.to_owned()));
    }
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    for (text, path, message) in [
        ("", "item", "EOF while parsing a value at line 1 column 0"),
        ("{", "item", "EOF while parsing an object at line 1 column 1"),
        ("\n\n[1, what]", "item", "expected value at line 3 column 5"),
        ("[1 2]", "item", "expected `,` or `]` at line 1 column 4"),
        (r#"{"a": [{"b": tru}]}"#, "item", "expected ident at line 1 column 17"),
        ("[] []", "item", "trailing characters at line 1 column 4"),
        (r#"{"a": {"b": 1, "b": 2}}"#, "item.a", "the object names `b` twice at line 1 column 22"),
    ] {
        let error = Json::parse(text).unwrap_err();
        assert_eq!(error.to_string(), message, "{text}");
        assert_eq!(place_of(&error), path, "{text}");
    }
}

#[test]
fn half_a_character_is_named_with_its_member() {
    for (text, path, escape) in [
        (r#"{"a": ["x", "\ud83d"]}"#, "item.a[1]", r"\ud83d"),
        (r#"{"a": "\ude00"}"#, "item.a", r"\ude00"),
        (r#"{"a": "\ud83dx"}"#, "item.a", r"\ud83d"),
        (r#"{"a": "\ud83d\n"}"#, "item.a", r"\ud83d"),
        (r#"{"a": "\ud83d\u0041"}"#, "item.a", r"\ud83d"),
        (r#"{"a": "\\ \ud83d\ude00", "b": "\uD83D\ud83d"}"#, "item.b", r"\uD83D"),
        (r#"{"a": {"\ud83d": 1}}"#, "item.a", r"\ud83d"),
        ("{\n\"é\": 1,\n\"a\": \"\\ud83d\"}", "item.a", r"\ud83d"),
    ] {
        let error = Json::parse(text).unwrap_err();
        assert_eq!(error.fault(), &Fault::HalfCharacter(escape.to_owned()), "{text}");
        assert_eq!(place_of(&error), path, "{text}");
    }
    // A backslash and the letters after it are not an escape.
    let error = Json::parse(r#"{"a": "\\ud83d", "b": what}"#).unwrap_err();
    assert!(matches!(error.fault(), Fault::Syntax(_)), "{error}");
    assert!(Json::parse(r#"{"a": "\ud83d\ude00 \\ud83d"}"#).is_ok());
}

#[test]
fn reads_127_levels_and_no_more() {
    let lists = |levels: usize, leaf: &str| format!("{}{leaf}{}", "[".repeat(levels), "]".repeat(levels));
    let objects = |levels: usize, leaf: &str| format!("{}{leaf}{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    for leaf in ["1", "1.5", r#""x""#] {
        assert!(Json::parse(&lists(127, leaf)).is_ok());
        assert!(Json::parse(&objects(127, leaf)).is_ok());
    }
    for text in [
        lists(128, "1"),
        lists(127, "{}"),
        objects(127, "[]"),
        objects(127, "{}"),
        objects(128, "1"),
        "[".repeat(100_000),
    ] {
        let error = Json::parse(&text).unwrap_err();
        assert_eq!(error.fault(), &Fault::TooDeep);
        assert_eq!(error.to_string(), "nested more than 127 levels deep; DynamoDB holds 32 levels");
        assert_eq!(place_of(&error), "item");
    }
}

#[test]
fn reads_500_000_values_and_no_more() {
    let list = |values: usize| format!("[{}1]", "1,".repeat(values - 1));
    assert!(Json::parse(&list(499_999)).is_ok());
    let error = Json::parse(&list(500_000)).unwrap_err();
    assert_eq!(error.fault(), &Fault::TooManyValues);
    assert_eq!(error.to_string(), "more than 500000 values; give fewer at once");
}

#[test]
fn blanks_and_a_byte_order_mark_before_a_document_are_ignored() {
    for text in ["\u{feff}[1]", "\u{feff}\n [1]", " \n\u{feff}[1]", "\u{a0}[1]", "\n\t[1]"] {
        assert_eq!(Json::parse(text), Json::parse("[1]"), "{text:?}");
        assert!(starts_with(text, '['), "{text:?}");
        assert!(!starts_with(text, '{'), "{text:?}");
    }
    assert!(Json::parse("[\u{feff}1]").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_length_is_that_of_the_text(document in value(), text in any::<String>()) {
        for document in [document, Json::String(text)] {
            prop_assert_eq!(document.text_len(), document.to_string().len());
        }
    }

    #[test]
    fn what_was_written_is_read_as_the_same(json in value(), mark in prop::sample::select(vec!["", "\u{feff}", " \n", "\u{feff} "])) {
        let read = Json::parse(&format!("{mark}{json}")).unwrap();
        prop_assert_eq!(Json::parse(&read.to_string()), Ok(read.clone()));
        prop_assert_eq!(Json::parse(&json.to_string()), Ok(read));
    }

    /// Our reader takes exactly what `serde_json` takes, but for names that occur twice.
    #[test]
    fn any_text_is_json_or_an_error(text in any::<String>(), pieces in r#"([{}\[\]",:a0 .]|\\u|d83d|de00|\\\\){0,20}"#) {
        for text in [text, pieces] {
            let known = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            match Json::parse(&text) {
                Ok(json) => prop_assert_eq!(Json::parse(&json.to_string()), Ok(json)),
                Err(error) => {
                    let lax = matches!(error.fault(), Fault::RepeatedMember(_) | Fault::HalfCharacter(_));
                    prop_assert!(!known || lax, "{text:?}: {error}");
                }
            }
        }
    }
}
