//! Tables as files: loads a file of rows into a table, and exports a table into a file, through the functions.
//!
//! [`Load`] reads a file row by row and invokes `batch-write-items` with events of bounded size, one after the other.
//! [`Export`] invokes `scan-items` page by page. Neither holds more than one event or one page in memory.
//!
//! - `source`: opens a file, and refuses what is not UTF-8 text
//! - `rows`: splits the text into rows
//! - `json_lines`, `csv_rows`: one row → one item in JSON
//! - `batch`, `sending`: items → events → answers
//! - `rejected`: the file that names the rows that were not written
//! - `columns`: items → CSV
//! - `part`: a file that appears under its name once it is complete
//! - `table`: the table's key, and a new table
//! - `types`: `name:N,tags:SS`

mod batch;
mod call;
mod columns;
mod csv_rows;
mod error;
mod export;
mod json_lines;
mod load;
mod part;
mod rejected;
mod rows;
mod sending;
mod source;
mod table;
mod types;

use std::path::Path;

pub use error::BulkError;
pub use export::{Export, Exported};
pub use load::{Load, Loaded, Progress};
pub use rejected::rejected_file;
pub use table::{Key, create};
pub use types::Types;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object in each line.
    JsonLines,
    /// Comma-separated values with a header (RFC 4180).
    Csv,
}

impl Format {
    /// The format that the file's name says: `.csv`, or `.jsonl`, `.ndjson` and `.json` for JSON Lines.
    #[must_use]
    pub fn of(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" | "json" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// The values in JSON Lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Plain JSON: `{"id": "C-1"}`. Sets are arrays and binaries are base64 text.
    Plain,
    /// DynamoDB JSON: `{"id": {"S": "C-1"}}`. Nothing is lost.
    Typed,
}

impl Values {
    /// The word for `inputFormat` and `outputFormat`.
    fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Typed => "typed",
        }
    }
}

/// The names in the header of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Header {
    /// `age:N` is the attribute `age` with values of type N. A name without a type is a text.
    #[default]
    Typed,
    /// A name is an attribute's name, whatever it ends with.
    Plain,
}

/// An empty cell of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Empty {
    /// The item has no such attribute.
    #[default]
    Omit,
    /// A column of texts has an empty text. In columns of other types, the item has no such attribute.
    Keep,
}
