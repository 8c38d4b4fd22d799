//! Values: JSON → DynamoDB, by the caller's types and formats. (The way back is [`crate::answer`].)
//!
//! Without a type, the JSON type decides: string → S, number → N, boolean → BOOL, null → NULL, array → L,
//! object → M, at every depth. A type overrides ([`Types`]): a code for one value, an object for the members of
//! a map, a list of one for the elements of a list. Codes are read in any letter case.
//!
//! | code | accepts | becomes |
//! |---|---|---|
//! | `S` | string; number, boolean (their JSON text); array, object (their compact JSON text) | string, untouched |
//! | `N` | number, or a string that holds one, blanks around it trimmed | the same digits: never through a float; at most 38 significant digits, magnitude 1E-130 to 9.99…E+125, or zero |
//! | `B` | base64 text (padding optional, URL-safe too), `{"base64": "…"}`, `{"utf8": "…"}`, `{"type": "Buffer", "data": [bytes]}` | bytes |
//! | `BOOL` | boolean; `true/t/yes/y/1` and `false/f/no/n/0` in any case; the numbers 1 and 0 | boolean; anything else is an error |
//! | `NULL` | null | null |
//! | `M` | object, or text that holds one | map, members typed by these rules |
//! | `L` | array, or text that holds one | list |
//! | `SS` `NS` `BS` | array (or text that holds one) of what S, N, B accept | set: equal elements once (numbers by value), order of first appearance; an empty one is an error |
//!
//! - [`types`]: the types that a caller asks for
//! - [`from_json`]: plain and typed JSON → values
//! - [`number`]: digits, counted and compared as text
//! - `binary`: the spellings of bytes
//! - [`size`]: the limits that DynamoDB sets, checked before the call
#![doc = ""]
#![doc = include_str!("examples.md")]

use aws_sdk_dynamodb::types::AttributeValue;

pub mod from_json;
pub mod number;
pub mod size;
pub mod types;

mod binary;

pub use from_json::{from_plain, from_typed};
pub use types::{Code, Types};

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
    /// The values as DynamoDB has them, in the order given.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for what cannot be coerced or is nested too deep, for a type without a value, and for
    /// any type beside typed values.
    pub fn into_attributes(self, format: Format) -> Result<Vec<(String, AttributeValue)>, Error> {
        let Collection(values) = self.values.unwrap_or_default();
        let Collection(types) = self.types.unwrap_or_default();
        let (path, types_path) = (Path::Input(self.input), Path::Input(self.types_input));
        let attributes = match format {
            Format::Plain => from_json::members_from_plain(values, &path, &types, &types_path)?,
            Format::Typed if types.is_empty() => from_json::members_from_typed(values, &path)?,
            Format::Typed => {
                let message = "with `inputFormat` `typed` the values carry their types; leave this out";
                return Err(Error::input(&types_path, message));
            }
        };
        for (name, value) in &attributes {
            size::check_depth(value, &path.member(name))?;
        }
        Ok(attributes)
    }
}

/// One value in the given format.
///
/// # Errors
/// As [`from_plain`] and [`from_typed`], and for what is nested too deep.
pub fn value(json: Json, types: Option<&Types>, format: Format, path: &Path<'_>) -> Result<AttributeValue, Error> {
    let value = match format {
        Format::Plain => from_plain(json, types, path),
        Format::Typed => from_typed(json, path),
    }?;
    size::check_depth(&value, path)?;
    Ok(value)
}

#[cfg(test)]
pub(crate) mod properties;
#[cfg(test)]
mod tests;
