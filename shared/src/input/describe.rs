//! Describes the inputs that an action accepts, as data.

use serde_json::Value;

/// One input: its names, its meaning and the values that it accepts.
#[derive(Debug, Clone)]
pub struct Field {
    /// The input's own name, then the other accepted spellings.
    pub names: &'static [&'static str],
    /// The name that a form shows, where the words of [`Field::name`] are not it.
    pub label: Option<&'static str>,
    /// The input's meaning: the declaration's doc comment, in Markdown.
    pub summary: &'static str,
    /// The values that the input accepts.
    pub shape: Shape,
    /// Whether an event without this input is an error.
    pub required: bool,
    /// The words that a text may be. Empty if any text may be given, or if the shape lists the words.
    pub choices: &'static [&'static str],
    /// The data source that lists the values to choose from: `selectTable`.
    pub source: Option<&'static str>,
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
        Self {
            names,
            label: None,
            summary,
            shape,
            required,
            choices: &[],
            source: None,
            alternatives: &[],
            default: None,
            example: None,
        }
    }

    /// The input's own name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names[0]
    }

    /// The name that a form shows: `tableName` → `Table Name`, `roleArn` → `Role ARN`.
    #[must_use]
    pub fn label(&self) -> String {
        self.label.map_or_else(|| words(self.name()), str::to_owned)
    }

    /// The words to choose from. Empty if there are none.
    #[must_use]
    pub fn choices(&self) -> &'static [&'static str] {
        match self.shape {
            Shape::Words(words) => words,
            _ => self.choices,
        }
    }
}

/// The words of a name in camel case. Acronyms are in capitals.
fn words(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let is_upper = |at: usize| letters.get(at).is_some_and(|letter| letter.is_uppercase());
    let is_lower = |at: usize| letters.get(at).is_some_and(|letter| letter.is_lowercase());
    let mut words: Vec<String> = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        // The last capital of an acronym starts the next word: `SSEEnabled`.
        if at > 0 && is_upper(at) && (!is_upper(at - 1) || is_lower(at + 1)) {
            words.push(String::new());
        }
        words.last_mut().expect("there is a word").push(*letter);
    }
    let shown = words.iter().map(|word| match word.to_lowercase().as_str() {
        known @ ("arn" | "aws" | "id" | "json" | "sse") => known.to_uppercase(),
        _ => word[..1].to_uppercase() + &word[1..],
    });
    shown.collect::<Vec<_>>().join(" ")
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

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_label_is_the_words_of_the_name() {
        for (name, label) in [
            ("tableName", "Table Name"),
            ("awsRegion", "AWS Region"),
            ("limit", "Limit"),
            ("roleArn", "Role ARN"),
            ("secretId", "Secret ID"),
            ("AttributeName", "Attribute Name"),
            ("SSEEnabled", "SSE Enabled"),
            ("KMSMasterKeyId", "KMS Master Key ID"),
        ] {
            assert_eq!(words(name), label);
        }
    }
}
