//! What an input accepts, as data.

use serde_json::Value;

/// One input: its names, what it means, what it accepts.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its own name, then the other spellings that are also accepted.
    pub names: &'static [&'static str],
    /// Its meaning: the declaration's doc comment, Markdown.
    pub summary: &'static str,
    /// What it accepts.
    pub shape: Shape,
    /// Whether an event without it is an error.
    pub required: bool,
    /// The inputs of which any one may stand in its place. A field with alternatives is required unless one of them is given.
    pub alternatives: &'static [&'static str],
    /// What holds when it is left out.
    pub default: Option<Value>,
    /// A value, for documentation.
    pub example: Option<Value>,
}

impl Field {
    /// An input without default and example.
    #[must_use]
    pub fn new(names: &'static [&'static str], summary: &'static str, shape: Shape, required: bool) -> Self {
        Self { names, summary, shape, required, alternatives: &[], default: None, example: None }
    }

    /// Its own name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names[0]
    }
}

/// What an input accepts.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Text; blanks around it are trimmed.
    Text,
    /// Text, kept as it is.
    Verbatim,
    /// Text that is never shown.
    Secret,
    /// A boolean, or a word for one.
    Boolean,
    /// A whole number in a range, or its digits as text.
    Whole {
        /// The smallest.
        least: i64,
        /// The largest.
        most: i64,
    },
    /// One of these words, in any letter case.
    Words(&'static [&'static str]),
    /// A value: any JSON.
    Value,
    /// The type of a value, which mirrors its shape.
    Types,
    /// A list, or text that holds one.
    List(Box<Shape>),
    /// Named values: an object, a list of `{"key", "value"}`, or text that holds either.
    Collection(Box<Shape>),
    /// An object with these inputs, or text that holds one.
    Structure(Vec<Field>),
    /// An object whose members are somebody else's, or text that holds one.
    Document,
    /// A shape that several inputs share: its name, and what it is.
    Named(&'static str, fn() -> Shape),
    /// Any of these.
    OneOf(Vec<Shape>),
    /// Accepted and not read.
    Ignored,
}

impl Shape {
    /// Whether it is an object or a list, which may come as text, and of which an empty one counts as left out where it is
    /// optional.
    #[must_use]
    pub fn is_structure(&self) -> bool {
        match self {
            Self::List(_) | Self::Collection(_) | Self::Structure(_) | Self::Document => true,
            Self::OneOf(shapes) => shapes.iter().any(Self::is_structure),
            Self::Named(name, of) if *name != "types" => of().is_structure(),
            Self::Text
            | Self::Verbatim
            | Self::Secret
            | Self::Boolean
            | Self::Whole { .. }
            | Self::Words(_)
            | Self::Value
            | Self::Types
            | Self::Named(..)
            | Self::Ignored => false,
        }
    }
}
