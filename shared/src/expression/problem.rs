//! Why an expression or its placeholders cannot be sent.

use std::fmt;

use super::{
    document_path::PathError,
    limits::{LARGEST_EXPRESSION, LISTED, MOST_PLACEHOLDERS, MOST_SEGMENTS},
};
use crate::{
    error::{Error, shorten},
    path::Path,
};

/// Why an expression or its placeholders cannot be sent. `Display` is what the error says after the input's path.
#[derive(Debug)]
pub(super) enum Problem {
    /// An expression of this many bytes.
    TooLong(usize),
    /// An expression of this many bytes, once it has placeholders for reserved words.
    TooLongRewritten(usize),
    /// This many names or values.
    TooManyPlaceholders(usize),
    /// This many paths in a simple update.
    TooManyPaths(usize),
    /// A simple update whose expression has this many bytes.
    UpdateTooLong(usize),
    /// A placeholder that is given twice.
    GivenTwice,
    /// A name that is not a placeholder with this sign.
    NotAPlaceholder(char),
    /// Placeholders that an expression uses, and the inputs that do not give them.
    Missing { placeholders: Vec<String>, inputs: Vec<&'static str> },
    /// Text that is not a document path.
    NotAPath(String, PathError),
    /// No elements to add to a set or to remove from one.
    NoElements,
    /// A value that the simple form cannot use there.
    NotTakenBy(Verb),
}

/// What the simple form does with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Add,
    DeleteFromSet,
    Append,
}

impl Problem {
    /// The error for the input at `path`.
    pub(super) fn at(self, path: &Path<'_>) -> Error {
        Error::input(path, self)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(bytes) => {
                write!(f, "the expression has {bytes} bytes; DynamoDB takes {LARGEST_EXPRESSION} bytes (4 KB)")
            }
            Self::TooLongRewritten(bytes) => write!(
                f,
                "the expression has {bytes} bytes with placeholders for the reserved words in it; DynamoDB takes \
                 {LARGEST_EXPRESSION} bytes (4 KB)"
            ),
            Self::TooManyPlaceholders(count) => write!(
                f,
                "{count} placeholders; the expressions of one request have room for {MOST_PLACEHOLDERS} at most, and \
                 DynamoDB refuses those that no expression uses"
            ),
            Self::TooManyPaths(count) => write!(
                f,
                "{count} paths; an update expression has {LARGEST_EXPRESSION} bytes (4 KB) at most, which is less than \
                 {MOST_SEGMENTS} paths need; make several updates"
            ),
            Self::UpdateTooLong(bytes) => write!(
                f,
                "the update expression would have {bytes} bytes; DynamoDB takes {LARGEST_EXPRESSION} bytes (4 KB); make \
                 several updates"
            ),
            Self::GivenTwice => f.write_str("given twice"),
            Self::NotAPlaceholder(sign) => {
                write!(f, "must be `{sign}` and then letters, digits and `_` only, as in `{sign}a_1`")
            }
            Self::Missing { placeholders, inputs } => {
                write!(f, "uses {}, not given in {}", List(placeholders), List(inputs))
            }
            Self::NotAPath(text, error) => write!(f, "`{}` is not a path: {error}", shorten(text)),
            Self::NoElements => f.write_str("an empty list of elements; leave the path out, or give the elements"),
            Self::NotTakenBy(Verb::Add) => f.write_str(
                "a number, or a list of the elements of a set, is expected; the type is one of N, SS, NS, BS",
            ),
            Self::NotTakenBy(Verb::DeleteFromSet) => {
                f.write_str("the elements of a set are expected; the type is one of SS, NS, BS")
            }
            Self::NotTakenBy(Verb::Append) => f.write_str(
                r#"a list of the values to append is expected; the type is L, or a list of one such as ["N"]"#,
            ),
        }
    }
}

/// Texts between backticks: the first few, and the number of the others.
pub(super) struct List<'l, T>(pub(super) &'l [T]);

impl<T: AsRef<str>> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, text) in self.0.iter().take(LISTED).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}`{}`", shorten(text.as_ref()))?;
        }
        match self.0.len().saturating_sub(LISTED) {
            0 => Ok(()),
            others => write!(f, " and {others} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::List;

    #[test]
    fn a_list_names_the_first_ten() {
        let names: Vec<String> = (0..12).map(|number| format!(":v{number}")).collect();
        assert_eq!(List(&names[..2]).to_string(), "`:v0`, `:v1`");
        assert_eq!(
            List(&names).to_string(),
            "`:v0`, `:v1`, `:v2`, `:v3`, `:v4`, `:v5`, `:v6`, `:v7`, `:v8`, `:v9` and 2 more"
        );
    }
}
