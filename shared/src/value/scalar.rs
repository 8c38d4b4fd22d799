//! Strings, numbers and sets, as plain and typed values share them; text that holds a structure.

use std::{collections::HashSet, hash::Hash};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::Blob;

use super::{
    binary,
    limits::DEEPEST,
    number::Number,
    problem::{Problem, Rule},
};
use crate::{
    error::Error,
    input::{boolean as boolean_of, from_text},
    json::{Json, starts_with},
    path::Path,
};

/// A string as it is; of anything else but null, its compact JSON text.
pub(super) fn string(json: Json, path: &Path<'_>) -> Result<String, Error> {
    match json {
        Json::String(text) => Ok(text),
        Json::Null => Err(Rule::StringNotNull.broken_by(&json).at(path)),
        Json::Number(_) | Json::Bool(_) | Json::Array(_) | Json::Object(_) => Ok(json.to_string()),
    }
}

/// The digits of a number as they were given, without blanks around them.
pub(super) fn number(json: &Json, path: &Path<'_>) -> Result<String, Error> {
    parsed_number(json, path).map(|(_, digits)| digits)
}

fn parsed_number(json: &Json, path: &Path<'_>) -> Result<(Number, String), Error> {
    let digits = match json {
        Json::Number(digits) => digits.as_str(),
        Json::String(text) => text.trim(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => "",
    };
    match Number::parse(digits) {
        Ok(number) => Ok((number, digits.to_owned())),
        Err(error) => Err(Rule::Number(error).broken_by(json).at(path)),
    }
}

pub(super) fn boolean(json: &Json, path: &Path<'_>) -> Result<bool, Error> {
    boolean_of(json).ok_or_else(|| Rule::Boolean.broken_by(json).at(path))
}

pub(super) fn bytes(json: &Json, path: &Path<'_>) -> Result<Blob, Error> {
    binary::from_json(json, path).map(Blob::new)
}

/// The elements of a set in the order of their first appearance. Equal elements are kept once.
pub(super) fn string_set(json: Json, path: &Path<'_>) -> Result<AttributeValue, Error> {
    let read = |json, path: &Path<'_>| string(json, path).map(|text| (text.clone(), text));
    set(json, path, read).map(AttributeValue::Ss)
}

/// As [`string_set`]. Numbers are compared by value.
pub(super) fn number_set(json: Json, path: &Path<'_>) -> Result<AttributeValue, Error> {
    set(json, path, |json, path| parsed_number(&json, path)).map(AttributeValue::Ns)
}

/// As [`string_set`].
pub(super) fn binary_set(json: Json, path: &Path<'_>) -> Result<AttributeValue, Error> {
    let read = |json, path: &Path<'_>| {
        let bytes = binary::from_json(&json, path)?;
        Ok((bytes.clone(), Blob::new(bytes)))
    };
    set(json, path, read).map(AttributeValue::Bs)
}

/// `read` gives what an element is compared by, and the element.
fn set<K: Eq + Hash, V>(
    json: Json,
    path: &Path<'_>,
    read: impl Fn(Json, &Path<'_>) -> Result<(K, V), Error>,
) -> Result<Vec<V>, Error> {
    let elements = match structure(json, '[', path)? {
        Json::Array(elements) if elements.is_empty() => return Err(Problem::EmptySet.at(path)),
        Json::Array(elements) => elements,
        other => return Err(Rule::Array.broken_by(&other).at(path)),
    };
    let mut seen = HashSet::with_capacity(elements.len());
    let mut values = Vec::with_capacity(elements.len());
    for (index, json) in elements.into_iter().enumerate() {
        let (key, value) = read(json, &path.element(index))?;
        if seen.insert(key) {
            values.push(value);
        }
    }
    Ok(values)
}

/// An array or object, or the one that a text holds. `opening` is the first character of such a text. Any other JSON is
/// returned as it is.
pub(super) fn structure(json: Json, opening: char, path: &Path<'_>) -> Result<Json, Error> {
    match &json {
        // Text in text in text could be nested deeper than the stack is.
        Json::String(text) if starts_with(text, opening) && path.depth() > DEEPEST => {
            Err(Problem::TextTooDeep.at(path))
        }
        Json::String(text) if starts_with(text, opening) => from_text(json, path),
        _ => Ok(json),
    }
}
