use super::*;

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
        (r#"" aG\nk=\n""#, r#""B""#, b(b"hi")),
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
        // M and L of typed values
        (r#"[{"S":"red"},{"N":"1"}]"#, r#""L""#, AttributeValue::L(vec![s("red"), n("1")])),
        (r#""[{\"S\":\"red\"}]""#, r#""L""#, AttributeValue::L(vec![s("red")])),
        (r#"{"a":{"N":"1"},"b":{"Nul":true}}"#, r#""M""#, m([("a", n("1")), ("b", AttributeValue::Null(true))])),
        (r#"[{"s":"x","n":null,"SS":null}]"#, r#""l""#, AttributeValue::L(vec![s("x")])),
        (
            r#"[{"M":{"a":{"L":[{"S":"x"}]}}}]"#,
            r#""L""#,
            AttributeValue::L(vec![m([("a", AttributeValue::L(vec![s("x")]))])]),
        ),
        (r#"{"a":{"b":{"N":"1"}}}"#, r#"{"a":"M"}"#, m([("a", m([("b", n("1"))]))])),
        (r#"[[{"N":"1"}]]"#, r#"["L"]"#, AttributeValue::L(vec![AttributeValue::L(vec![n("1")])])),
        // M and L that hold something else, or have no code, are plain.
        (r#"[{"S":"red"}]"#, "", AttributeValue::L(vec![m([("S", s("red"))])])),
        (r#"[{"S":"red"},"x"]"#, r#""L""#, AttributeValue::L(vec![m([("S", s("red"))]), s("x")])),
        (r#"[{"S":"red","x":1}]"#, r#""L""#, AttributeValue::L(vec![m([("S", s("red")), ("x", n("1"))])])),
        (r#"[{"S":"red","N":"1"}]"#, r#""L""#, AttributeValue::L(vec![m([("S", s("red")), ("N", s("1"))])])),
        (r#"{"a":{"S":null}}"#, r#""M""#, m([("a", m([("S", AttributeValue::Null(true))]))])),
        (r#"{"S":"red"}"#, r#""M""#, m([("S", s("red"))])),
        (r#"[{"S":"red"}]"#, r#"["M"]"#, AttributeValue::L(vec![m([("S", s("red"))])])),
        (r#"{"a":{"N":"1"}}"#, r#"{"a":{"N":"N"}}"#, m([("a", m([("N", n("1"))]))])),
        ("[]", r#""L""#, AttributeValue::L(vec![])),
        ("{}", r#""M""#, m([])),
        // A name that only some elements have
        (r#"[{"a":"1"},{"b":"2"}]"#, r#"[{"a":"N"}]"#, AttributeValue::L(vec![m([("a", n("1"))]), m([("b", s("2"))])])),
        (
            r#"[{},{"a":{"b":"1"}},{"a":{}}]"#,
            r#"[{"a":{"b":"N"}}]"#,
            AttributeValue::L(vec![m([]), m([("a", m([("b", n("1"))]))]), m([("a", m([]))])]),
        ),
        (
            r#"[[{"a":"1"}],[{}]]"#,
            r#"[[{"a":"N"}]]"#,
            AttributeValue::L(vec![AttributeValue::L(vec![m([("a", n("1"))])]), AttributeValue::L(vec![m([])])]),
        ),
        ("[]", r#"[{"a":"N"}]"#, AttributeValue::L(vec![])),
        (r#"[{"a":[]}]"#, r#"[{"a":[{"b":"N"}]}]"#, AttributeValue::L(vec![m([("a", AttributeValue::L(vec![]))])])),
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
        (r#"{"a":{}}"#, r#"{"a":{"b":"N"}}"#, "`v.a.b`: a type for a name that has no value"),
        (r#"[{"a":1},{"b":1}]"#, r#"[{"c":"N"}]"#, "`v[0].c`: a type for a name that has no value"),
        (r#"[{"a":{}},{"a":{}}]"#, r#"[{"a":{"b":"N"}}]"#, "`v[0].a.b`: a type for a name that has no value"),
        (r#"[{"a":1},{"a":"x"}]"#, r#"[{"a":"N"}]"#, "`v[1].a`: `\"x\"` is not a number"),
        (
            r#"{"a":{"N":"x"}}"#,
            r#""M""#,
            "`v.a.N`: `\"x\"` is not a number; all values of this map have the form of typed values",
        ),
        (
            r#"[{"L":10},{"L":3}]"#,
            r#""L""#,
            "`v[0].L`: `10` is not what DynamoDB's JSON has under L: an array of typed values; all values of this list",
        ),
        (r#"[{"L":["a"]}]"#, r#""L""#, "`v[0].L[0]`: `\"a\"` is not a typed value such as {\"S\": \"x\"}; all values"),
    ];
    for (value, types, expected) in cases {
        let error = plain(value, types).unwrap_err();
        assert!(error.contains(expected), "{value} as {types}: {error}");
    }
}

#[test]
fn a_missing_member_is_named_in_the_types_that_ask_for_it() {
    let values = Values {
        input: "item",
        values: Some(Collection(vec![("lines".into(), json(r#"[{"sku":"A"},{"sku":"B"}]"#))])),
        types_input: "itemTypes",
        types: Some(Collection(vec![(
            "lines".into(),
            Types::from_json(json(r#"[{"qty":"N"}]"#), &Path::Input("")).unwrap(),
        )])),
    };
    let error = values.into_attributes(Format::Plain).unwrap_err().to_string();
    assert!(error.starts_with("`itemTypes.lines[0].qty`: a type for a name that has no value"), "{error}");
}

/// What lists and maps take is refused on the way: as values, these would need hundreds of megabytes.
#[test]
fn values_of_more_than_400_kb_are_not_made() {
    let texts: Vec<_> = (0..100).map(|_| format!("[{}{{}}]", "{},".repeat(10_000))).collect();
    for (value, types) in [
        (format!("[{}0]", "0,".repeat(409_600)), ""),
        (format!("[{}{{}}]", "{},".repeat(102_400)), ""),
        (format!("[{}{{}}]", "{},".repeat(102_400)), r#""L""#),
        (format!(r#"[{}{{"L":[]}}]"#, r#"{"L":[]},"#.repeat(150_000)), r#""L""#),
        (Json::Array(texts.into_iter().map(Json::String).collect()).to_string(), r#"["L"]"#),
    ] {
        let error = plain(&value, types).unwrap_err();
        assert!(error.contains("`: the names, lists and maps alone have more bytes"), "{error}");
    }
    // The names of an item count.
    let members: Vec<_> = (0..100_000).map(|name| (format!("{name:05}"), Json::Null)).collect();
    let values = |input, members| Values { input, values: Some(Collection(members)), types_input: "", types: None };
    let error = values("item", members).into_attributes(Format::Plain).unwrap_err().to_string();
    assert!(error.starts_with("`item`: the names, lists and maps alone have more bytes"), "{error}");
    // A list that fits is read.
    assert!(plain(&format!("[{}null]", "null,".repeat(204_000)), "").is_ok());
}
