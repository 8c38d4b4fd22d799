//! Reads the event's JSON into an action's inputs: names, spellings and inputs that were left out.
//!
//! An action declares its inputs once, with the [`inputs!`](crate::inputs) macro. They are read by the contract's
//! rules, which are the same for every action:
//!
//! - An input that the action does not have is an error that names the most similar input. A misspelt
//!   `conditionExpresion` never becomes an unconditional write.
//! - `null` and a blank string mean that the input was left out, as forms send it. For an optional structure, an empty
//!   one means the same.
//! - A structure may come as text that holds its JSON, a number as its digits, a boolean as a word, and a collection of
//!   named values as an object or as a list of `{"key", "value"}`.
//!
//! The same declaration gives the description of the inputs ([`Field`]). The schemas, the tables of the documentation
//! and the forms are generated from it.
//!
//! serde's derive does none of this. It also does not report the path of an invalid value, and it loses numbers in a
//! flattened structure. [`FromJson`] is used instead.
//!
//! - `macros`: [`inputs!`](crate::inputs), [`words!`](crate::words)
//! - `members`: splits an event's text into members
//! - `reader`: reads the members of one object
//! - `kinds`, `number`, `collection`: the types of inputs
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
    collection::{Collection, JsonList, List},
    describe::{Field, Shape},
    kinds::{BOOLEAN_RULE, Ignored, Verbatim, boolean, from_text, is_blank, is_empty_structure, object},
    members::Members,
    number::{Count, Whole},
    reader::{Inputs, read_event},
};
use crate::{error::Error, json::Json, path::Path};

/// A type that an input's JSON can be read into.
pub trait FromJson: Sized {
    /// Whether the input's JSON is handed on as its own text, in a [`Json::String`]. For an input that may be too large
    /// to be read into values.
    const READS_TEXT: bool = false;

    /// Reads the value of the input at `path`.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] with the path, the value and the rule.
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error>;

    /// The values that the input accepts, for the schemas and the documentation.
    fn shape() -> Shape;

    /// The value of an input that was left out. Types with a default return it.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if the input is required.
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

    /// Whether this JSON means that an optional input was left out. For a structure, this includes an empty one.
    #[must_use]
    fn is_empty(json: &Json) -> bool {
        Self::is_left_out(json)
    }
}

/// A set of inputs in the same object. The `inputs!` macro implements it.
pub trait FromInputs: Sized {
    /// Appends a description of every input.
    fn fields(fields: &mut Vec<Field>);

    /// Appends the names of every input: its own name first, then the other accepted spellings.
    fn names(names: &mut Vec<&'static [&'static str]>);

    /// Appends the names of every input that reads its JSON from text: see [`FromJson::READS_TEXT`].
    fn texts(_names: &mut Vec<&'static str>) {}

    /// Takes the inputs out of the object.
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
