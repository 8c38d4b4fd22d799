//! JSON without loss: every digit of a number, the order of an object's members, no member twice.
//!
//! `serde_json::Value` would lose something. With `arbitrary_precision` it reads the object
//! `{"$serde_json::private::Number": "1"}`, which a user may store, as the number 1. Without it, it rounds long
//! numbers.
//!
//! - `parse`: text → [`Json`]
//! - `error`: why a text is not JSON, and where in it

use std::{collections::HashSet, fmt};

mod error;
mod limits;
mod parse;

pub use error::{Fault, ParseError};

/// A JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as the document spells it. Only the exponent is normalized: `1E5` becomes `1e+5`.
    Number(String),
    /// A string, without its escapes.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object. Members keep the document's order, and no name occurs twice.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one document, nested 127 levels deep at most. Blanks and a byte order mark before it are ignored.
    ///
    /// # Errors
    /// [`ParseError`] if the text is not JSON, an object names a member twice, or the text is nested too deep.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parse::document(without_mark(text))
    }

    /// Writes the compact text.
    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::String(text) => write_string(text, out),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// The length of the compact text, in bytes.
    #[must_use]
    pub fn text_len(&self) -> usize {
        match self {
            Self::Null => 4,
            Self::Bool(value) => 5 - usize::from(*value),
            Self::Number(digits) => digits.len(),
            Self::String(text) => string_len(text),
            Self::Array(elements) => {
                2 + elements.len().saturating_sub(1) + elements.iter().map(Self::text_len).sum::<usize>()
            }
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| string_len(name) + 1 + value.text_len();
                2 + members.len().saturating_sub(1) + members.iter().map(member).sum::<usize>()
            }
        }
    }

    /// The kind of value, with its article: `a string`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Whether a form would send this for an empty field: `null` or an empty string.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        match self {
            Self::Null => true,
            Self::String(text) => text.is_empty(),
            Self::Bool(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => false,
        }
    }
}

/// `text` without a byte order mark at its start and the blanks around that mark. Text without a mark is returned as it is.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    let document = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let skipped = &text[..text.len() - document.len()];
    // The parser skips ASCII blanks itself, and counts the lines of its errors from them.
    if skipped.is_ascii() { text } else { document }
}

/// Whether the document in `text` starts with `first`, which tells a list or an object from other text.
#[must_use]
pub fn starts_with(text: &str, first: char) -> bool {
    without_mark(text).trim_start().starts_with(first)
}

/// The first name that an earlier member also has.
#[must_use]
pub fn first_repeated<T>(members: &[(String, T)]) -> Option<&str> {
    /// Up to this many names are compared with each other, which is faster than a set.
    const FEW: usize = 16;
    let mut names = members.iter().map(|(name, _)| name.as_str());
    if members.len() <= FEW {
        return names
            .enumerate()
            .find(|(index, name)| members[..*index].iter().any(|(known, _)| known == name))
            .map(|(_, name)| name);
    }
    let mut seen = HashSet::with_capacity(members.len());
    names.find(|name| !seen.insert(*name))
}

/// Compact JSON text.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(self.text_len());
        self.write(&mut text);
        f.write_str(&text)
    }
}

/// The length of a string's JSON text, with its quotes and escapes.
fn string_len(text: &str) -> usize {
    let more = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0..0x20 => 5,
        _ => 0,
    };
    text.len() + 2 + text.bytes().map(more).sum::<usize>()
}

/// Writes a string as JSON.
fn write_string(text: &str, out: &mut String) {
    if text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        out.push_str(&serde_json::Value::from(text).to_string());
    } else {
        out.extend(["\"", text, "\""]);
    }
}

#[cfg(test)]
mod tests;
