//! Values: JSON → DynamoDB's values, by the caller's types and formats. ([`crate::answer`] is the way back.)
//!
//! Without a type, the JSON type decides: string → S, number → N, boolean → BOOL, null → NULL, array → L, object → M, at
//! every depth. A type overrides. Types mirror the shape of the value ([`Types`]): a code for one value, an object for the
//! members of a map, a list of one for the elements of a list. Codes may be in any letter case. A type for a name that has
//! no value is an error. In a list, it is enough if one of the elements has the name.
//!
//! | code | accepts | becomes |
//! |---|---|---|
//! | `S` | string; number, boolean (their JSON text); array, object (their compact JSON text; not for a key) | string, untouched |
//! | `N` | number, or a string that holds one, blanks around it trimmed | the same digits, never through a float; at most 38 significant digits, magnitude 1E-130 to 9.99…E+125, or zero |
//! | `B` | base64 text (blanks ignored, padding optional, URL-safe too), `{"base64": "…"}`, `{"utf8": "…"}`, `{"type": "Buffer", "data": [bytes]}` | bytes |
//! | `BOOL` | boolean; `true/t/yes/y/1` and `false/f/no/n/0` in any case; the numbers 1 and 0 | boolean; anything else is an error |
//! | `NULL` | null | null |
//! | `M`, `L` | object or array, or text that holds one. Where every member or element has the form of a typed value, as in `[{"S": "red"}, {"N": "1"}]`, it is read as DynamoDB JSON | map or list, members typed by these rules |
//! | `SS` `NS` `BS` | array (or text that holds one) of what S, N, B accept | set: equal elements once (numbers by value), in the order of first appearance; an empty one is an error |
//!
//! A value has the form of a typed value if it is an object whose names are all type codes and exactly one of its members
//! is not null. Its content does not count: under `M`, `{"stock": {"N": "many"}}` is an error, not a map in a map. To store
//! a map or list that has this form, give types that mirror it instead of the code: `{"stock": {"N": "S"}}`. Without the
//! code `M` or `L`, plain JSON is never read as DynamoDB JSON.
//!
//! With `inputFormat` `typed`, all values are DynamoDB JSON. Members that are null are ignored, and a structure may be
//! given as text. `BOOL` and `NULL` take the words of the table, `N` takes a number, `B` and `BS` take what `B` accepts.
//!
//! - [`types`]: the types that a caller asks for
//! - `plain`, `typed`: JSON → values in each of the two formats
//! - `scalar`, `binary`, [`number`]: what the two have in common
//! - `shape`: types as they are looked up
//! - `budget`: a limit for the memory that values take
//! - `key`: values of keys
//! - `items`: many items with the same types
//! - [`size`]: DynamoDB's limits that are checked before the call
//! - `problem`: why a value cannot be read
#![doc = ""]
#![doc = include_str!("examples.md")]

use aws_sdk_dynamodb::types::AttributeValue;

pub mod number;
pub mod size;
pub mod types;

mod binary;
mod budget;
mod items;
mod key;
mod limits;
mod plain;
mod problem;
mod scalar;
mod shape;
mod typed;

pub use items::Items;
pub use key::key_value;
pub use plain::from_plain;
pub use typed::{always_typed, from_typed};
pub use types::{Code, Types};

use self::problem::Problem;
use crate::{error::Error, input::Collection, json::Json, path::Path, words};

words! {
    /// How values are written in JSON.
    pub enum Format {
        /// Plain JSON: `"x"`, `12`.
        Plain = "plain",
        /// DynamoDB's own JSON: `{"S": "x"}`, `{"N": "12"}`.
        Typed = "typed",
    }
}

/// Why values are read as DynamoDB JSON. An error says what to give instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `inputFormat` is `typed`.
    InputFormat,
    /// They are the key of a page, which is always typed.
    LastEvaluatedKey,
    /// They are what a record of a stream holds, which is always typed.
    StreamRecord,
    /// They are members of `queryParameters`, which are always typed.
    QueryParameters,
    /// They are what a map or list holds, all of them in the form of typed values.
    TypedElements,
}

/// Named values from the event and the types asked for, with the names of the inputs that gave them.
#[derive(Debug)]
pub struct Values {
    /// The input that holds the values: `item`.
    pub input: &'static str,
    /// The values.
    pub values: Option<Collection<Json>>,
    /// The input that holds the types: `itemTypes`.
    pub types_input: &'static str,
    /// The types.
    pub types: Option<Collection<Types>>,
}

impl Values {
    /// DynamoDB's values, in the order given.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a value that cannot be coerced or is nested too deep, for a type without a value, and for
    /// any type beside typed values.
    pub fn into_attributes(self, format: Format) -> Result<Vec<(String, AttributeValue)>, Error> {
        let Collection(values) = self.values.unwrap_or_default();
        let Collection(types) = self.types.unwrap_or_default();
        let (path, types_path) = (Path::Input(self.input), Path::Input(self.types_input));
        let attributes = match format {
            Format::Plain => plain::members_from_plain(values, &path, &types, &types_path)?,
            Format::Typed if types.is_empty() => typed::members_from_typed(values, Origin::InputFormat, &path)?,
            Format::Typed => return Err(Problem::TypeBesideTyped.at(&types_path)),
        };
        check_depths(&attributes, &path)?;
        Ok(attributes)
    }
}

/// The key of a page (`LastEvaluatedKey`), which is typed whatever `inputFormat` is.
///
/// # Errors
/// [`Error::InvalidInput`] for a value that is not DynamoDB JSON or is nested too deep.
pub fn page_key(Collection(key): Collection<Json>, path: &Path<'_>) -> Result<Vec<(String, AttributeValue)>, Error> {
    let attributes = typed::members_from_typed(key, Origin::LastEvaluatedKey, path)?;
    check_depths(&attributes, path)?;
    Ok(attributes)
}

/// The attributes of a record of DynamoDB Streams, which are typed whatever `inputFormat` is.
///
/// # Errors
/// As [`page_key`].
pub fn stream_image(
    Collection(image): Collection<Json>,
    path: &Path<'_>,
) -> Result<Vec<(String, AttributeValue)>, Error> {
    let attributes = typed::members_from_typed(image, Origin::StreamRecord, path)?;
    check_depths(&attributes, path)?;
    Ok(attributes)
}

/// Whether the text is base64, as a value of type `B` may be given.
#[must_use]
pub fn is_base64(text: &str) -> bool {
    binary::decode(text, &Path::Input("")).is_ok()
}

/// One value in the given format.
///
/// # Errors
/// As [`from_plain`] and [`from_typed`], and for a value that is nested too deep.
pub fn value(json: Json, types: Option<&Types>, format: Format, path: &Path<'_>) -> Result<AttributeValue, Error> {
    let value = match format {
        Format::Plain => from_plain(json, types, path),
        Format::Typed => from_typed(json, path),
    }?;
    size::check_depth(&value, path)?;
    Ok(value)
}

/// The type of a value. `None` for a type that this version does not know.
#[must_use]
pub fn code_of(value: &AttributeValue) -> Option<Code> {
    Some(match value {
        AttributeValue::S(_) => Code::S,
        AttributeValue::N(_) => Code::N,
        AttributeValue::B(_) => Code::B,
        AttributeValue::Bool(_) => Code::Bool,
        AttributeValue::Null(_) => Code::Null,
        AttributeValue::M(_) => Code::M,
        AttributeValue::L(_) => Code::L,
        AttributeValue::Ss(_) => Code::Ss,
        AttributeValue::Ns(_) => Code::Ns,
        AttributeValue::Bs(_) => Code::Bs,
        _ => return None,
    })
}

fn check_depths(attributes: &[(String, AttributeValue)], path: &Path<'_>) -> Result<(), Error> {
    attributes.iter().try_for_each(|(name, value)| size::check_depth(value, &path.member(name)))
}

#[cfg(test)]
pub(crate) mod properties;
#[cfg(test)]
mod tests;
