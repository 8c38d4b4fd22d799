//! A step of the tour.

use std::fs;

use super::super::{failure::Failure, workspace};

/// One function, one event, and the expected result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The name of the function's binary.
    pub(super) function: &'static str,
    pub(super) event: Event,
    /// One sentence for the reader: what the step shows.
    pub(super) shows: &'static str,
    pub(super) expected: Expected,
    pub(super) database: Database,
    /// Whether the step is one of those that fill a new database.
    pub(super) is_seed: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    /// A file in `events/`.
    File(&'static str),
    /// JSON text.
    Text(&'static str),
}

impl Event {
    /// The JSON text of the event.
    pub(super) fn text(&self) -> Result<String, Failure> {
        match self {
            Self::Text(text) => Ok((*text).to_owned()),
            Self::File(name) => {
                let file = workspace::root().join("events").join(name);
                fs::read_to_string(&file)
                    .map_err(|error| format!("cannot read the event `{}`: {error}", file.display()).into())
            }
        }
    }

    pub(super) fn file(&self) -> Option<&'static str> {
        match self {
            Self::File(name) => Some(name),
            Self::Text(_) => None,
        }
    }
}

/// The expected result of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Answer,
    /// An answer. If the database was used before, also an error of this `errorType`, which says that the table or the
    /// item exists already.
    AnswerOnce(&'static str),
    /// An error of this `errorType`.
    Error(&'static str),
}

/// The database on which a step runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Database {
    Working,
    /// No database listens at the endpoint.
    Unreachable,
    /// The database accepts requests and never answers.
    Unresponsive,
}

impl Step {
    /// A step that gives an answer.
    pub(super) const fn new(function: &'static str, event: Event, shows: &'static str) -> Self {
        Self { function, event, shows, expected: Expected::Answer, database: Database::Working, is_seed: false }
    }

    /// A step that also fills a new database. On a database that was filled before, it fails with `already`.
    pub(super) const fn seed(function: &'static str, event: Event, already: &'static str, shows: &'static str) -> Self {
        Self { is_seed: true, expected: Expected::AnswerOnce(already), ..Self::new(function, event, shows) }
    }

    /// A step that fails with `error_type`.
    pub(super) const fn error(
        error_type: &'static str,
        function: &'static str,
        event: Event,
        shows: &'static str,
    ) -> Self {
        Self { expected: Expected::Error(error_type), ..Self::new(function, event, shows) }
    }

    /// The same step on another database.
    pub(super) const fn on(self, database: Database) -> Self {
        Self { database, ..self }
    }
}
