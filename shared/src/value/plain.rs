//! Plain JSON → DynamoDB's values.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    Code, Origin, Types,
    budget::Budget,
    problem::Rule,
    scalar::{binary_set, boolean, bytes, number, number_set, string, string_set, structure},
    shape::{Members, Shape},
    typed,
};
use crate::{error::Error, json::Json, path::Path};

/// Plain JSON → value, by the types asked for. Without a type, the JSON type decides.
///
/// # Errors
/// [`Error::InvalidInput`] with the path of the part that cannot be coerced, or of a type that has no value.
pub fn from_plain(json: Json, types: Option<&Types>, path: &Path<'_>) -> Result<AttributeValue, Error> {
    let shape = types.map(Shape::new);
    let value = Reader { budget: &Budget::new() }.read(json, shape.as_ref(), path)?;
    if let Some(shape) = shape {
        shape.check(path)?;
    }
    Ok(value)
}

/// Named plain values, each by its type if it has one. `types_path` is the path of the types.
pub(super) fn members_from_plain(
    values: Vec<(String, Json)>,
    path: &Path<'_>,
    types: &[(String, Types)],
    types_path: &Path<'_>,
) -> Result<Vec<(String, AttributeValue)>, Error> {
    let types = Members::new(types);
    let values = Reader { budget: &Budget::new() }.members(values, Some(&types), path)?;
    types.check(types_path)?;
    Ok(values)
}

/// As [`members_from_plain`], for one object of several that have the same types.
pub(super) fn members_by(
    values: Vec<(String, Json)>,
    types: &Members<'_>,
    path: &Path<'_>,
) -> Result<Vec<(String, AttributeValue)>, Error> {
    Reader { budget: &Budget::new() }.members(values, Some(types), path)
}

#[derive(Clone, Copy)]
struct Reader<'b> {
    budget: &'b Budget,
}

impl Reader<'_> {
    fn read(self, json: Json, shape: Option<&Shape<'_>>, path: &Path<'_>) -> Result<AttributeValue, Error> {
        match shape {
            Some(Shape::Code(code)) => self.coerce(json, *code, path),
            Some(Shape::Members(types)) => match structure(json, '{', path)? {
                Json::Object(members) => self.map(members, Some(types), path),
                other => Err(Rule::Object.broken_by(&other).at(path)),
            },
            Some(Shape::Elements(shape)) => match structure(json, '[', path)? {
                Json::Array(elements) => self.list(elements, Some(shape), path),
                other => Err(Rule::Array.broken_by(&other).at(path)),
            },
            None => match json {
                Json::Null => Ok(AttributeValue::Null(true)),
                Json::Bool(value) => Ok(AttributeValue::Bool(value)),
                Json::Number(_) => number(&json, path).map(AttributeValue::N),
                Json::String(text) => Ok(AttributeValue::S(text)),
                Json::Array(elements) => self.list(elements, None, path),
                Json::Object(members) => self.map(members, None, path),
            },
        }
    }

    fn coerce(self, json: Json, code: Code, path: &Path<'_>) -> Result<AttributeValue, Error> {
        match code {
            Code::S => string(json, path).map(AttributeValue::S),
            Code::N => number(&json, path).map(AttributeValue::N),
            Code::B => bytes(&json, path).map(AttributeValue::B),
            Code::Bool => boolean(&json, path).map(AttributeValue::Bool),
            Code::Null => match json {
                Json::Null => Ok(AttributeValue::Null(true)),
                other => Err(Rule::Null.broken_by(&other).at(path)),
            },
            Code::M => match structure(json, '{', path)? {
                Json::Object(members) if are_typed(members.iter().map(|(_, json)| json)) => {
                    self.typed().map(members, path).map_err(|error| with_both_readings(error, "map"))
                }
                Json::Object(members) => self.map(members, None, path),
                other => Err(Rule::Object.broken_by(&other).at(path)),
            },
            Code::L => match structure(json, '[', path)? {
                Json::Array(elements) if are_typed(&elements) => {
                    self.typed().list(elements, path).map_err(|error| with_both_readings(error, "list"))
                }
                Json::Array(elements) => self.list(elements, None, path),
                other => Err(Rule::Array.broken_by(&other).at(path)),
            },
            Code::Ss => string_set(json, path),
            Code::Ns => number_set(json, path),
            Code::Bs => binary_set(json, path),
        }
    }

    fn typed(&self) -> typed::Reader<'_> {
        typed::Reader { origin: Origin::TypedElements, budget: self.budget }
    }

    fn map(
        self,
        values: Vec<(String, Json)>,
        types: Option<&Members<'_>>,
        path: &Path<'_>,
    ) -> Result<AttributeValue, Error> {
        self.budget.container(values.len(), path)?;
        self.members(values, types, path).map(|members| AttributeValue::M(members.into_iter().collect()))
    }

    fn members(
        self,
        values: Vec<(String, Json)>,
        types: Option<&Members<'_>>,
        path: &Path<'_>,
    ) -> Result<Vec<(String, AttributeValue)>, Error> {
        if let Some(types) = types {
            types.read();
        }
        values
            .into_iter()
            .map(|(name, json)| {
                self.budget.name(&name, path)?;
                let shape = types.and_then(|types| types.get(&name));
                let value = self.read(json, shape, &path.member(&name))?;
                Ok((name, value))
            })
            .collect()
    }

    fn list(self, elements: Vec<Json>, shape: Option<&Shape<'_>>, path: &Path<'_>) -> Result<AttributeValue, Error> {
        self.budget.container(elements.len(), path)?;
        elements
            .into_iter()
            .enumerate()
            .map(|(index, json)| self.read(json, shape, &path.element(index)))
            .collect::<Result<_, _>>()
            .map(AttributeValue::L)
    }
}

/// Whether these are the typed values of a list or map, as the "Amazon DynamoDB" component takes lists and maps. The
/// content of each does not count: `{"N": "x"}` is a typed value with an error rather than a map with a member `N`.
fn are_typed<'j>(values: impl IntoIterator<Item = &'j Json>) -> bool {
    let mut values = values.into_iter().peekable();
    values.peek().is_some() && values.all(typed::looks_typed)
}

/// Tells the caller of a list or map (`kind`) why its values were read as typed ones, and how to store it otherwise.
fn with_both_readings(error: Error, kind: &str) -> Error {
    match error {
        Error::InvalidInput(invalid) => Error::InvalidInput(invalid.with(format_args!(
            "all values of this {kind} have the form of typed values and are read so; to store the {kind} as \
             plain JSON, give types that mirror it instead of a code"
        ))),
        other => other,
    }
}
