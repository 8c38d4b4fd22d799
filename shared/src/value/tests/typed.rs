use super::*;

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
        // What serializers write
        (r#"{"s":"x","n":null,"ss":null}"#, s("x")),
        (r#"{"unknown":null,"M":{"a":{"b":null,"N":"1"}}}"#, m([("a", n("1"))])),
        (r#"{"BOOL":"true"}"#, AttributeValue::Bool(true)),
        (r#"{"Bool":0}"#, AttributeValue::Bool(false)),
        (r#"{"NULL":"true"}"#, AttributeValue::Null(true)),
        (r#"{"B":{"type":"Buffer","data":[104,105]}}"#, b(b"hi")),
        (r#"{"BS":[{"utf8":"hi"},"aG k"]}"#, AttributeValue::Bs(vec![Blob::new("hi"), Blob::new("hi")])),
        // Structures as text
        (r#""{\"S\":\"x\"}""#, s("x")),
        (r#"{"M":"{\"a\":{\"N\":\"1\"}}"}"#, m([("a", n("1"))])),
        (r#"{"L":" [{\"S\":\"x\"}]"}"#, AttributeValue::L(vec![s("x")])),
        (r#"{"SS":"[\"x\"]"}"#, AttributeValue::Ss(texts(&["x"]))),
        (r#"{"S":"{\"S\":\"x\"}"}"#, s(r#"{"S":"x"}"#)),
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
        (r#"{"S":"x","N":"1"}"#, "is not a typed value: it has both `S` and `N`"),
        (r#"{"S":null}"#, "is not a typed value: it has no member but nulls"),
        (r#"{"S":"x","a":1}"#, "is not a typed value such as"),
        (r#"{"X":"x"}"#, "is not a typed value"),
        (r#"{"S":1}"#, "`v.S`: `1` is not what DynamoDB's JSON has under S: a string"),
        (r#"{"BOOL":"maybe"}"#, "`v.BOOL`: `\"maybe\"` is not a boolean"),
        (r#"{"BOOL":[]}"#, "under BOOL: a boolean"),
        (r#"{"SS":["a",1]}"#, "`v.SS[1]`: `1` is not a string"),
        (r#"{"B":12}"#, "under B: base64 text"),
        (r#"{"M":"{"}"#, "`v.M`: the text is not JSON: EOF"),
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

#[test]
fn what_is_always_typed_says_what_to_give() {
    let path = Path::Input("exclusiveStartKey");
    let error = page_key(Collection(vec![("id".into(), json(r#""a""#))]), &path).unwrap_err().to_string();
    assert_eq!(
        error,
        "`exclusiveStartKey.id`: `\"a\"` is not a typed value such as {\"S\": \"x\"}; give the `LastEvaluatedKey` as it came"
    );
    let path = Path::Input("queryParameters");
    let error = always_typed(json("1"), Origin::QueryParameters, &path).unwrap_err().to_string();
    assert!(error.ends_with("; values in `queryParameters` are typed, whatever `inputFormat` is"), "{error}");
}

/// Each text doubles the escapes of the text in it, so that the depth of all of them together is what must be bounded.
#[test]
fn structures_in_texts_in_structures_do_not_overflow_the_stack() {
    let mut typed = String::from(r#"{"S":"x"}"#);
    let mut asked_for = String::from(r#""S""#);
    for _ in 0..6 {
        for _ in 0..30 {
            typed = format!(r#"{{"L":[{typed}]}}"#);
            asked_for = format!("[{asked_for}]");
        }
        typed = Json::String(typed).to_string();
        asked_for = Json::String(asked_for).to_string();
    }
    let error = from_typed(json(&typed), &Path::Input("v")).unwrap_err().to_string();
    assert!(error.contains("JSON as text inside too many other levels"), "{error}");
    let error = Types::from_json(json(&asked_for), &Path::Input("v")).unwrap_err().to_string();
    assert!(error.contains("JSON as text inside too many other levels"), "{error}");
}
