//! Bytes, in the four spellings that a caller may use.

use std::borrow::Cow;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::problem::Rule;
use crate::{error::Error, json::Json, path::Path};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Bytes from base64 text, `{"base64": "…"}`, `{"utf8": "…"}` or the JSON of a Node.js `Buffer`:
/// `{"type": "Buffer", "data": [104, 105]}`.
pub(super) fn from_json(json: &Json, path: &Path<'_>) -> Result<Vec<u8>, Error> {
    let invalid = || Rule::Bytes.broken_by(json).at(path);
    match json {
        Json::String(text) => decode(text, path),
        Json::Object(members) => match members.as_slice() {
            [(name, Json::String(text))] if name == "base64" => decode(text, path),
            [(name, Json::String(text))] if name == "utf8" => Ok(text.clone().into_bytes()),
            [(kind, Json::String(buffer)), (data, Json::Array(bytes))]
            | [(data, Json::Array(bytes)), (kind, Json::String(buffer))]
                if kind == "type" && buffer == "Buffer" && data == "data" =>
            {
                bytes.iter().map(byte).collect::<Option<_>>().ok_or_else(invalid)
            }
            _ => Err(invalid()),
        },
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => Err(invalid()),
    }
}

fn byte(json: &Json) -> Option<u8> {
    match json {
        Json::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// Bytes from base64 text, in the standard or the URL-safe alphabet, with or without padding. Blanks and line breaks, such
/// as `base64` and PEM files have, are ignored.
pub(super) fn decode(text: &str, path: &Path<'_>) -> Result<Vec<u8>, Error> {
    let dense = if text.contains(char::is_whitespace) {
        Cow::Owned(text.split_whitespace().collect())
    } else {
        Cow::Borrowed(text)
    };
    let engine = if dense.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    engine
        .decode(dense.as_bytes())
        .map_err(|error| Rule::Base64(error).broken_by(&Json::String(text.to_owned())).at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling_of_the_same_bytes() {
        for text in [
            r#""+/9oaQ==""#,
            r#""+/9oaQ""#,
            r#""-_9oaQ==""#,
            r#""-_9oaQ""#,
            r#"" +/9o\r\n\taQ==\n""#,
            r#""-_9o aQ\n""#,
            r#"{"base64": "+/9oaQ==\n"}"#,
            r#"{"base64": "+/9oaQ=="}"#,
            r#"{"type": "Buffer", "data": [251, 255, 104, 105]}"#,
            r#"{"data": [251, 255, 104, 105], "type": "Buffer"}"#,
        ] {
            let bytes = from_json(&Json::parse(text).unwrap(), &Path::Input("item"));
            assert_eq!(bytes.unwrap(), [251, 255, 104, 105], "{text}");
        }
        let bytes = from_json(&Json::parse(r#"{"utf8": "hé"}"#).unwrap(), &Path::Input("item"));
        assert_eq!(bytes.unwrap(), "hé".as_bytes());
    }

    #[test]
    fn rejects_what_holds_no_bytes() {
        for text in [
            r#""not base64!""#,
            r#""a""#,
            r#"{"type": "Buffer", "data": [256]}"#,
            r#"{"type": "Buffer", "data": [1.5]}"#,
            r#"{"base64": "aGk=", "utf8": "hi"}"#,
            "{}",
            "[104]",
            "12",
            "null",
        ] {
            let error = from_json(&Json::parse(text).unwrap(), &Path::Input("photo")).unwrap_err().to_string();
            assert!(error.starts_with("`photo`: `"), "{text}: {error}");
        }
    }
}
