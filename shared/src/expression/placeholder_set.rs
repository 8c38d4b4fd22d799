//! The placeholders with one sign, `#` or `:`, and what they stand for.

use std::collections::HashMap;

use super::{check::check_placeholder_count, problem::Problem, tokenizer::names_a_placeholder};
use crate::{
    error::{Error, shorten},
    json::first_repeated,
    path::Path,
};

/// How many characters of an attribute's name its placeholder shows. DynamoDB takes placeholders of up to 255 bytes:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters>.
const STEM: usize = 32;

/// All names, or all values, of a request.
#[derive(Debug)]
pub(super) struct PlaceholderSet<T> {
    /// The input that gives them.
    input: &'static str,
    sign: char,
    /// By placeholder, with its sign.
    entries: HashMap<String, Entry<T>>,
    /// For each stem, the number to try next.
    next: HashMap<String, usize>,
}

#[derive(Debug)]
struct Entry<T> {
    content: T,
    origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The caller gave it. No expression has used it yet.
    Unused,
    /// The caller gave it, and an expression uses it.
    Used,
    /// We made it. The caller's expressions never refer to it.
    Made,
}

impl<T> PlaceholderSet<T> {
    /// `given`: placeholders, with their sign, and what they stand for.
    pub(super) fn new(input: &'static str, sign: char, given: Vec<(String, T)>) -> Result<Self, Error> {
        check_placeholder_count(input, given.len())?;
        let at = |placeholder: &str, problem: Problem| problem.at(&Path::Input(input).member(&shorten(placeholder)));
        if let Some(placeholder) = first_repeated(&given) {
            return Err(at(placeholder, Problem::GivenTwice));
        }
        let mut entries = HashMap::with_capacity(given.len());
        for (placeholder, content) in given {
            if !placeholder.strip_prefix(sign).is_some_and(names_a_placeholder) {
                return Err(at(&placeholder, Problem::NotAPlaceholder(sign)));
            }
            entries.insert(placeholder, Entry { content, origin: Origin::Unused });
        }
        Ok(Self { input, sign, entries, next: HashMap::new() })
    }

    /// Marks `placeholder` as used. False if the caller did not give it.
    pub(super) fn mark_used(&mut self, placeholder: &str) -> bool {
        match self.entries.get_mut(placeholder) {
            Some(entry) if entry.origin != Origin::Made => {
                entry.origin = Origin::Used;
                true
            }
            _ => false,
        }
    }

    /// Makes a placeholder whose name resembles `hint`.
    pub(super) fn make(&mut self, hint: &str, content: T) -> String {
        let mut stem = String::from(self.sign);
        stem.extend(hint.chars().take(STEM).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }));
        if hint.is_empty() {
            stem.push('_');
        }
        let next = self.next.entry(stem.clone()).or_default();
        let placeholder = loop {
            let candidate = match *next {
                0 => stem.clone(),
                number => format!("{stem}_{number}"),
            };
            *next += 1;
            if !self.entries.contains_key(&candidate) {
                break candidate;
            }
        };
        self.entries.insert(placeholder.clone(), Entry { content, origin: Origin::Made });
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

    /// What to send. `None` instead of an empty map, which DynamoDB refuses.
    pub(super) fn into_map(self) -> Option<HashMap<String, T>> {
        if self.entries.is_empty() {
            return None;
        }
        let contents = self.entries.into_iter().map(|(name, entry)| (name, entry.content));
        Some(contents.collect())
    }
}
