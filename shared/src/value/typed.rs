//! DynamoDB JSON → DynamoDB's values.
//!
//! A typed value is an object whose one member is a type code with its content: `{"S": "x"}`. What serializers write is
//! taken too: codes in any letter case (Step Functions writes `Bool` and `Nul`), members that are null beside the one
//! that counts, a number for N, and a structure as text.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    Code, Origin,
    budget::Budget,
    problem::{Problem, Rule},
    scalar::{boolean, bytes, number, structure},
    size,
};
use crate::{error::Error, input::boolean as boolean_of, json::Json, path::Path};

/// DynamoDB JSON → value, where `inputFormat` asks for it.
///
/// # Errors
/// [`Error::InvalidInput`] with the path of the part that is not DynamoDB JSON.
pub fn from_typed(json: Json, path: &Path<'_>) -> Result<AttributeValue, Error> {
    Reader { origin: Origin::InputFormat, budget: &Budget::new() }.read(json, path)
}

/// One value that is typed whatever `inputFormat` is.
///
/// # Errors
/// As [`from_typed`], and for a value that is nested too deep.
pub fn always_typed(json: Json, origin: Origin, path: &Path<'_>) -> Result<AttributeValue, Error> {
    let value = Reader { origin, budget: &Budget::new() }.read(json, path)?;
    size::check_depth(&value, path)?;
    Ok(value)
}

/// Named typed values.
pub(super) fn members_from_typed(
    members: Vec<(String, Json)>,
    origin: Origin,
    path: &Path<'_>,
) -> Result<Vec<(String, AttributeValue)>, Error> {
    Reader { origin, budget: &Budget::new() }.members(members, path)
}

/// Whether this has the form of a typed value: an object whose names are all type codes, with one member that is not null.
pub(super) fn looks_typed(json: &Json) -> bool {
    let Json::Object(members) = json else { return false };
    members.iter().all(|(name, _)| Code::parse(name).is_some())
        && members.iter().filter(|(_, json)| *json != Json::Null).count() == 1
}

#[derive(Clone, Copy)]
pub(super) struct Reader<'b> {
    pub(super) origin: Origin,
    pub(super) budget: &'b Budget,
}

impl Reader<'_> {
    fn read(self, json: Json, path: &Path<'_>) -> Result<AttributeValue, Error> {
        let mut members = match structure(json, '{', path)? {
            Json::Object(members) => members,
            other => return Err(Rule::Typed(self.origin).broken_by(&other).at(path)),
        };
        let mut with_value = members.iter().enumerate().filter(|(_, (_, json))| *json != Json::Null);
        let rule = match (with_value.next(), with_value.next()) {
            (Some((at, (name, _))), None) => match Code::parse(name) {
                Some(code) => {
                    let (name, json) = members.swap_remove(at);
                    return self.content(code, json, &path.member(&name));
                }
                None => Rule::Typed(self.origin),
            },
            (Some((_, (one, _))), Some((_, (other, _))))
                if Code::parse(one).is_some() && Code::parse(other).is_some() =>
            {
                Rule::TypedTwice(one.clone(), other.clone())
            }
            (None, _) if !members.is_empty() => Rule::TypedWithoutValue(self.origin),
            _ => Rule::Typed(self.origin),
        };
        Err(rule.broken_by(&Json::Object(members)).at(path))
    }

    fn content(self, code: Code, json: Json, path: &Path<'_>) -> Result<AttributeValue, Error> {
        let json = match code {
            Code::M => structure(json, '{', path)?,
            Code::L | Code::Ss | Code::Ns | Code::Bs => structure(json, '[', path)?,
            Code::S | Code::N | Code::B | Code::Bool | Code::Null => json,
        };
        match (code, json) {
            (Code::S, Json::String(text)) => Ok(AttributeValue::S(text)),
            (Code::N, json @ (Json::String(_) | Json::Number(_))) => number(&json, path).map(AttributeValue::N),
            (Code::B, json @ (Json::String(_) | Json::Object(_))) => bytes(&json, path).map(AttributeValue::B),
            (Code::Bool, json @ (Json::Bool(_) | Json::String(_) | Json::Number(_))) => {
                boolean(&json, path).map(AttributeValue::Bool)
            }
            (Code::Null, json) if boolean_of(&json) == Some(true) => Ok(AttributeValue::Null(true)),
            (Code::M, Json::Object(members)) => self.map(members, path),
            (Code::L, Json::Array(elements)) => self.list(elements, path),
            (Code::Ss | Code::Ns | Code::Bs, Json::Array(elements)) if elements.is_empty() => {
                Err(Problem::EmptySet.at(path))
            }
            (Code::Ss, Json::Array(elements)) => each(elements, path, |json, path| match json {
                Json::String(text) => Ok(text),
                other => Err(Rule::String.broken_by(&other).at(path)),
            })
            .map(AttributeValue::Ss),
            (Code::Ns, Json::Array(elements)) => {
                each(elements, path, |json, path| number(&json, path)).map(AttributeValue::Ns)
            }
            (Code::Bs, Json::Array(elements)) => {
                each(elements, path, |json, path| bytes(&json, path)).map(AttributeValue::Bs)
            }
            (code, other) => Err(Rule::Content(code).broken_by(&other).at(path)),
        }
    }

    pub(super) fn map(self, members: Vec<(String, Json)>, path: &Path<'_>) -> Result<AttributeValue, Error> {
        self.budget.container(members.len(), path)?;
        self.members(members, path).map(|members| AttributeValue::M(members.into_iter().collect()))
    }

    pub(super) fn list(self, elements: Vec<Json>, path: &Path<'_>) -> Result<AttributeValue, Error> {
        self.budget.container(elements.len(), path)?;
        each(elements, path, |json, path| self.read(json, path)).map(AttributeValue::L)
    }

    fn members(self, members: Vec<(String, Json)>, path: &Path<'_>) -> Result<Vec<(String, AttributeValue)>, Error> {
        members
            .into_iter()
            .map(|(name, json)| {
                self.budget.name(&name, path)?;
                let value = self.read(json, &path.member(&name))?;
                Ok((name, value))
            })
            .collect()
    }
}

fn each<T>(
    elements: Vec<Json>,
    path: &Path<'_>,
    read: impl Fn(Json, &Path<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    elements.into_iter().enumerate().map(|(index, json)| read(json, &path.element(index))).collect()
}
