//! The placeholders of one sign, `#` or `:`, and what they stand for.

use std::collections::HashMap;

use super::tokenizer::names_a_placeholder;
use crate::{
    error::{Error, shorten},
    json::first_repeated,
    path::Path,
};

/// How much of an attribute's name its placeholder shows, in characters. DynamoDB takes 255 bytes:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>.
const STEM: usize = 32;

/// The names, or the values.
#[derive(Debug)]
pub(super) struct Side<T> {
    /// The input that gives them.
    input: &'static str,
    sign: char,
    /// By placeholder, with its sign.
    entries: HashMap<String, Entry<T>>,
    /// How many were made that look alike.
    alike: HashMap<String, usize>,
}

#[derive(Debug)]
struct Entry<T> {
    content: T,
    origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The caller gave it, and no expression has used it yet.
    Unused,
    /// The caller gave it, and an expression uses it.
    Used,
    /// We made it; what the caller wrote never means it.
    Made,
}

impl<T> Side<T> {
    /// What the caller gave, by placeholder.
    pub(super) fn new(input: &'static str, sign: char, given: Vec<(String, T)>) -> Result<Self, Error> {
        let at = |placeholder: &str, problem: String| {
            Error::input(&Path::Input(input).member(&shorten(placeholder)), problem)
        };
        if let Some(placeholder) = first_repeated(&given) {
            return Err(at(placeholder, "given twice".to_owned()));
        }
        let mut entries = HashMap::with_capacity(given.len());
        for (placeholder, content) in given {
            if !placeholder.strip_prefix(sign).is_some_and(names_a_placeholder) {
                let rule = format!("must be `{sign}` and then letters, digits and `_` only, as in `{sign}a_1`");
                return Err(at(&placeholder, rule));
            }
            let origin = Origin::Unused;
            entries.insert(placeholder, Entry { content, origin });
        }
        Ok(Self { input, sign, entries, alike: HashMap::new() })
    }

    /// Whether the caller gave `placeholder`, which counts as used from now on.
    pub(super) fn note(&mut self, placeholder: &str) -> bool {
        match self.entries.get_mut(placeholder) {
            Some(entry) if entry.origin != Origin::Made => {
                entry.origin = Origin::Used;
                true
            }
            _ => false,
        }
    }

    /// A new placeholder, which looks like `hint`.
    pub(super) fn make(&mut self, hint: &str, content: T) -> String {
        let mut stem = String::from(self.sign);
        stem.extend(hint.chars().take(STEM).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }));
        if hint.is_empty() {
            stem.push('_');
        }
        let count = self.alike.entry(stem.clone()).or_default();
        let placeholder = loop {
            let candidate = match *count {
                0 => stem.clone(),
                count => format!("{stem}_{count}"),
            };
            *count += 1;
            if !self.entries.contains_key(&candidate) {
                break candidate;
            }
        };
        let origin = Origin::Made;
        self.entries.insert(placeholder.clone(), Entry { content, origin });
        placeholder
    }

    /// The paths of those that were given and not used, in order.
    pub(super) fn unused(&self) -> Vec<String> {
        let mut unused: Vec<String> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.origin == Origin::Unused)
            .map(|(placeholder, _)| format!("{}.{placeholder}", self.input))
            .collect();
        unused.sort_unstable();
        unused
    }

    /// What to send, if anything.
    pub(super) fn into_map(self) -> Option<HashMap<String, T>> {
        if self.entries.is_empty() {
            return None;
        }
        let contents = self.entries.into_iter().map(|(name, entry)| (name, entry.content));
        Some(contents.collect())
    }
}
