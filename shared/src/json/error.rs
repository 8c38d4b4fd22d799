//! Why a text is not JSON.

use std::fmt;

use super::limits::{DEEPEST, MOST_VALUES};
use crate::path::Path;

/// Why a text is not JSON, and where. `Display` is a sentence without a full stop, with the line and the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    fault: Fault,
    line: usize,
    column: usize,
    /// From the document to the value that could not be read.
    path: Vec<Step>,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It breaks JSON's grammar. Holds the parser's message, which has the line and the column.
    Syntax(String),
    /// An object has two members of this name.
    RepeatedMember(String),
    /// It is nested more than 127 levels deep.
    TooDeep,
    /// It has more than 500,000 values.
    TooManyValues,
    /// A string has this escape without the other half of the character: `\ud83d`, half an emoji.
    HalfCharacter(String),
}

/// One step of the way into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Element(usize),
}

impl ParseError {
    /// `fault`: what our reader found; `None` if `serde_json` found it.
    pub(super) fn new(text: &str, error: &serde_json::Error, fault: Option<Fault>, path: Vec<Step>) -> Self {
        let (line, column) = (error.line(), error.column());
        let half = || half_character(before(text, line, column)).map(|escape| Fault::HalfCharacter(escape.to_owned()));
        let fault = fault.or_else(half).unwrap_or_else(|| Fault::Syntax(error.to_string()));
        let path = match fault {
            Fault::RepeatedMember(_) | Fault::HalfCharacter(_) => path,
            // In a text that is not JSON, the line and the column say more. A path of more than 127 steps is too long to read.
            Fault::Syntax(_) | Fault::TooDeep | Fault::TooManyValues => Vec::new(),
        };
        Self { fault, line, column, path }
    }

    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// The line, from 1, and the column in it, in bytes, up to which the text was read.
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        (self.line, self.column)
    }

    /// Calls `report` with the path of the value that could not be read, in the document at `root`. For an error of syntax,
    /// of depth and of number, this is `root` itself.
    pub fn locate<R>(&self, root: &Path<'_>, report: impl FnOnce(&Path<'_>) -> R) -> R {
        fn descend<R>(path: &Path<'_>, steps: &[Step], report: impl FnOnce(&Path<'_>) -> R) -> R {
            match steps {
                [] => report(path),
                [Step::Member(name), rest @ ..] => descend(&path.member(name), rest, report),
                [Step::Element(index), rest @ ..] => descend(&path.element(*index), rest, report),
            }
        }
        descend(root, &self.path, report)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, line, column, .. } = self;
        match fault {
            Fault::Syntax(message) => return f.write_str(message),
            Fault::RepeatedMember(name) => write!(f, "the object names `{}` twice", name.escape_debug())?,
            Fault::TooManyValues => return write!(f, "more than {MOST_VALUES} values; give fewer at once"),
            Fault::TooDeep => return write!(f, "nested more than {DEEPEST} levels deep; DynamoDB holds 32 levels"),
            Fault::HalfCharacter(escape) => {
                write!(
                    f,
                    "the text has half a character, `{escape}` without its other half; send the whole character"
                )?;
            }
        }
        write!(f, " at line {line} column {column}")
    }
}

impl std::error::Error for ParseError {}

/// The text up to a position as `serde_json` counts it: lines from 1, columns in bytes.
fn before(text: &str, line: usize, column: usize) -> &[u8] {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let end = lines.map(str::len).sum::<usize>() + column;
    &text.as_bytes()[..end.min(text.len())]
}

/// The first `\u` escape of half a character in the strings of `json`, if there is one.
fn half_character(json: &[u8]) -> Option<&str> {
    const ESCAPE: usize = r"\u0000".len();
    let unit = |at: usize| {
        let digits = json.get(at..at + ESCAPE)?.strip_prefix(br"\u")?;
        u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut at = 0;
    while at < json.len() {
        let escape = || str::from_utf8(&json[at..at + ESCAPE]).ok();
        at += match (json[at], unit(at)) {
            (b'\\', Some(0xD800..=0xDBFF)) => match unit(at + ESCAPE) {
                Some(0xDC00..=0xDFFF) => 2 * ESCAPE,
                _ => return escape(),
            },
            (b'\\', Some(0xDC00..=0xDFFF)) => return escape(),
            (b'\\', Some(_)) => ESCAPE,
            // Another escape, such as `\\`: what follows it is not the start of one.
            (b'\\', None) => 2,
            _ => 1,
        };
    }
    None
}
