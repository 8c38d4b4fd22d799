//! The path of a value in an item, as the simple update takes it: `address.zip`, `scores[2].value`.

use std::{fmt, iter::Peekable};

use super::{Placeholders, limits::MOST_SEGMENTS};
use crate::error::shorten;

/// A path into an item.
///
/// Names have `.` between them, and `[n]` after a list. `\.`, `\[`, `\]` and `\\` stand for the characters themselves. A name
/// may have any other character and is taken as it is: `first name`, `2nd`, `größe`, `Status`, `#a`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentPath(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Name(String),
    Index(u32),
}

/// Why a text is not a path. `Display` is a sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathError {
    /// There is no name before a `.`, before a `[` or at the end.
    EmptyName,
    /// A `\` comes before a character that needs none.
    Backslash,
    /// This stands between the brackets of an index.
    Index(String),
    /// A `[` has no `]`.
    OpenBracket,
    /// This character comes after a `]`.
    AfterIndex(char),
    /// The path has more segments than an expression has room for.
    TooManySegments,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyName => {
                f.write_str(r"a name is empty; a `.` or `[` that is part of a name is written `\.` or `\[`")
            }
            Self::Backslash => f.write_str(r"a `\` that no `.`, `[`, `]` or `\` follows; write it as `\\`"),
            Self::Index(text) => write!(f, "`[{}]` is not the place of an element, as `[0]` is", shorten(text)),
            Self::OpenBracket => f.write_str(r"a `[` that no `]` follows; one that is part of a name is written `\[`"),
            Self::AfterIndex(other) => write!(f, "`{other}` after a `]`, where `.`, `[` or the end must be"),
            Self::TooManySegments => write!(f, "it has more than {MOST_SEGMENTS} names and indexes"),
        }
    }
}

impl std::error::Error for PathError {}

impl DocumentPath {
    /// Reads a path.
    ///
    /// # Errors
    /// [`PathError`] says what is wrong, and the rule.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut segments = Vec::new();
        let mut rest = text.chars().peekable();
        loop {
            segments.push(Segment::Name(read_name(&mut rest)?));
            while segments.len() <= MOST_SEGMENTS && rest.next_if_eq(&'[').is_some() {
                segments.push(Segment::Index(read_index(&mut rest)?));
            }
            if segments.len() > MOST_SEGMENTS {
                return Err(PathError::TooManySegments);
            }
            match rest.next() {
                None => return Ok(Self(segments)),
                Some('.') => {}
                Some(other) => return Err(PathError::AfterIndex(other)),
            }
        }
    }

    /// The path as an expression has it, with a placeholder for each name: `#address.#zip`.
    pub fn placeholders<V>(&self, placeholders: &mut Placeholders<V>) -> String {
        self.write(|name| placeholders.name(name))
    }

    pub(super) fn write(&self, mut placeholder: impl FnMut(&str) -> String) -> String {
        let mut text = String::new();
        for segment in &self.0 {
            match segment {
                Segment::Name(name) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(&placeholder(name));
                }
                Segment::Index(index) => text.extend(["[", &index.to_string(), "]"]),
            }
        }
        text
    }

    /// The last name in the path.
    pub(super) fn last_name(&self) -> &str {
        let name = self.0.iter().rev().find_map(|segment| match segment {
            Segment::Name(name) => Some(name.as_str()),
            Segment::Index(_) => None,
        });
        name.unwrap_or_default()
    }

    /// Whether the path is that of an element of a list.
    pub(super) fn is_element(&self) -> bool {
        matches!(self.0.last(), Some(Segment::Index(_)))
    }
}

/// A name, up to a `.`, a `[` or the end.
fn read_name(rest: &mut Peekable<impl Iterator<Item = char>>) -> Result<String, PathError> {
    let mut name = String::new();
    while let Some(c) = rest.next_if(|c| !matches!(c, '.' | '[')) {
        name.push(match c {
            '\\' => rest.next_if(|c| matches!(c, '.' | '[' | ']' | '\\')).ok_or(PathError::Backslash)?,
            c => c,
        });
    }
    if name.is_empty() { Err(PathError::EmptyName) } else { Ok(name) }
}

/// An index, after its `[`.
fn read_index(rest: &mut impl Iterator<Item = char>) -> Result<u32, PathError> {
    let mut digits = String::new();
    for c in rest {
        match c {
            ']' => {
                // `parse` alone would take `+1`.
                let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
                let index = digits.parse().ok().filter(|_| is_number);
                return index.ok_or(PathError::Index(digits));
            }
            c => digits.push(c),
        }
    }
    Err(PathError::OpenBracket)
}

#[cfg(test)]
mod tests {
    use super::{DocumentPath, PathError, Segment};

    #[test]
    fn reads_names_and_indexes() {
        let name = |name: &str| Segment::Name(name.to_owned());
        for (text, expected) in [
            ("a", vec![name("a")]),
            ("address.zip", vec![name("address"), name("zip")]),
            ("scores[2].value", vec![name("scores"), Segment::Index(2), name("value")]),
            ("a[0][10]", vec![name("a"), Segment::Index(0), Segment::Index(10)]),
            ("a[007]", vec![name("a"), Segment::Index(7)]),
            (r"a\.b.c\[0\].d\\", vec![name("a.b"), name("c[0]"), name(r"d\")]),
            ("first name.2nd", vec![name("first name"), name("2nd")]),
            ("größe.#a.:b.$c", vec![name("größe"), name("#a"), name(":b"), name("$c")]),
            (" ]", vec![name(" ]")]),
        ] {
            assert_eq!(DocumentPath::parse(text), Ok(DocumentPath(expected)), "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_path() {
        for (text, expected) in [
            ("", "a name is empty; "),
            (".a", "a name is empty; "),
            ("a.", "a name is empty; "),
            ("a..b", "a name is empty; "),
            ("[0]", "a name is empty; "),
            ("a.[0]", "a name is empty; "),
            ("a[]", "`[]` is not the place of an element"),
            ("a[-1]", "`[-1]` is not the place of an element"),
            ("a[+1]", "`[+1]` is not the place of an element"),
            ("a[x]", "`[x]` is not the place of an element"),
            ("a[٣]", "`[٣]` is not the place of an element"),
            ("a[4294967296]", "`[4294967296]` is not the place of an element"),
            ("a[0", "a `[` that no `]` follows"),
            ("a[0]b", "`b` after a `]`"),
            (r"a\b", r"a `\` that no `.`, `[`, `]` or `\` follows"),
            (r"a\", r"a `\` that no `.`, `[`, `]` or `\` follows"),
        ] {
            let error = DocumentPath::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_path_has_no_more_segments_than_an_expression_has_room_for() {
        let error = |text: &str| DocumentPath::parse(text).unwrap_err();
        assert_eq!(error(&"a.".repeat(3_000_000)), PathError::TooManySegments);
        assert_eq!(error(&format!("a{}", "[0]".repeat(2_000_000))), PathError::TooManySegments);
        assert!(DocumentPath::parse(&vec!["a"; 1_000].join(".")).is_ok());
    }
}
