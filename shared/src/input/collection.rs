//! Lists and collections of named values.

use super::{FromJson, Shape, from_text, is_blank, is_empty_structure};
use crate::{
    error::Error,
    json::{Json, first_repeated, starts_with},
    path::Path,
};

/// Reads a list, or text that holds one.
impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match from_text(json, path)? {
            Json::Array(elements) => {
                elements.into_iter().enumerate().map(|(index, json)| T::from_json(json, &path.element(index))).collect()
            }
            other => Err(Error::invalid(path, &other, "a list")),
        }
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn is_empty(json: &Json) -> bool {
        is_empty_structure(json)
    }
}

/// A list of names: a list, text that holds a list, or one name as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<T: FromJson> FromJson for List<T> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let json = match json {
            Json::String(text) if !starts_with(&text, '[') => Json::Array(vec![Json::String(text.trim().to_owned())]),
            other => other,
        };
        Vec::from_json(json, path).map(Self)
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Vec::<T>::shape(), T::shape()])
    }

    fn is_empty(json: &Json) -> bool {
        is_empty_structure(json)
    }
}

/// A list of values, each of which is read later by itself. A value may be `null` or an empty string.
#[derive(Debug, Default)]
pub struct JsonList(pub Vec<Json>);

impl FromJson for JsonList {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        Vec::from_json(json, path).map(Self)
    }

    fn shape() -> Shape {
        Vec::<Json>::shape()
    }

    fn is_left_out(json: &Json) -> bool {
        is_empty_structure(json)
    }

    fn is_empty(json: &Json) -> bool {
        is_empty_structure(json)
    }
}

/// Values by name: an object `{"name": value}`, a list `[{"key": "name", "value": …}]`, or text that holds either. Each
/// name occurs once.
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

    fn shape() -> Shape {
        Shape::Collection(Box::new(T::shape()))
    }

    fn is_left_out(json: &Json) -> bool {
        is_blank(json)
    }

    fn is_empty(json: &Json) -> bool {
        is_empty_structure(json)
    }
}

fn key_and_value(pair: Json, path: &Path<'_>) -> Result<(String, Json), Error> {
    let refuse = |json: &Json| Error::invalid(path, json, "an object with a `key` and a `value`");
    let Json::Object(members) = pair else {
        return Err(refuse(&pair));
    };
    match <[_; 2]>::try_from(members) {
        Ok([(key, Json::String(name)), (value, json)] | [(value, json), (key, Json::String(name))])
            if key == "key" && value == "value" =>
        {
            Ok((name, json))
        }
        Ok(other) => Err(refuse(&Json::Object(other.into()))),
        Err(members) => Err(refuse(&Json::Object(members))),
    }
}
