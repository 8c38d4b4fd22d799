use proptest::prelude::*;
use serde::de::IgnoredAny;

use super::*;

fn value(text: &str) -> Result<&str, Broken> {
    let mut scanner = Scanner::new(text);
    let value = scanner.value()?;
    scanner.end()?;
    Ok(value)
}

#[test]
fn returns_a_value_as_it_stands_in_the_text() {
    for text in
        ["null", "-0.10E+5", r#""a\"\\\u00e9""#, "[]", "[ 1 , 2 ]", "{}", r#"{ "a" : [ { "b" : true } ] , "c":""}"#]
    {
        assert_eq!(value(text).unwrap(), text);
        assert_eq!(value(&format!(" \n{text}\t ")).unwrap(), text);
    }
}

#[test]
fn rejects_invalid_json_with_its_position() {
    for (text, message) in [
        ("", "a value is expected at byte 0"),
        ("nul", "a value is expected at byte 0"),
        ("[01]", "a value is expected at byte 1"),
        ("[1,]", "a value is expected at byte 3"),
        ("{\"a\":}", "a value is expected at byte 5"),
        ("{\"a\"}", "a colon is expected at byte 4"),
        ("{a:1}", "a string is expected at byte 1"),
        ("{\"a\":1,}", "a string is expected at byte 7"),
        ("[1 2]", "a comma or the array's end is expected at byte 3"),
        ("{\"a\":1", "a comma or the object's end is expected at byte 6"),
        ("\"a", "a string without an end at byte 2"),
        ("\"\n\"", "a control character in a string at byte 1"),
        (r#""\x""#, "an escape that JSON does not know at byte 1"),
        (r#""\u12g4""#, "an escape that JSON does not know at byte 1"),
        ("\"\\", "an escape that JSON does not know at byte 1"),
        ("1 2", "more than one value at byte 2"),
    ] {
        assert_eq!(value(text).unwrap_err().to_string(), message, "{text}");
    }
    assert!(value(&"[".repeat(100_000)).unwrap_err().to_string().starts_with("nested too deep"));
}

#[test]
fn rejects_half_a_surrogate_pair() {
    let text = |text| Scanner::new(text).string().unwrap();
    assert_eq!(text(r#""\ud83e\udd80""#).decode().unwrap(), "🦀");
    assert!(text(r#""\ud83e""#).decode().is_err());
    assert!(text(r#""\ud83e""#).write(&mut String::new()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The scanner accepts exactly what `serde_json` accepts.
    #[test]
    fn takes_what_serde_json_takes(text in prop_oneof![
        any::<String>(),
        r#"[{}\[\]",:a-z0-9 \\.+eEu-]{0,24}"#,
        r#"[\[{ ]{0,3}("([a-zé]|\\["\\/bfnrtu]|\\u[0-9a-f]{3,5}){0,4}"|-?[0-9]{0,3}(\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?|true|null|,|:|[\]} ]){0,6}"#,
    ]) {
        let expected = serde_json::from_str::<IgnoredAny>(&text);
        prop_assert_eq!(value(&text).is_ok(), expected.is_ok(), "{}: {:?}", text, expected);
    }
}
