//! Errors of this crate's own operations.
//!
//! A function that fails is not one of them: it gives an [`Invocation`](crate::Invocation) that holds its error.

use std::{fmt, io, net::SocketAddr, path::PathBuf};

/// Why a database, an identity service or a Lambda did not start.
#[derive(Debug)]
pub enum StartError {
    /// The server could not listen at its address.
    Listen {
        /// The address that was asked for. Port 0 means any port.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// The database could not be opened.
    Database {
        /// The database's file, or `None` for a database in memory.
        file: Option<PathBuf>,
        /// The database's error message.
        reason: String,
    },
    /// A function's binary does not exist.
    Missing {
        /// The function's name.
        function: String,
        /// The path where the binary was expected.
        path: PathBuf,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, source } => write!(f, "cannot listen on {address}: {source}"),
            Self::Database { file: Some(file), reason } => {
                write!(f, "cannot open the database `{}`: {reason}", file.display())
            }
            Self::Database { file: None, reason } => write!(f, "cannot make a database in memory: {reason}"),
            Self::Missing { function, path } => {
                write!(f, "function `{function}` has no binary at `{}`: build it first", path.display())
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            Self::Database { .. } | Self::Missing { .. } => None,
        }
    }
}

/// Why a function was not invoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvokeError {
    /// No function has this name.
    NotFound {
        /// The name as the caller gave it.
        name: String,
        /// The names of the functions that exist.
        known: Vec<String>,
    },
    /// The Lambda was stopped.
    Stopped,
}

impl fmt::Display for InvokeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { name, known } => {
                write!(f, "there is no function `{}`; there are: {}", name.escape_debug(), known.join(", "))
            }
            Self::Stopped => f.write_str("this Lambda was stopped"),
        }
    }
}

impl std::error::Error for InvokeError {}
