//! JSON → DynamoDB's values, plain and typed.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::Blob;

use super::{Code, Types, binary, number::Number};
use crate::{
    error::Error,
    input::{BOOLEAN_RULE, boolean, from_text},
    json::Json,
    path::Path,
};

/// Plain JSON → value: the type asked for, or the one that the JSON has.
///
/// # Errors
/// [`Error::InvalidInput`] with the path of the part that cannot be coerced.
pub fn from_plain(json: Json, types: Option<&Types>, path: &Path<'_>) -> Result<AttributeValue, Error> {
    match types {
        Some(Types::Code(code)) => coerce(json, *code, path),
        Some(Types::Members(types)) => map(json, types, path),
        Some(Types::Elements(types)) => list(json, Some(types), path),
        None => match json {
            Json::Null => Ok(AttributeValue::Null(true)),
            Json::Bool(value) => Ok(AttributeValue::Bool(value)),
            Json::Number(_) => number(&json, path).map(AttributeValue::N),
            Json::String(text) => Ok(AttributeValue::S(text)),
            Json::Array(_) => list(json, None, path),
            Json::Object(_) => map(json, &[], path),
        },
    }
}

/// Named plain values, each with its type if there is one; a type without a value is an error at `types_path`.
pub(super) fn members_from_plain(
    members: Vec<(String, Json)>,
    path: &Path<'_>,
    types: &[(String, Types)],
    types_path: &Path<'_>,
) -> Result<Vec<(String, AttributeValue)>, Error> {
    if !types.is_empty() {
        let names: HashSet<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        if let Some((name, _)) = types.iter().find(|(name, _)| !names.contains(name.as_str())) {
            let message = "a type for a name that has no value; leave it out or give the value";
            return Err(Error::input(&types_path.member(name), message));
        }
    }
    // By name, because an event may hold hundreds of thousands.
    let types: HashMap<&str, &Types> = types.iter().map(|(name, types)| (name.as_str(), types)).collect();
    members
        .into_iter()
        .map(|(name, json)| {
            let value = from_plain(json, types.get(name.as_str()).copied(), &path.member(&name))?;
            Ok((name, value))
        })
        .collect()
}

fn coerce(json: Json, code: Code, path: &Path<'_>) -> Result<AttributeValue, Error> {
    match code {
        Code::S => string(json, path).map(AttributeValue::S),
        Code::N => number(&json, path).map(AttributeValue::N),
        Code::B => binary::from_json(&json, path).map(|bytes| AttributeValue::B(Blob::new(bytes))),
        Code::Bool => boolean(&json).map(AttributeValue::Bool).ok_or_else(|| Error::invalid(path, &json, BOOLEAN_RULE)),
        Code::Null => match json {
            Json::Null => Ok(AttributeValue::Null(true)),
            other => Err(Error::invalid(path, &other, "null")),
        },
        Code::M => map(json, &[], path),
        Code::L => list(json, None, path),
        Code::Ss => {
            set(json, path, |json, path| string(json, path).map(|text| (text.clone(), text))).map(AttributeValue::Ss)
        }
        Code::Ns => set(json, path, |json, path| {
            let digits = number(&json, path)?;
            // `number` has just accepted these digits.
            let value = Number::parse(&digits).map_err(|error| Error::invalid(path, &json, error))?;
            Ok((value, digits))
        })
        .map(AttributeValue::Ns),
        Code::Bs => set(json, path, |json, path| {
            let bytes = binary::from_json(&json, path)?;
            Ok((bytes.clone(), Blob::new(bytes)))
        })
        .map(AttributeValue::Bs),
    }
}

fn string(json: Json, path: &Path<'_>) -> Result<String, Error> {
    match json {
        Json::String(text) => Ok(text),
        Json::Null => Err(Error::invalid(path, &json, "a string; for a null give the type NULL")),
        Json::Number(_) | Json::Bool(_) | Json::Array(_) | Json::Object(_) => Ok(json.to_string()),
    }
}

/// The digits as they stand.
fn number(json: &Json, path: &Path<'_>) -> Result<String, Error> {
    let digits = match json {
        Json::Number(digits) => digits.as_str(),
        Json::String(text) => text.trim(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => "",
    };
    match Number::parse(digits) {
        Ok(_) => Ok(digits.to_owned()),
        Err(error) => Err(Error::invalid(path, json, error)),
    }
}

fn map(json: Json, types: &[(String, Types)], path: &Path<'_>) -> Result<AttributeValue, Error> {
    match structure(json, '{', path)? {
        Json::Object(members) => members_from_plain(members, path, types, path)
            .map(|members| AttributeValue::M(members.into_iter().collect())),
        other => Err(Error::invalid(path, &other, "an object, or text that holds one")),
    }
}

fn list(json: Json, types: Option<&Types>, path: &Path<'_>) -> Result<AttributeValue, Error> {
    match structure(json, '[', path)? {
        Json::Array(elements) => elements
            .into_iter()
            .enumerate()
            .map(|(index, json)| from_plain(json, types, &path.element(index)))
            .collect::<Result<_, _>>()
            .map(AttributeValue::L),
        other => Err(Error::invalid(path, &other, "an array, or text that holds one")),
    }
}

/// The elements in order of first appearance, equal ones once; `read` gives what they are compared by, too.
fn set<K: Eq + std::hash::Hash, V>(
    json: Json,
    path: &Path<'_>,
    read: impl Fn(Json, &Path<'_>) -> Result<(K, V), Error>,
) -> Result<Vec<V>, Error> {
    let elements = match structure(json, '[', path)? {
        Json::Array(elements) if elements.is_empty() => return Err(empty_set(path)),
        Json::Array(elements) => elements,
        other => return Err(Error::invalid(path, &other, "an array, or text that holds one")),
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

fn empty_set(path: &Path<'_>) -> Error {
    Error::input(path, "an empty set: DynamoDB has none; leave the attribute out, or give a list (L)")
}

/// An array or object, or the one that a text holds; `opening` is how such a text starts.
fn structure(json: Json, opening: char, path: &Path<'_>) -> Result<Json, Error> {
    match &json {
        Json::String(text) if text.trim_start().starts_with(opening) => from_text(json, path),
        _ => Ok(json),
    }
}

/// DynamoDB's own JSON → value: `{"S": "x"}`, the type keys in any letter case.
///
/// # Errors
/// [`Error::InvalidInput`] with the path of the part that is not DynamoDB's JSON.
pub fn from_typed(json: Json, path: &Path<'_>) -> Result<AttributeValue, Error> {
    let mut members = match json {
        Json::Object(members) if members.len() == 1 => members,
        other => return Err(not_typed(&other, path)),
    };
    let (key, json) = members.swap_remove(0);
    let Some(code) = Code::parse(&key) else {
        return Err(not_typed(&Json::Object(vec![(key, json)]), path));
    };
    let path = &path.member(&key);
    match (code, json) {
        (Code::S, Json::String(text)) => Ok(AttributeValue::S(text)),
        (Code::N, json @ (Json::String(_) | Json::Number(_))) => number(&json, path).map(AttributeValue::N),
        (Code::B, Json::String(text)) => binary::decode(&text, path).map(|bytes| AttributeValue::B(Blob::new(bytes))),
        (Code::Bool, Json::Bool(value)) => Ok(AttributeValue::Bool(value)),
        (Code::Null, Json::Bool(true)) => Ok(AttributeValue::Null(true)),
        (Code::M, Json::Object(members)) => {
            members_from_typed(members, path).map(|members| AttributeValue::M(members.into_iter().collect()))
        }
        (Code::L, Json::Array(elements)) => each(elements, path, from_typed).map(AttributeValue::L),
        (Code::Ss | Code::Ns | Code::Bs, Json::Array(elements)) if elements.is_empty() => Err(empty_set(path)),
        (Code::Ss, Json::Array(elements)) => each(elements, path, |json, path| match json {
            Json::String(text) => Ok(text),
            other => Err(Error::invalid(path, &other, "a string")),
        })
        .map(AttributeValue::Ss),
        (Code::Ns, Json::Array(elements)) => {
            each(elements, path, |json, path| number(&json, path)).map(AttributeValue::Ns)
        }
        (Code::Bs, Json::Array(elements)) => each(elements, path, |json, path| match json {
            Json::String(text) => binary::decode(&text, path).map(Blob::new),
            other => Err(Error::invalid(path, &other, "base64 text")),
        })
        .map(AttributeValue::Bs),
        (code, other) => Err(Error::invalid(
            path,
            &other,
            format_args!("what DynamoDB's JSON has under {code}: {}", typed_rule(code)),
        )),
    }
}

fn typed_rule(code: Code) -> &'static str {
    match code {
        Code::S => "a string",
        Code::N => "a string with a number",
        Code::B => "base64 text",
        Code::Bool => "a boolean",
        Code::Null => "true",
        Code::M => "an object of typed values",
        Code::L => "an array of typed values",
        Code::Ss => "an array of strings",
        Code::Ns => "an array of strings with numbers",
        Code::Bs => "an array of base64 texts",
    }
}

/// Named typed values.
pub(super) fn members_from_typed(
    members: Vec<(String, Json)>,
    path: &Path<'_>,
) -> Result<Vec<(String, AttributeValue)>, Error> {
    members
        .into_iter()
        .map(|(name, json)| {
            let value = from_typed(json, &path.member(&name))?;
            Ok((name, value))
        })
        .collect()
}

fn each<T>(
    elements: Vec<Json>,
    path: &Path<'_>,
    read: impl Fn(Json, &Path<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    elements.into_iter().enumerate().map(|(index, json)| read(json, &path.element(index))).collect()
}

fn not_typed(json: &Json, path: &Path<'_>) -> Error {
    Error::invalid(path, json, r#"a typed value such as {"S": "x"}; for plain JSON give `inputFormat` `plain`"#)
}
