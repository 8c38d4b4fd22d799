//! Why a load or an export ends early.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use crate::{FunctionError, InvokeError};

/// Why a load or an export ends early.
#[derive(Debug)]
pub enum BulkError {
    /// The file cannot be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// No rows can be read from the file.
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A table, or an item in it, does not fit the request.
    Table {
        /// The table's name.
        table: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A function failed.
    Function {
        /// The function's name.
        function: &'static str,
        /// Its error.
        error: FunctionError,
        /// What was done before, and how to go on. May be empty.
        remark: String,
    },
    /// A function could not be invoked.
    Invoke(InvokeError),
}

impl BulkError {
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }

    pub(super) fn content(path: &Path, reason: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), reason: reason.into() }
    }

    pub(super) fn table(table: &str, reason: impl Into<String>) -> Self {
        Self::Table { table: table.to_owned(), reason: reason.into() }
    }
}

impl fmt::Display for BulkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, source } => write!(f, "`{}`: {source}", path.display()),
            Self::Content { path, reason } => write!(f, "`{}`: {reason}", path.display()),
            Self::Table { table, reason } => write!(f, "table `{table}`: {reason}"),
            Self::Function { function, error, remark } => {
                write!(f, "{function} failed with {}: {}{remark}", error.error_type, error.error_message)
            }
            Self::Invoke(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BulkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            Self::Invoke(error) => Some(error),
            Self::Content { .. } | Self::Table { .. } | Self::Function { .. } => None,
        }
    }
}

impl From<InvokeError> for BulkError {
    fn from(error: InvokeError) -> Self {
        Self::Invoke(error)
    }
}
