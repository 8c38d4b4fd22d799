//! From the event's JSON to an action's input: names, spellings, what was left out.
//!
//! An action declares its inputs once, with the [`inputs!`](crate::inputs) macro. Reading them follows the contract's rules for
//! every action alike:
//!
//! - An input that the action does not have is an error that names the nearest one that it has. A misspelt `conditionExpresion`
//!   never becomes an unconditional write.
//! - `null`, a blank string and, for an optional structure, an empty one mean that the input was left out, as forms send it.
//! - A structure may come as text that holds its JSON, a number as its digits, a boolean as a word, a collection of named values
//!   as an object or as a list of `{"key", "value"}`.
//!
//! From the same declaration comes the description of the inputs ([`Field`]): the schemas, the tables of the documentation and the
//! forms are made of it.
//!
//! serde's derive gives none of these, nor the path of the offending value, and loses numbers in a flattened structure. Hence
//! [`FromJson`].
//!
//! - `macros`: [`inputs!`](crate::inputs), [`words!`](crate::words)
//! - `members`: an event's text, split into members
//! - `reader`: the members of one object that are still to be read
//! - `kinds`, `number`, `collection`: what inputs are read into
//! - `describe`: [`Field`] and [`Shape`]

mod collection;
mod describe;
mod kinds;
mod macros;
mod members;
mod number;
mod reader;

pub(crate) use self::macros::{inputs, words};
pub use self::{
    collection::{Collection, List},
    describe::{Field, Shape},
    kinds::{BOOLEAN_RULE, Ignored, Verbatim, boolean, from_text, is_blank, is_empty_structure, object},
    members::Members,
    number::{Count, Whole},
    reader::{Inputs, read_event},
};
use crate::{error::Error, json::Json, path::Path};

/// A type that an input's JSON can be read into.
pub trait FromJson: Sized {
    /// Reads the value of the input at `path`.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] that names the path, the value and the rule.
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error>;

    /// What the input accepts, for the schemas and the documentation.
    fn shape() -> Shape;

    /// The value of an input that was left out: an error, except for types that have a default.
    ///
    /// # Errors
    /// [`Error::InvalidInput`]: the input is required.
    fn left_out(path: &Path<'_>) -> Result<Self, Error> {
        Err(Error::missing(path))
    }

    /// Whether an event without this input is an error.
    #[must_use]
    fn is_required() -> bool {
        true
    }

    /// Whether this JSON means that the input was left out.
    #[must_use]
    fn is_left_out(json: &Json) -> bool {
        is_blank(json)
    }

    /// Whether this JSON means that the input was left out, where the input is optional: for a structure, also an empty one.
    #[must_use]
    fn is_empty(json: &Json) -> bool {
        Self::is_left_out(json)
    }
}

/// A set of inputs that stand side by side in one object. The [`inputs!`](crate::inputs) macro implements it.
pub trait FromInputs: Sized {
    /// Adds a description of every input.
    fn fields(fields: &mut Vec<Field>);

    /// Adds the names of every input: its own name first, then the other spellings that are also accepted.
    fn names(names: &mut Vec<&'static [&'static str]>);

    /// Takes its inputs out of the object.
    ///
    /// # Errors
    /// As [`FromJson::from_json`] of each input.
    fn read(inputs: &mut Inputs<'_>) -> Result<Self, Error>;
}

/// The descriptions of all inputs of `T`.
#[must_use]
pub fn fields_of<T: FromInputs>() -> Vec<Field> {
    let mut fields = Vec::new();
    T::fields(&mut fields);
    fields
}

#[cfg(test)]
mod tests;
