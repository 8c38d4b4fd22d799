//! Strategies for documents, typed values, numbers and texts of every kind.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use crate::{
    json::{Json, first_repeated},
    value::{Code, Types, number::Number},
};

/// Texts that some layer could misread.
const ODD: [&str; 22] = [
    "",
    " ",
    "$serde_json::private::Number",
    "$serde_json::private::RawValue",
    "with.dots",
    "a[0]",
    "#n",
    ":v",
    "\"",
    "\\",
    "\\u0041",
    "\0",
    "\u{7f}\u{85}\u{2028}\u{feff}",
    "\n\r\t\u{8}\u{c}",
    "🦀👩‍👩‍👧",
    "\u{10ffff}",
    "S",
    "NULL",
    "key",
    "value",
    "base64",
    "{\"a\": 1}",
];

/// Any text: printable, odd, or random.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => any::<String>(),
        2 => prop::sample::select(ODD.to_vec()).prop_map(str::to_owned),
        1 => prop::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter),
    ]
}

/// A number that DynamoDB holds, in JSON's spelling.
pub(crate) fn number() -> impl Strategy<Value = String> {
    let edges = [
        "0",
        "-0",
        "0.00",
        "1e0",
        "0e999999999999999999999",
        "1E-130",
        "-9.9999999999999999999999999999999999999E+125",
        "99999999999999999999999999999999999999",
        "18446744073709551616",
        "-9223372036854775809",
        "0.1",
        "100000000000000000000000000000000000000000000000000000000000000",
    ];
    let any =
        (any::<bool>(), "[0-9]{1,38}", any::<prop::sample::Index>(), prop::option::of((-140..140_i32, "[eE]\\+?")))
            .prop_map(|(negative, digits, point, exponent)| {
                let (whole, fraction) = digits.split_at(point.index(digits.len() + 1));
                let mut text = String::from(if negative { "-" } else { "" });
                text.push_str(Some(whole.trim_start_matches('0')).filter(|whole| !whole.is_empty()).unwrap_or("0"));
                if !fraction.is_empty() {
                    text.extend([".", fraction]);
                }
                if let Some((exponent, letter)) = exponent {
                    let letter = if exponent < 0 { &letter[..1] } else { &letter };
                    text.extend([letter, &exponent.to_string()]);
                }
                text
            });
    prop_oneof![
        4 => any.prop_filter("what DynamoDB holds", |text| Number::parse(text).is_ok()),
        1 => prop::sample::select(edges.to_vec()).prop_map(str::to_owned),
    ]
}

/// An object's members. No name occurs twice.
fn members<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<(String, T)>> {
    prop::collection::vec((text(), value), 0..6)
        .prop_filter("a name given twice", |members| first_repeated(members).is_none())
}

/// A plain value of the type S, N, BOOL, NULL, M or L, nested up to eight levels deep.
pub(crate) fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(Json::Bool),
        3 => number().prop_map(Json::Number),
        3 => text().prop_map(Json::String),
    ];
    leaf.prop_recursive(8, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            members(inner).prop_map(Json::Object)
        ]
    })
}

/// A plain item.
pub(crate) fn item() -> impl Strategy<Value = Vec<(String, Json)>> {
    members(value())
}

/// A value of any of the ten types in DynamoDB JSON. `code` gives the spelling of a type's code.
pub(crate) fn typed(code: impl Fn(&'static str) -> BoxedStrategy<String>) -> BoxedStrategy<Json> {
    fn set(element: impl Strategy<Value = String>) -> impl Strategy<Value = Json> {
        prop::collection::btree_set(element, 1..5)
            .prop_map(|elements| Json::Array(elements.into_iter().map(Json::String).collect()))
    }
    let pair = |(code, json)| Json::Object(vec![(code, json)]);
    let binary = || prop::collection::vec(any::<u8>(), 0..20).prop_map(|bytes| STANDARD.encode(bytes));
    let leaf = prop_oneof![
        (code("S"), text().prop_map(Json::String)).prop_map(pair),
        (code("N"), number().prop_map(Json::String)).prop_map(pair),
        (code("B"), binary().prop_map(Json::String)).prop_map(pair),
        (code("BOOL"), any::<bool>().prop_map(Json::Bool)).prop_map(pair),
        (code("NULL"), Just(Json::Bool(true))).prop_map(pair),
        (code("SS"), set(text())).prop_map(pair),
        (code("NS"), set(number())).prop_map(pair),
        (code("BS"), set(binary())).prop_map(pair),
    ];
    let (list, map) = (code("L"), code("M"));
    leaf.prop_recursive(8, 64, 6, move |inner| {
        let elements = prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array);
        prop_oneof![
            (list.clone(), elements).prop_map(pair),
            (map.clone(), members(inner).prop_map(Json::Object)).prop_map(pair),
        ]
    })
    .boxed()
}

/// Types of any shape. They may not fit a value.
pub(crate) fn types() -> impl Strategy<Value = Types> {
    use Code::{B, Bool, Bs, L, M, N, Ns, Null, S, Ss};
    prop::sample::select(vec![S, N, B, Bool, Null, M, L, Ss, Ns, Bs]).prop_map(Types::Code).prop_recursive(
        3,
        12,
        4,
        |inner| {
            prop_oneof![
                inner.clone().prop_map(|types| Types::Elements(Box::new(types))),
                members(inner).prop_map(Types::Members)
            ]
        },
    )
}

/// The document with the members of each object sorted by name, because DynamoDB keeps no order.
pub(crate) fn sorted(json: Json) -> Json {
    match json {
        Json::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(name, json)| (name, sorted(json))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Json::Object(members)
        }
        Json::Array(elements) => Json::Array(elements.into_iter().map(sorted).collect()),
        leaf @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) => leaf,
    }
}
