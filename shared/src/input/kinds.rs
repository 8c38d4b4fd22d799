//! The simple kinds of inputs: text, booleans and values. Also decides which values count as left out.

use super::{FromJson, Shape, number::whole};
use crate::{
    error::Error,
    json::{Fault, Json, without_mark},
    path::Path,
};

/// Whether this is `null` or a blank string. Forms send these for an empty field.
#[must_use]
pub fn is_blank(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => false,
    }
}

/// Whether this is blank, an empty object or list, or text that holds one.
#[must_use]
pub fn is_empty_structure(json: &Json) -> bool {
    match json {
        Json::Array(elements) => elements.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::String(text) => {
            let text = without_mark(text).trim();
            let inside = |open, close| text.strip_prefix(open)?.strip_suffix(close);
            text.is_empty() || inside('{', '}').or_else(|| inside('[', ']')).is_some_and(|text| text.trim().is_empty())
        }
        other => is_blank(other),
    }
}

/// The members of an object, or of text that holds one.
pub fn object(json: Json, path: &Path<'_>) -> Result<Vec<(String, Json)>, Error> {
    match from_text(json, path)? {
        Json::Object(members) => Ok(members),
        other => Err(Error::invalid(path, &other, "an object")),
    }
}

/// A structure, or the structure that a text holds.
pub fn from_text(json: Json, path: &Path<'_>) -> Result<Json, Error> {
    match json {
        Json::String(text) => Json::parse(&text).map_err(|error| {
            error.locate(path, |path| match error.fault() {
                Fault::Syntax(_) => Error::input(path, format_args!("the text is not JSON: {error}")),
                Fault::RepeatedMember(_) | Fault::HalfCharacter(_) | Fault::TooDeep | Fault::TooManyValues => {
                    Error::input(path, &error)
                }
            })
        }),
        other => Ok(other),
    }
}

impl<T: FromJson> FromJson for Option<T> {
    const READS_TEXT: bool = T::READS_TEXT;

    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        if T::is_empty(&json) { Ok(None) } else { T::from_json(json, path).map(Some) }
    }

    fn shape() -> Shape {
        T::shape()
    }

    fn left_out(_path: &Path<'_>) -> Result<Self, Error> {
        Ok(None)
    }

    fn is_required() -> bool {
        false
    }

    fn is_left_out(json: &Json) -> bool {
        T::is_empty(json)
    }
}

/// Reads any JSON as a value. An empty string means an empty form field. A string of blanks is a value.
impl FromJson for Json {
    fn from_json(json: Json, _path: &Path<'_>) -> Result<Self, Error> {
        Ok(json)
    }

    fn shape() -> Shape {
        Shape::Value
    }

    fn is_left_out(json: &Json) -> bool {
        match json {
            Json::Null => true,
            Json::String(text) => text.is_empty(),
            Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => false,
        }
    }
}

/// Reads a name or an expression without surrounding blanks.
impl FromJson for String {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::String(text) if text.trim().is_empty() => Self::left_out(path),
            Json::String(text) if text.trim().len() == text.len() => Ok(text),
            Json::String(text) => Ok(text.trim().to_owned()),
            other => Err(Error::invalid(path, &other, "a string")),
        }
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

/// A string with its blanks. It may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verbatim(pub String);

impl FromJson for Verbatim {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::String(text) => Ok(Self(text)),
            other => Err(Error::invalid(path, &other, "a string")),
        }
    }

    fn shape() -> Shape {
        Shape::Verbatim
    }

    fn is_left_out(json: &Json) -> bool {
        *json == Json::Null
    }
}

/// Reads a boolean, or a word or number that means one.
impl FromJson for bool {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        boolean(&json).ok_or_else(|| Error::invalid(path, &json, BOOLEAN_RULE))
    }

    fn shape() -> Shape {
        Shape::Boolean
    }
}

/// The rule for booleans, as an error shows it.
pub const BOOLEAN_RULE: &str = "a boolean: true/t/yes/y/1 or false/f/no/n/0";

/// The boolean that the JSON means: a boolean, one of the words (in any letter case) or one of the numbers. `None` for
/// any other value.
#[must_use]
pub fn boolean(json: &Json) -> Option<bool> {
    let word = match json {
        Json::Bool(value) => return Some(*value),
        Json::Number(digits) => {
            return match whole(digits) {
                Some(1) => Some(true),
                Some(0) => Some(false),
                _ => None,
            };
        }
        Json::String(text) => text.trim(),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    if is(&["true", "t", "yes", "y", "1"]) {
        Some(true)
    } else if is(&["false", "f", "no", "n", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// An input that is accepted and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ignored;

impl FromJson for Ignored {
    fn from_json(_json: Json, _path: &Path<'_>) -> Result<Self, Error> {
        Ok(Self)
    }

    fn shape() -> Shape {
        Shape::Ignored
    }
}
