//! Spellings that forms and serializers write, and what they mean.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::{
    PATH, any_case,
    documents::{self, types, value},
    exact,
};
use crate::{
    input::FromJson as _,
    json::Json,
    path::Path,
    value::{Code, Types, binary, from_plain, from_typed, typed::looks_typed},
};

fn object(name: &str, json: Json) -> Json {
    Json::Object(vec![(name.to_owned(), json)])
}

/// A typed value with nulls beside its content at every depth, as serializers write it.
fn with_nulls(json: Json, nulls: &[&str]) -> Json {
    let Json::Object(mut members) = json else { panic!("{json} is not a typed value") };
    let (name, content) = members.remove(0);
    let content = match (Code::parse(&name), content) {
        (Some(Code::L), Json::Array(elements)) => {
            Json::Array(elements.into_iter().map(|json| with_nulls(json, nulls)).collect())
        }
        (Some(Code::M), Json::Object(members)) => {
            Json::Object(members.into_iter().map(|(name, json)| (name, with_nulls(json, nulls))).collect())
        }
        (_, other) => other,
    };
    let nulls = nulls.iter().filter(|null| **null != name).map(|null| ((*null).to_owned(), Json::Null));
    let mut members: Vec<_> = nulls.collect();
    members.insert(members.len() / 2, (name, content));
    Json::Object(members)
}

/// The types as an event has them.
fn written(types: &Types) -> Json {
    match types {
        Types::Code(code) => Json::String(code.to_string()),
        Types::Members(members) => {
            Json::Object(members.iter().map(|(name, types)| (name.clone(), written(types))).collect())
        }
        Types::Elements(types) => Json::Array(vec![written(types)]),
    }
}

fn text(json: &Json) -> Json {
    Json::String(json.to_string())
}

/// Whether text stands for a structure where these types are asked for.
fn asks_for_a_structure(types: &Types) -> bool {
    match types {
        Types::Members(_) | Types::Elements(_) => true,
        Types::Code(code) => matches!(code, Code::M | Code::L | Code::Ss | Code::Ns | Code::Bs),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_list_or_map_of_typed_values_is_typed_where_its_code_is_asked_for(
        elements in prop::collection::vec(documents::typed(any_case), 1..5)
    ) {
        let list = Json::Array(elements.clone());
        prop_assert_eq!(
            from_plain(list.clone(), Some(&Types::Code(Code::L)), &PATH),
            from_typed(object("L", list), &PATH)
        );
        let members = elements.into_iter().enumerate().map(|(index, json)| (format!("m{index}"), json));
        let map = Json::Object(members.collect());
        prop_assert_eq!(
            from_plain(map.clone(), Some(&Types::Code(Code::M)), &PATH),
            from_typed(object("M", map), &PATH)
        );
    }

    /// Without the code, and in a list where one element is not a typed value, JSON that has this form is JSON.
    #[test]
    fn other_lists_of_typed_values_are_plain(elements in prop::collection::vec(documents::typed(exact), 1..5)) {
        let untyped = from_plain(Json::Array(elements.clone()), None, &PATH);
        if let Ok(AttributeValue::L(values)) = &untyped {
            prop_assert!(values.iter().all(AttributeValue::is_m), "{untyped:?}");
        }
        let mixed = Json::Array(elements.into_iter().chain([Json::Null]).collect());
        let as_list = from_plain(mixed.clone(), Some(&Types::Code(Code::L)), &PATH);
        prop_assert_eq!(as_list.ok(), from_plain(mixed, None, &PATH).ok());
    }

    #[test]
    fn nulls_beside_a_typed_value_are_ignored(
        typed in documents::typed(exact),
        nulls in prop::sample::subsequence(vec!["S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"], 0..5)
    ) {
        let nullable = with_nulls(typed.clone(), &nulls);
        prop_assert!(looks_typed(&nullable));
        prop_assert_eq!(from_typed(nullable, &PATH), from_typed(typed, &PATH));
    }

    #[test]
    fn json_in_text_is_the_same_as_json(plain in value(), types in types(), typed in documents::typed(exact)) {
        // Numbers as the parser spells them.
        let plain = Json::parse(&plain.to_string()).unwrap();
        if asks_for_a_structure(&types) && matches!(plain, Json::Array(_) | Json::Object(_)) {
            let as_text = from_plain(text(&plain), Some(&types), &PATH);
            prop_assert_eq!(as_text.ok(), from_plain(plain, Some(&types), &PATH).ok());
        }
        let written = written(&types);
        if !matches!(types, Types::Code(_)) {
            prop_assert_eq!(Types::from_json(text(&written), &PATH), Types::from_json(written, &PATH));
        }

        let read = from_typed(typed.clone(), &PATH);
        prop_assert_eq!(&from_typed(text(&typed), &PATH), &read);
        if let Json::Object(mut members) = typed {
            let (code, content) = members.remove(0);
            if matches!(content, Json::Array(_) | Json::Object(_)) {
                prop_assert_eq!(from_typed(object(&code, text(&content)), &PATH), read);
            }
        }
    }

    /// A type in a list of one is met if any of the elements has its member. What has no such member is as without types.
    #[test]
    fn a_member_may_be_missing_in_some_elements(present in prop::collection::vec(any::<bool>(), 0..6)) {
        let element = |has: bool| if has { object("n", Json::String("1".into())) } else { object("x", Json::Null) };
        let list = Json::Array(present.iter().map(|has| element(*has)).collect());
        let types = Types::Elements(Box::new(Types::Members(vec![("n".into(), Types::Code(Code::N))])));
        let read = from_plain(list, Some(&types), &PATH);
        prop_assert_eq!(read.is_ok(), present.is_empty() || present.contains(&true));
        if let Ok(AttributeValue::L(elements)) = read {
            for (value, has) in elements.iter().zip(present) {
                let number = value.as_m().unwrap().get("n").cloned();
                prop_assert_eq!(number, has.then(|| AttributeValue::N("1".into())));
            }
        }
    }

    #[test]
    fn blanks_in_base64_are_ignored(
        bytes in prop::collection::vec(any::<u8>(), 0..40),
        blanks in prop::collection::vec((any::<prop::sample::Index>(), "[ \t\r\n]{1,3}"), 0..5)
    ) {
        let mut text = STANDARD.encode(&bytes);
        for (at, blank) in blanks {
            text.insert_str(at.index(text.len() + 1), &blank);
        }
        prop_assert_eq!(binary::decode(&text, &Path::Input("v")), Ok(bytes));
    }
}
