//! Between the entries of a form and an event.
//!
//! The names of an input's entries:
//!
//! | control | entries of the input `x` |
//! |---|---|
//! | text, number, choice, password, JSON | `x` |
//! | pick-list | `x`, and `x.other` for a text that is not in the list |
//! | value | `x`, and its type in `x.type` |
//! | rows | `x.0.name`, `x.0.value`, `x.0.type`, `x.1.name`, …; with `x.mode` = `json`: `x.json` and `x.types` |
//! | structure | the entries of its inputs, `x.y` |
//!
//! Entries whose names start with `page.` belong to the page itself.

mod entries;
mod fill;
mod locate;
mod read;
mod typed_value;

pub(super) use self::{
    entries::Entries,
    fill::fill,
    locate::locate,
    read::{is_json, picked, read, row_numbers, unknown},
    typed_value::Kind,
};

/// The page's own entries start with this.
pub(super) const OWN: &str = "page.";

/// A problem with one input of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The name of the entry. Empty if the problem is the form's.
    pub(super) key: String,
    /// A sentence without a full stop.
    pub(super) message: String,
    /// The line, from 1, and the column, in bytes, up to which a text could be read as JSON.
    pub(super) position: Option<(usize, usize)>,
}

impl Problem {
    pub(super) fn new(key: &str, message: impl Into<String>) -> Self {
        Self { key: key.to_owned(), message: message.into(), position: None }
    }

    pub(super) fn of_form(message: impl Into<String>) -> Self {
        Self::new("", message)
    }

    /// The text at `key` is not JSON.
    pub(super) fn not_json(key: &str, error: &shared::ParseError) -> Self {
        Self { key: key.to_owned(), message: error.to_string(), position: Some(error.position()) }
    }
}
