//! Describes what is wrong with an input. The description stays typed until it is shown.

use std::{borrow::Cow, fmt};

use super::{cut, shorten_json};
use crate::{json::Json, path::Path};

/// The most bytes of a path that an error shows.
const LONGEST_PATH: usize = 1_024;

/// An input that the action cannot use: its path and the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidInput {
    /// The path of the input: `item.address.zip`. `None` for the event as a whole.
    path: Option<String>,
    problem: Problem,
}

/// The problem with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A required input is missing.
    Missing,
    /// No input has this name.
    Unknown {
        /// The most similar name of an input. `None` for a name that is too long to be compared.
        nearest: Option<&'static str>,
    },
    /// The same input is also given under this other name.
    SameAs(String),
    /// The value breaks a rule.
    NotA {
        /// The value as the message shows it: compact JSON, cut.
        value: String,
        /// The rule: `a whole number from 1 to 100`.
        rule: Cow<'static, str>,
    },
    /// Any other problem, as text.
    Other(Cow<'static, str>),
}

impl InvalidInput {
    /// A problem with the input at `path`.
    #[must_use]
    pub fn at(path: &Path<'_>, problem: Problem) -> Self {
        Self { path: Some(cut(&path.to_string(), LONGEST_PATH).into_owned()), problem }
    }

    /// A problem with the event as a whole.
    #[must_use]
    pub fn of_event(message: Cow<'static, str>) -> Self {
        Self { path: None, problem: Problem::Other(message) }
    }

    /// The problem without the caller's value, for inputs that hold credentials.
    #[must_use]
    pub fn without_value(&self) -> String {
        let problem = match &self.problem {
            Problem::NotA { rule, .. } => format!("{rule} is expected"),
            problem => problem.to_string(),
        };
        self.located(&problem)
    }

    /// The same problem with a remark at the end.
    #[must_use]
    pub fn with(self, remark: impl fmt::Display) -> Self {
        let problem = Problem::Other(format!("{}; {remark}", self.problem).into());
        Self { problem, ..self }
    }

    /// The same problem of an input that is part of a larger one. `place` is the path of the larger input.
    #[must_use]
    pub fn within(self, place: impl fmt::Display) -> Self {
        let path = match self.path {
            Some(path) if path.starts_with('[') => format!("{place}{path}"),
            Some(path) => format!("{place}.{path}"),
            None => place.to_string(),
        };
        Self { path: Some(cut(&path, LONGEST_PATH).into_owned()), ..self }
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// `problem` as text, with the path of this input before it.
    pub(crate) fn located(&self, problem: &dyn fmt::Display) -> String {
        match &self.path {
            Some(path) => format!("`{path}`: {problem}"),
            None => problem.to_string(),
        }
    }
}

impl Problem {
    /// The problem of a value that breaks a rule.
    pub(super) fn not_a(value: &Json, rule: impl fmt::Display) -> Self {
        Self::NotA { value: shorten_json(value), rule: rule.to_string().into() }
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.located(&self.problem))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("required input is missing"),
            Self::Unknown { nearest: Some(nearest) } => write!(f, "unknown input; the nearest is `{nearest}`"),
            Self::Unknown { nearest: None } => f.write_str("unknown input"),
            Self::SameAs(other) => write!(f, "the same input as `{other}`; give one of them"),
            Self::NotA { value, rule } => write!(f, "`{value}` is not {rule}"),
            Self::Other(message) => f.write_str(message),
        }
    }
}
