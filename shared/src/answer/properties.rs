//! Properties of every item that DynamoDB may return.

use proptest::prelude::*;

use super::{
    Answer,
    page::{Bounds, Pages},
    scanner::Scanner,
    transcode::attribute_map,
};
use crate::{
    dynamodb::{Continuation, Reply},
    input::Collection,
    json::Json,
    value::{
        Format, Values,
        properties::{
            documents::{item, sorted},
            typed_text::{self, Escapes},
        },
    },
};

/// The item in DynamoDB's JSON, as it was read from plain JSON text.
fn stored(members: &[(String, Json)], escapes: Escapes) -> String {
    let text = Json::Object(members.to_vec()).to_string();
    let Ok(Json::Object(read)) = Json::parse(&text) else { panic!("{text} is no object") };
    let values = Values { input: "item", values: Some(Collection(read)), types_input: "itemTypes", types: None };
    let attributes = values.into_attributes(Format::Plain).unwrap();
    typed_text::item(attributes.iter().map(|(name, value)| (name, value)), escapes)
}

fn transcode(typed: &str, format: Format) -> String {
    let mut out = String::new();
    attribute_map(&mut Scanner::new(typed), format, &mut out).unwrap();
    out
}

fn is_json(answer: &Answer) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(answer.as_ref()).is_ok()
}

fn reply(body: &[u8]) -> Reply {
    Reply { status: 200, attempts: 1, body: body.to_vec(), ..Reply::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// An item returns with the same digits and characters, however DynamoDB escapes its answer. Only the order of an
    /// object's members may differ, because DynamoDB has none.
    #[test]
    fn plain_to_dynamodb_to_plain_is_the_identity(members in item()) {
        let text = Json::Object(members.clone()).to_string();
        let before = sorted(Json::parse(&text).unwrap());
        for escapes in [Escapes::Few, Escapes::All] {
            let plain = transcode(&stored(&members, escapes), Format::Plain);
            prop_assert_eq!(Json::parse(&plain).map(sorted), Ok(before.clone()));
        }
    }

    #[test]
    fn typed_items_are_copied_byte_by_byte(members in item()) {
        let typed = stored(&members, Escapes::Few);
        prop_assert_eq!(transcode(&typed, Format::Typed), typed);
    }

    /// An answer that was damaged on its way becomes JSON or an error, never a panic.
    #[test]
    fn any_bytes_are_an_answer_or_an_error(members in item(), at in any::<prop::sample::Index>(), cut in 0..4_usize, put in prop::collection::vec(any::<u8>(), 0..4)) {
        let item = stored(&members, Escapes::Few);
        for body in [format!(r#"{{"Item":{item}}}"#), format!(r#"{{"Items":[{item},{item}],"Count":2,"ScannedCount":2}}"#)] {
            let mut body = body.into_bytes();
            let at = at.index(body.len());
            let end = (at + cut).min(body.len());
            body.splice(at..end, put.clone());
            for format in [Format::Plain, Format::Typed] {
                if let Ok(answer) = Answer::data(&reply(&body), format) {
                    prop_assert!(is_json(&answer));
                }
                let mut pages = Pages::new(format, Bounds { bytes: 400, items: Some(1) }, Continuation::Key);
                if pages.add(reply(&body), None).is_ok() {
                    prop_assert!(is_json(&pages.into_answer()));
                }
            }
        }
    }
}
