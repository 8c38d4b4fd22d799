//! Properties of every value. `PROPTEST_CASES` sets how many values are tried.

pub(crate) mod documents;
mod leniency;
pub(crate) mod typed_text;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use proptest::prelude::*;

use self::{
    documents::{number, sorted, types, value},
    typed_text::{Escapes, typed_text},
};
use super::{
    Code, Types, binary, from_plain, from_typed,
    number::{Number, NumberError, to_json},
};
use crate::{input::FromJson as _, json::Json, path::Path};

const PATH: Path<'_> = Path::Input("v");

fn exact(code: &'static str) -> BoxedStrategy<String> {
    Just(code.to_owned()).boxed()
}

/// `BOOL`, `bool`, `Bool`, `bOoL`. For `NULL` also `Nul`, as Step Functions writes it.
fn any_case(code: &'static str) -> BoxedStrategy<String> {
    let spelt = prop::collection::vec(any::<bool>(), code.len()).prop_map(move |upper| {
        let letters = code.chars().zip(upper);
        letters.map(|(letter, upper)| if upper { letter } else { letter.to_ascii_lowercase() }).collect()
    });
    if code == "NULL" { prop_oneof![spelt, Just("Nul".to_owned())].boxed() } else { spelt.boxed() }
}

fn reparsed(value: &AttributeValue) -> Json {
    Json::parse(&typed_text(value, Escapes::Few)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn typed_values_of_all_ten_types_come_back_as_they_went_in(typed in documents::typed(exact)) {
        let read = from_typed(Json::parse(&typed.to_string()).unwrap(), &PATH).unwrap();
        prop_assert_eq!(sorted(reparsed(&read)), sorted(typed));
    }

    #[test]
    fn type_keys_are_read_in_any_letter_case_at_any_depth(typed in documents::typed(any_case)) {
        let read = from_typed(typed, &PATH).unwrap();
        prop_assert_eq!(from_typed(reparsed(&read), &PATH).unwrap(), read);
    }

    #[test]
    fn a_plain_value_is_the_same_as_its_typed_spelling(plain in value()) {
        let read = from_plain(plain, None, &PATH).unwrap();
        prop_assert_eq!(from_typed(reparsed(&read), &PATH).unwrap(), read);
    }

    #[test]
    fn any_value_by_any_types_is_a_value_or_an_error(plain in value(), types in types()) {
        match from_plain(plain.clone(), Some(&types), &PATH) {
            Ok(value) => prop_assert_eq!(from_typed(reparsed(&value), &PATH).unwrap(), value),
            Err(error) => prop_assert!(error.to_string().starts_with("`v"), "{error}"),
        }
        if let Err(error) = from_typed(plain.clone(), &PATH) {
            prop_assert!(error.to_string().starts_with("`v"), "{error}");
        }
        if let Err(error) = Types::from_json(plain, &PATH) {
            prop_assert!(error.to_string().starts_with("`v"), "{error}");
        }
    }

    /// S takes everything but null. It keeps a string as it is, and anything else as its JSON.
    #[test]
    fn a_document_kept_as_text_reads_back_as_the_document(plain in value()) {
        let kept = from_plain(plain.clone(), Some(&Types::Code(Code::S)), &PATH);
        match (plain, kept) {
            (Json::Null, kept) => prop_assert!(kept.is_err()),
            (Json::String(text), kept) => prop_assert_eq!(kept, Ok(AttributeValue::S(text))),
            (document, Ok(AttributeValue::S(text))) => prop_assert_eq!(Json::parse(&text), Json::parse(&document.to_string())),
            (document, kept) => prop_assert!(false, "{document} became {kept:?}"),
        }
    }

    #[test]
    fn a_number_is_kept_digit_by_digit(digits in number()) {
        let value = from_plain(Json::Number(digits.clone()), None, &PATH);
        prop_assert_eq!(value, Ok(AttributeValue::N(digits.clone())));
        prop_assert_eq!(to_json(&digits), digits.as_str());
    }

    /// A number is written as JSON with the same value. Any other text is written as a string.
    #[test]
    fn the_numbers_that_are_read_are_those_that_are_written(text in r"[-+]{0,2}[0-9]{0,45}\.?[0-9]{0,45}([eE][-+]?[0-9]{0,5})?|.{0,6}") {
        let written = to_json(&text);
        match (Number::parse(&text), Json::parse(&written)) {
            (Err(NumberError::NotANumber), Ok(Json::String(kept))) => prop_assert_eq!(kept, text),
            (read, Ok(Json::Number(_))) => prop_assert_eq!(Number::parse(&written), read),
            (read, json) => prop_assert!(false, "{text:?} is {read:?}, written as {json:?}"),
        }
    }

    /// Moving the point, adjusting the exponent and adding zeros keeps the value. A set holds it once.
    #[test]
    fn every_spelling_of_a_number_is_the_same_number(digits in "[1-9][0-9]{0,37}", exponent in -80_i32..80, point in 0..60_i32, zeros in 0..5_usize) {
        let one = format!("{digits}e{exponent}");
        let shifted = exponent + point;
        let padded = format!("{}{digits}", "0".repeat(60));
        let (whole, fraction) = padded.split_at(padded.len() - usize::try_from(point).unwrap());
        let other = format!("{whole}.{fraction}{}E{shifted:+}", "0".repeat(zeros));
        prop_assert_eq!(Number::parse(&one), Number::parse(&other));
        prop_assert_ne!(Number::parse(&one), Number::parse(&format!("-{other}")));
        let set = Json::Array(vec![Json::String(one.clone()), Json::String(other)]);
        let set = from_plain(set, Some(&Types::Code(Code::Ns)), &PATH);
        if Number::parse(&one).is_ok() {
            prop_assert_eq!(set, Ok(AttributeValue::Ns(vec![one])));
        }
    }

    #[test]
    fn every_spelling_of_bytes_is_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            prop_assert_eq!(binary::decode(&engine.encode(&bytes), &PATH), Ok(bytes.clone()));
        }
        let data = Json::Array(bytes.iter().map(|byte| Json::Number(byte.to_string())).collect());
        let buffer = Json::Object(vec![("type".into(), Json::String("Buffer".into())), ("data".into(), data)]);
        prop_assert_eq!(binary::from_json(&buffer, &PATH), Ok(bytes));
    }

    #[test]
    fn any_text_is_bytes_a_code_and_json_or_an_error(text in documents::text(), pieces in r#"[-_+/=A-Za-z0-9{}\[\]",: \\]{0,40}"#) {
        for text in [text, pieces] {
            if let Err(error) = binary::decode(&text, &PATH) {
                prop_assert!(error.to_string().starts_with("`v`: "), "{error}");
            }
            if let Some(code) = Code::parse(&text) {
                prop_assert_eq!(Code::parse(&code.to_string()), Some(code));
            }
            if let Ok(json) = Json::parse(&text) {
                prop_assert_eq!(Json::parse(&json.to_string()), Ok(json));
            }
        }
    }
}
