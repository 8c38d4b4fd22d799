//! The values of keys, which are scalars: a string, a number or bytes.
//!
//! An object or a list as the value of a key is nearly always a typed value without `inputFormat` `typed`. As plain JSON for
//! a key of the type S, it would become its JSON text and name another item than the one that is meant.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::AttributeValue;

use super::{Code, Format, Types, Values, plain::from_plain, problem::Rule, typed};
use crate::{error::Error, input::Collection, json::Json, path::Path};

/// The value of a key attribute whose type is `code`.
///
/// # Errors
/// [`Error::InvalidInput`] for what is not a scalar, and as [`from_plain`] and [`from_typed`](super::from_typed).
pub fn key_value(json: Json, code: Code, format: Format, path: &Path<'_>) -> Result<AttributeValue, Error> {
    match format {
        Format::Plain => {
            check_plain(&json, Some(code), path)?;
            from_plain(json, Some(&Types::Code(code)), path)
        }
        Format::Typed => {
            // The JSON as it was given makes a better error than the value that it became.
            let given = json.clone();
            let value = typed::from_typed(json, path)?;
            if is_scalar(&value) { Ok(value) } else { Err(Rule::Key.broken_by(&given).at(path)) }
        }
    }
}

impl Values {
    /// The values of a whole key. As [`into_attributes`](Values::into_attributes), but each must be a scalar.
    ///
    /// # Errors
    /// As [`key_value`] and [`into_attributes`](Values::into_attributes).
    pub fn into_key(self, format: Format) -> Result<Vec<(String, AttributeValue)>, Error> {
        let path = Path::Input(self.input);
        if format == Format::Plain {
            let types = self.types.iter().flat_map(|Collection(types)| types);
            let bytes: HashSet<&str> =
                types.filter(|(_, types)| *types == Types::Code(Code::B)).map(|(name, _)| name.as_str()).collect();
            for (name, json) in self.values.iter().flat_map(|Collection(values)| values) {
                let code = bytes.contains(name.as_str()).then_some(Code::B);
                check_plain(json, code, &path.member(name))?;
            }
        }
        let attributes = self.into_attributes(format)?;
        match attributes.iter().find(|(_, value)| !is_scalar(value)) {
            None => Ok(attributes),
            Some((name, _)) => Err(Error::input(&path.member(name), format_args!("not {}", Rule::Key))),
        }
    }
}

/// Refuses a list, and an object unless it may be a spelling of bytes.
pub(super) fn check_plain(json: &Json, code: Option<Code>, path: &Path<'_>) -> Result<(), Error> {
    let rule = match json {
        Json::Object(_) if typed::looks_typed(json) => Rule::PlainKey,
        Json::Object(_) if code == Some(Code::B) => return Ok(()),
        Json::Object(_) | Json::Array(_) => Rule::Key,
        Json::Null if code.is_some() => Rule::Key,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => return Ok(()),
    };
    Err(rule.broken_by(json).at(path))
}

/// Whether a key can have this value. A boolean or null in a whole key is for DynamoDB to refuse, which knows the table.
fn is_scalar(value: &AttributeValue) -> bool {
    matches!(
        value,
        AttributeValue::S(_)
            | AttributeValue::N(_)
            | AttributeValue::B(_)
            | AttributeValue::Bool(_)
            | AttributeValue::Null(_)
    )
}
