//! Describes the inputs that an action accepts, as data.

use serde_json::Value;

/// One input: its names, its meaning and the values that it accepts.
#[derive(Debug, Clone)]
pub struct Field {
    /// The input's own name, then the other accepted spellings.
    pub names: &'static [&'static str],
    /// The input's meaning: the declaration's doc comment, in Markdown.
    pub summary: &'static str,
    /// The values that the input accepts.
    pub shape: Shape,
    /// Whether an event without this input is an error.
    pub required: bool,
    /// The inputs that may replace this one. An input with alternatives is required unless one of them is given.
    pub alternatives: &'static [&'static str],
    /// The value that applies if the input is left out.
    pub default: Option<Value>,
    /// A value for the documentation.
    pub example: Option<Value>,
}

impl Field {
    /// An input without a default and an example.
    #[must_use]
    pub fn new(names: &'static [&'static str], summary: &'static str, shape: Shape, required: bool) -> Self {
        Self { names, summary, shape, required, alternatives: &[], default: None, example: None }
    }

    /// The input's own name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names[0]
    }
}

/// The values that an input accepts.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Text. Surrounding blanks are trimmed.
    Text,
    /// Text, kept as it is.
    Verbatim,
    /// Text that is never shown.
    Secret,
    /// A boolean, or a word that means one.
    Boolean,
    /// A whole number in a range, or text that holds its digits.
    Whole {
        /// The smallest allowed number.
        least: i64,
        /// The largest allowed number.
        most: i64,
    },
    /// One of these words, in any letter case.
    Words(&'static [&'static str]),
    /// A value: any JSON.
    Value,
    /// The type of a value. Its structure mirrors that of the value.
    Types,
    /// A list, or text that holds one.
    List(Box<Shape>),
    /// Named values: an object, a list of `{"key", "value"}`, or text that holds either.
    Collection(Box<Shape>),
    /// An object with these inputs, or text that holds one.
    Structure(Vec<Field>),
    /// An object with members that this component does not define, or text that holds one.
    Document,
    /// A shape that several inputs share: its name and its definition.
    Named(&'static str, fn() -> Shape),
    /// Any of these.
    OneOf(Vec<Shape>),
    /// Any value. It is accepted and not read.
    Ignored,
}

impl Shape {
    /// Whether the shape is an object or a list. Such an input may come as text. If it is optional, an empty one counts
    /// as left out.
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
