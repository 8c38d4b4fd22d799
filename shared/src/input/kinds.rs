//! The kinds of inputs: texts, words, numbers, lists, collections, each read from what a form or a program sends.

use super::FromJson;
use crate::{
    error::{Error, quote},
    json::{Fault, Json, first_repeated},
    path::Path,
};

/// The members of an object, which may be given as text that holds one.
pub fn object(json: Json, path: &Path<'_>) -> Result<Vec<(String, Json)>, Error> {
    match from_text(json, path)? {
        Json::Object(members) => Ok(members),
        other => Err(Error::invalid(path, &other, "an object")),
    }
}

/// A structure, or the one that a text holds.
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
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        if json.is_left_out() { Ok(None) } else { T::from_json(json, path).map(Some) }
    }

    fn left_out(_path: &Path<'_>) -> Result<Self, Error> {
        Ok(None)
    }
}

/// A value: whatever JSON stands there.
impl FromJson for Json {
    fn from_json(json: Json, _path: &Path<'_>) -> Result<Self, Error> {
        Ok(json)
    }
}

/// A name or an expression, without the blanks around it.
impl FromJson for String {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::String(text) if text.trim().is_empty() => Self::left_out(path),
            Json::String(text) if text.trim().len() == text.len() => Ok(text),
            Json::String(text) => Ok(text.trim().to_owned()),
            other => Err(Error::invalid(path, &other, "a string")),
        }
    }
}

/// A string as it stands, blanks and all; it may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verbatim(pub String);

impl FromJson for Verbatim {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::String(text) => Ok(Self(text)),
            other => Err(Error::invalid(path, &other, "a string")),
        }
    }
}

/// A boolean, or one of the words and numbers that stand for it.
impl FromJson for bool {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        boolean(&json).ok_or_else(|| Error::invalid(path, &json, BOOLEAN_RULE))
    }
}

/// What counts as a boolean, for an error.
pub const BOOLEAN_RULE: &str = "a boolean: true/t/yes/y/1 or false/f/no/n/0";

/// A boolean, or one of the words (in any letter case) and numbers that stand for it; never "truthy".
#[must_use]
pub fn boolean(json: &Json) -> Option<bool> {
    let word = match json {
        Json::Bool(value) => return Some(*value),
        Json::Number(digits) => digits.as_str(),
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

/// A whole number from 1 to `MOST`, given as a number or as its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const MOST: i64 = { i32::MAX as i64 }>(i64);

impl<const MOST: i64> Count<MOST> {
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }

    /// The number, as the SDK's `Limit` wants it.
    #[must_use]
    pub fn to_limit(self) -> i32 {
        i32::try_from(self.0).unwrap_or(i32::MAX)
    }

    /// The number, to count with.
    #[must_use]
    pub fn to_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl<const MOST: i64> FromJson for Count<MOST> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let digits = match &json {
            Json::Number(digits) => digits.as_str(),
            Json::String(text) => text.trim(),
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => "",
        };
        match digits.parse() {
            Ok(number) if (1..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(Error::invalid(path, &json, format_args!("a whole number from 1 to {MOST}"))),
        }
    }
}

/// A list, or text that holds one.
impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match from_text(json, path)? {
            Json::Array(elements) => {
                elements.into_iter().enumerate().map(|(index, json)| T::from_json(json, &path.element(index))).collect()
            }
            other => Err(Error::invalid(path, &other, "a list")),
        }
    }
}

/// Values by name: an object `{"name": value}`, a list `[{"key": "name", "value": …}]`, or text that holds
/// either; every name once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection<T>(pub Vec<(String, T)>);

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: FromJson> FromJson for Collection<T> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let members = match from_text(json, path)? {
            Json::Object(members) => members,
            Json::Array(pairs) => {
                let members = pairs
                    .into_iter()
                    .enumerate()
                    .map(|(index, pair)| key_and_value(pair, &path.element(index)))
                    .collect::<Result<Vec<_>, _>>()?;
                if let Some(name) = first_repeated(&members) {
                    return Err(Error::input(&path.member(name), "the list has this key twice; give each once"));
                }
                members
            }
            other => {
                return Err(Error::invalid(path, &other, r#"an object {"name": value} or a list [{"key", "value"}]"#));
            }
        };
        members
            .into_iter()
            .map(|(name, json)| {
                let value = T::from_json(json, &path.member(&name))?;
                Ok((name, value))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn key_and_value(pair: Json, path: &Path<'_>) -> Result<(String, Json), Error> {
    let Json::Object(members) = pair else {
        return Err(no_pair(&pair, path));
    };
    match <[_; 2]>::try_from(members) {
        Ok([(key, Json::String(name)), (value, json)] | [(value, json), (key, Json::String(name))])
            if key == "key" && value == "value" =>
        {
            Ok((name, json))
        }
        Ok(other) => Err(no_pair(&Json::Object(other.into()), path)),
        Err(members) => Err(no_pair(&Json::Object(members), path)),
    }
}

fn no_pair(json: &Json, path: &Path<'_>) -> Error {
    Error::input(path, format_args!("{} is not an object with a `key` and a `value`", quote(json)))
}
