//! The table of the module's page, as a table of tests.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::Blob;

use super::*;
use crate::input::FromJson;

fn json(text: &str) -> Json {
    Json::parse(text).unwrap()
}

fn plain(value: &str, types: &str) -> Result<AttributeValue, String> {
    let types = (!types.is_empty()).then(|| Types::from_json(json(types), &Path::Input("itemTypes")).unwrap());
    from_plain(json(value), types.as_ref(), &Path::Input("v")).map_err(|error| error.to_string())
}

fn typed(value: &str) -> Result<AttributeValue, String> {
    from_typed(json(value), &Path::Input("v")).map_err(|error| error.to_string())
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.into())
}

fn b(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

fn m<const N: usize>(members: [(&str, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn plain_values_become_what_the_table_says() {
    let cases = [
        // Without a type, the JSON type decides.
        (r#""""#, "", s("")),
        (r#"" x ""#, "", s(" x ")),
        ("12345678901234567890123456789012345678", "", n("12345678901234567890123456789012345678")),
        ("1.50", "", n("1.50")),
        ("true", "", AttributeValue::Bool(true)),
        ("null", "", AttributeValue::Null(true)),
        (r#"[1,"a",[]]"#, "", AttributeValue::L(vec![n("1"), s("a"), AttributeValue::L(vec![])])),
        (r#"{"$serde_json::private::Number":"1"}"#, "", m([("$serde_json::private::Number", s("1"))])),
        // S
        ("12.0", r#""S""#, s("12.0")),
        ("true", r#""s""#, s("true")),
        (r#"{"b": [1, null], "a": 2}"#, r#""S""#, s(r#"{"b":[1,null],"a":2}"#)),
        // N
        (r#"" 42 ""#, r#""N""#, n("42")),
        ("42", r#""n""#, n("42")),
        // B
        (r#""aGk""#, r#""B""#, b(b"hi")),
        (r#"{"utf8":"hi"}"#, r#""B""#, b(b"hi")),
        // BOOL
        (r#""Yes""#, r#""BOOL""#, AttributeValue::Bool(true)),
        (r#"" f ""#, r#""bool""#, AttributeValue::Bool(false)),
        ("1", r#""Bool""#, AttributeValue::Bool(true)),
        ("0", r#""BOOL""#, AttributeValue::Bool(false)),
        // NULL
        ("null", r#""NULL""#, AttributeValue::Null(true)),
        ("null", r#""Nul""#, AttributeValue::Null(true)),
        // M and L, also from text
        (r#"{"zip":"07001"}"#, r#"{"zip":"S"}"#, m([("zip", s("07001"))])),
        (r#""{\"zip\":1}""#, r#""M""#, m([("zip", n("1"))])),
        (r#""{\"zip\":1}""#, r#"{"zip":"S"}"#, m([("zip", s("1"))])),
        (r#"["1","2"]"#, r#"["N"]"#, AttributeValue::L(vec![n("1"), n("2")])),
        (r#""[1]""#, r#""L""#, AttributeValue::L(vec![n("1")])),
        (r#"[{"a":"1"}]"#, r#"[{"a":"N"}]"#, AttributeValue::L(vec![m([("a", n("1"))])])),
        // Sets
        (r#"["b","a","b"]"#, r#""SS""#, AttributeValue::Ss(texts(&["b", "a"]))),
        (r#"[1,"1.0","1e0",2]"#, r#""NS""#, AttributeValue::Ns(texts(&["1", "2"]))),
        (r#""[\"a\"]""#, r#""ss""#, AttributeValue::Ss(texts(&["a"]))),
        (r#"["aGk=",{"utf8":"hi"},{"utf8":""}]"#, r#""BS""#, AttributeValue::Bs(vec![Blob::new("hi"), Blob::new("")])),
    ];
    for (value, types, expected) in cases {
        assert_eq!(plain(value, types), Ok(expected), "{value} as {types}");
    }
}

#[test]
fn what_cannot_be_coerced_is_an_error_with_its_path() {
    let cases = [
        ("null", r#""S""#, "`v`: `null` is not a string"),
        (r#""12a""#, r#""N""#, "`v`: `\"12a\"` is not a number"),
        (r#""""#, r#""N""#, "`v`: `\"\"` is not a number"),
        ("true", r#""N""#, "`v`: `true` is not a number"),
        ("123456789012345678901234567890123456789", "", "it has 39 significant digits"),
        ("1e126", "", "the largest magnitude"),
        (r#""maybe""#, r#""BOOL""#, "`v`: `\"maybe\"` is not a boolean"),
        ("2", r#""BOOL""#, "`v`: `2` is not a boolean"),
        (r#""null""#, r#""NULL""#, "`v`: `\"null\"` is not null"),
        (r#""x""#, r#""M""#, "`v`: `\"x\"` is not an object"),
        (r#""{""#, r#""M""#, "`v`: the text is not JSON"),
        (r#"{"a":1}"#, r#""L""#, "is not an array"),
        ("[]", r#""SS""#, "`v`: an empty set"),
        (r#"[1,"x"]"#, r#""NS""#, "`v[1]`: `\"x\"` is not a number"),
        (r#"["a",null]"#, r#""SS""#, "`v[1]`: `null` is not a string"),
        (r#"{"a":{"b":"x"}}"#, r#"{"a":{"b":"N"}}"#, "`v.a.b`: `\"x\"` is not a number"),
        (r#"{"a":1}"#, r#"{"b":"N"}"#, "`v.b`: a type for a name that has no value"),
    ];
    for (value, types, expected) in cases {
        let error = plain(value, types).unwrap_err();
        assert!(error.contains(expected), "{value} as {types}: {error}");
    }
}

#[test]
fn typed_values_are_read_in_any_letter_case() {
    let cases = [
        (r#"{"S":"x"}"#, s("x")),
        (r#"{"n":"1"}"#, n("1")),
        (r#"{"N":1}"#, n("1")),
        (r#"{"B":"aGk="}"#, b(b"hi")),
        (r#"{"Bool":false}"#, AttributeValue::Bool(false)),
        (r#"{"Nul":true}"#, AttributeValue::Null(true)),
        (r#"{"M":{"a":{"L":[{"Ss":["x"]}]}}}"#, m([("a", AttributeValue::L(vec![AttributeValue::Ss(texts(&["x"]))]))])),
        (r#"{"NS":["1","2"]}"#, AttributeValue::Ns(texts(&["1", "2"]))),
        (r#"{"bs":["aGk="]}"#, AttributeValue::Bs(vec![Blob::new("hi")])),
    ];
    for (value, expected) in cases {
        assert_eq!(typed(value), Ok(expected), "{value}");
    }
}

#[test]
fn rejects_what_is_not_dynamodbs_json() {
    let cases = [
        (r#""x""#, "`v`: `\"x\"` is not a typed value"),
        ("{}", "is not a typed value"),
        (r#"{"S":"x","N":"1"}"#, "is not a typed value"),
        (r#"{"X":"x"}"#, "is not a typed value"),
        (r#"{"S":1}"#, "`v.S`: `1` is not what DynamoDB's JSON has under S: a string"),
        (r#"{"BOOL":"true"}"#, "under BOOL: a boolean"),
        (r#"{"NULL":false}"#, "under NULL: true"),
        (r#"{"N":"x"}"#, "`v.N`: `\"x\"` is not a number"),
        (r#"{"L":[{"S":"a"},"b"]}"#, "`v.L[1]`: `\"b\"` is not a typed value"),
        (r#"{"SS":[]}"#, "an empty set"),
    ];
    for (value, expected) in cases {
        let error = typed(value).unwrap_err();
        assert!(error.contains(expected), "{value}: {error}");
    }
}

#[test]
fn types_beside_typed_values_are_an_error() {
    let values = Values {
        input: "item",
        values: Some(Collection(vec![("a".into(), json(r#"{"S":"x"}"#))])),
        types_input: "itemTypes",
        types: Some(Collection(vec![("a".into(), Types::Code(Code::S))])),
    };
    let error = values.into_attributes(Format::Typed).unwrap_err().to_string();
    assert!(error.starts_with("`itemTypes`: with `inputFormat` `typed`"), "{error}");
}
