use super::*;

#[test]
fn a_key_value_is_a_scalar() {
    use Format::{Plain, Typed};
    let read = |value: &str, code, format| {
        key_value(json(value), code, format, &Path::Input("hashKeyValue")).map_err(|error| error.to_string())
    };
    for (value, code, format, expected) in [
        (r#""x""#, Code::S, Plain, s("x")),
        ("12", Code::S, Plain, s("12")),
        (r#""12""#, Code::N, Plain, n("12")),
        (r#""{\"S\":\"x\"}""#, Code::S, Plain, s(r#"{"S":"x"}"#)),
        (r#""aGk=""#, Code::B, Plain, b(b"hi")),
        (r#"{"utf8":"hi"}"#, Code::B, Plain, b(b"hi")),
        (r#"{"base64":"aGk="}"#, Code::B, Plain, b(b"hi")),
        (r#"{"type":"Buffer","data":[104,105]}"#, Code::B, Plain, b(b"hi")),
        (r#"{"S":"x"}"#, Code::S, Typed, s("x")),
        (r#"{"s":"x","n":null}"#, Code::S, Typed, s("x")),
        (r#""{\"S\":\"x\"}""#, Code::S, Typed, s("x")),
        (r#"{"N":12}"#, Code::N, Typed, n("12")),
    ] {
        assert_eq!(read(value, code, format), Ok(expected), "{value} as {code}");
    }
    let plain = "for a typed value give `inputFormat` `typed`";
    let typed = "a typed value is written {\"S\": \"x\"} and needs `inputFormat` `typed`";
    for (value, code, format, expected) in [
        (r#"{"S":"x"}"#, Code::S, Plain, plain),
        (r#"{"N":"1"}"#, Code::N, Plain, plain),
        (r#"{"B":"aGk="}"#, Code::B, Plain, plain),
        (r#"{"a":1}"#, Code::S, Plain, typed),
        (r#"["x"]"#, Code::S, Plain, typed),
        (r#"["aGk="]"#, Code::B, Plain, typed),
        ("{}", Code::N, Plain, typed),
        ("null", Code::S, Plain, typed),
        (r#"{"x":"y"}"#, Code::B, Plain, "is not a binary"),
        (r#"{"L":[]}"#, Code::S, Typed, typed),
        (r#"{"SS":["x"]}"#, Code::S, Typed, typed),
        (r#""x""#, Code::S, Typed, "for plain JSON give `inputFormat` `plain`"),
        ("12", Code::N, Typed, "for plain JSON give `inputFormat` `plain`"),
    ] {
        let error = read(value, code, format).unwrap_err();
        assert!(error.starts_with("`hashKeyValue`: `") && error.contains(expected), "{value} as {code}: {error}");
    }
}

#[test]
fn a_whole_key_has_scalars_only() {
    let key = |value: &str, types: &str, format| {
        let types =
            (!types.is_empty()).then(|| Collection(vec![("id".into(), Types::Code(Code::parse(types).unwrap()))]));
        let values = Values {
            input: "key",
            values: Some(Collection(vec![("id".into(), json(value))])),
            types_input: "keyTypes",
            types,
        };
        values.into_key(format).map(|mut key| key.remove(0).1).map_err(|error| error.to_string())
    };
    assert_eq!(key(r#""x""#, "", Format::Plain), Ok(s("x")));
    assert_eq!(key(r#"{"utf8":"hi"}"#, "B", Format::Plain), Ok(b(b"hi")));
    assert_eq!(key(r#"{"S":"x"}"#, "", Format::Typed), Ok(s("x")));
    for (value, types, format) in [
        (r#"{"S":"x"}"#, "", Format::Plain),
        (r#"{"S":"x"}"#, "S", Format::Plain),
        (r#"{"B":"aGk="}"#, "B", Format::Plain),
        (r#"["x"]"#, "", Format::Plain),
        (r#"["x"]"#, "SS", Format::Plain),
        (r#""[]""#, "L", Format::Plain),
        (r#"{"M":{}}"#, "", Format::Typed),
    ] {
        let error = key(value, types, format).unwrap_err();
        assert!(
            error.starts_with("`key.id`: ") && error.contains("`inputFormat` `typed`"),
            "{value} as {types}: {error}"
        );
    }
}
