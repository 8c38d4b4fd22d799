//! Words of the command line for the options of `load` and `export`.

use std::path::Path;

use clap::ValueEnum;
use local::bulk;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Comma-separated values with a header
    Csv,
    /// JSON Lines: one JSON object in each line
    Jsonl,
}

impl Format {
    /// The format that is given, or that the file's name says.
    pub(super) fn of(given: Option<Self>, file: &Path) -> Result<bulk::Format, String> {
        match given {
            Some(Self::Csv) => Ok(bulk::Format::Csv),
            Some(Self::Jsonl) => Ok(bulk::Format::JsonLines),
            None => bulk::Format::of(file).ok_or_else(|| {
                format!(
                    "the name of `{}` does not say its format; give `--format csv` or `--format jsonl`",
                    file.display()
                )
            }),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Values {
    /// Plain JSON: {"id": "C-1"}
    Plain,
    /// DynamoDB JSON: {"id": {"S": "C-1"}}
    Typed,
}

impl From<Values> for bulk::Values {
    fn from(values: Values) -> Self {
        match values {
            Values::Plain => Self::Plain,
            Values::Typed => Self::Typed,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Header {
    /// `age:N` is the attribute `age` with numbers
    Typed,
    /// Names only
    Plain,
}

impl From<Header> for bulk::Header {
    fn from(header: Header) -> Self {
        match header {
            Header::Typed => Self::Typed,
            Header::Plain => Self::Plain,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Empty {
    /// The item has no such attribute
    Omit,
    /// Columns of texts have an empty text
    Keep,
}

impl From<Empty> for bulk::Empty {
    fn from(empty: Empty) -> Self {
        match empty {
            Empty::Omit => Self::Omit,
            Empty::Keep => Self::Keep,
        }
    }
}
