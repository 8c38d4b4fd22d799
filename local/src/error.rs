//! Why something here could not be started, and why a function could not be invoked.
//!
//! A function that was invoked and failed is neither: that is an [`Invocation`](crate::Invocation) with an error in it.

use std::{fmt, io, net::SocketAddr, path::PathBuf};

/// Why a database, an identity or a Lambda could not be started.
#[derive(Debug)]
pub enum StartError {
    /// The address could not be had.
    Listen {
        /// What was asked for; port 0 stands for any.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The database could not be opened.
    Database {
        /// Its file; `None` is one in memory.
        file: Option<PathBuf>,
        /// What the database said.
        reason: String,
    },
    /// A function has no binary.
    Missing {
        /// The function.
        function: String,
        /// Where its binary should be.
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

/// Why a function could not be invoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvokeError {
    /// No function has this name.
    NotFound {
        /// The name as it was given.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// This Lambda was stopped.
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
