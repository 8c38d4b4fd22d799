//! One page as DynamoDB writes it: its figures, its items in the caller's format, the key of any of them.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    answer::{
        members::{items, json},
        scanner::{Broken, Scanner},
    },
    dynamodb::Continuation,
    error::Error,
    json::Json,
    value::Format,
};

/// One page's own figures. Its items are written already.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Where each of its items ends in what was written.
    ends: Vec<usize>,
    /// Whether it holds items. With `Select` `COUNT` it only counts them.
    has_items: bool,
    pub(super) count: u64,
    pub(super) scanned: u64,
    pub(super) capacity: Option<Json>,
    /// Where to go on, as JSON text.
    pub(super) continuation: Option<String>,
}

impl Page {
    /// How many items it has, or counts.
    pub(super) fn len(&self) -> usize {
        if self.has_items { self.ends.len() } else { usize::try_from(self.count).unwrap_or(usize::MAX) }
    }

    /// Whether it holds items.
    pub(super) fn has_items(&self) -> bool {
        self.has_items
    }

    /// Where what was written of its first `kept` items ends, `before` being where it begins.
    pub(super) fn end_of(&self, kept: usize, before: usize) -> usize {
        kept.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(before)
    }

    /// How many of its first `kept` items end `surplus` bytes before `end`.
    pub(super) fn items_before(&self, kept: usize, surplus: usize, end: usize) -> usize {
        let ends = self.ends.get(..kept).unwrap_or_default();
        ends.iter().rposition(|item| item + surplus <= end).map_or(0, |at| at + 1)
    }

    /// The `Limit` (items evaluated) with which this page ends after about `kept` of its `all` items, and never
    /// after more where nothing is filtered out.
    pub(super) fn limit_for(&self, kept: usize, all: usize) -> usize {
        let scanned = usize::try_from(self.scanned).unwrap_or(usize::MAX).max(all);
        (scanned.saturating_mul(kept) / all).clamp(1, scanned.saturating_sub(1).max(1))
    }
}

/// A page's other members, in DynamoDB's order: the text of those that are not known, which are handed on.
pub(super) type Members = Vec<(String, Option<String>)>;

/// Reads a page; its items are written to `out`.
pub(super) fn read(
    body: &str,
    format: Format,
    continuation: Continuation,
    out: &mut String,
) -> Result<(Page, Members), Broken> {
    let mut page = Page::default();
    let mut members = Members::new();
    let mut scanner = Scanner::new(body);
    scanner.object(|scanner, name| {
        let name = name.decode()?;
        let mut rest = None;
        match &*name {
            "Items" => {
                page.has_items = true;
                items(scanner, format, out, &mut page.ends)?;
            }
            "Count" => page.count = whole_number(scanner)?,
            "ScannedCount" => page.scanned = whole_number(scanner)?,
            "ConsumedCapacity" => page.capacity = Some(json(scanner)?),
            name if name == continuation.name() => {
                page.continuation = Some(scanner.value()?.to_owned());
                return Ok(());
            }
            _ => rest = Some(scanner.value()?.to_owned()),
        }
        members.push((name.into_owned(), rest));
        Ok(())
    })?;
    scanner.end()?;
    Ok((page, members))
}

fn whole_number(scanner: &mut Scanner<'_>) -> Result<u64, Broken> {
    let digits = scanner.value()?;
    digits.parse().map_err(|_| scanner.broken("a count is expected"))
}

/// A page's `LastEvaluatedKey`, where it stands after the items, as DynamoDB writes it; the items are not read.
pub(super) fn key_at_the_end(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct End<'a> {
        #[serde(borrow, rename = "LastEvaluatedKey")]
        key: &'a RawValue,
    }
    const NAME: &[u8] = br#""LastEvaluatedKey":"#;
    /// More than two keys of 2,048 and 1,024 bytes make, escaped.
    const FAR: usize = 32 * 1024;

    let near = body.len().saturating_sub(FAR);
    let at = near + body[near..].windows(NAME.len()).rposition(|window| window == NAME)?;
    // What begins here and makes an object to the body's very end is a member of the page itself: inside an item, more than
    // one brace would follow.
    let end = [b"{", &body[at..]].concat();
    serde_json::from_slice::<End<'_>>(&end).ok().map(|End { key }| key.get().to_owned())
}

/// The attribute names of a page key; none for a token.
pub(super) fn key_names(key: Option<&str>) -> Result<Vec<String>, Error> {
    match key.map(Json::parse) {
        None | Some(Ok(Json::String(_))) => Ok(Vec::new()),
        Some(Ok(Json::Object(members))) => Ok(members.into_iter().map(|(name, _)| name).collect()),
        Some(_) => Err(Error::broken_answer("a page key that is no object")),
    }
}

/// The key of a page's item, in DynamoDB's JSON; `None` where it lacks one of the names, or there are none.
pub(super) fn key_of_item(body: &str, index: usize, names: &[String]) -> Result<Option<String>, Error> {
    #[derive(Deserialize)]
    struct OnlyItems<'a> {
        #[serde(borrow, rename = "Items")]
        items: Vec<&'a RawValue>,
    }
    if names.is_empty() {
        return Ok(None);
    }
    let page: OnlyItems<'_> = serde_json::from_str(body).map_err(Error::broken_answer)?;
    let item: HashMap<String, &RawValue> =
        serde_json::from_str(page.items[index].get()).map_err(Error::broken_answer)?;
    let parts: Option<Vec<String>> = names
        .iter()
        .map(|name| Some(format!("{}:{}", serde_json::Value::from(name.as_str()), item.get(name)?.get())))
        .collect();
    Ok(parts.map(|parts| format!("{{{}}}", parts.join(","))))
}

/// Capacity adds up, whatever parts DynamoDB breaks it into.
pub(super) fn sum_of(sum: Json, more: Json) -> Json {
    match (sum, more) {
        (Json::Number(one), Json::Number(other)) => {
            match (one.parse::<f64>(), other.parse::<f64>()) {
                // Halves of a unit: a float adds them exactly.
                (Ok(a), Ok(b)) => Json::Number((a + b).to_string()),
                _ => Json::Number(other),
            }
        }
        (Json::Object(mut members), Json::Object(more)) => {
            for (name, value) in more {
                match members.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = sum_of(std::mem::replace(known, Json::Null), value),
                    None => members.push((name, value)),
                }
            }
            Json::Object(members)
        }
        (_, more) => more,
    }
}
