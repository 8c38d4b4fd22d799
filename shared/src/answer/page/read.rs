//! Reads one page: its counts, its items in the caller's format, and the key of any item.

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

/// The counts of one page. Its items are already written.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The position in the output after each item.
    ends: Vec<usize>,
    /// Whether the page holds items. With `Select` `COUNT` it only counts them.
    has_items: bool,
    pub(super) count: u64,
    pub(super) scanned: u64,
    pub(super) capacity: Option<Json>,
    /// The key or token to continue from, as JSON text.
    pub(super) continuation: Option<String>,
}

impl Page {
    /// The number of items that the page holds or counts.
    pub(super) fn len(&self) -> usize {
        if self.has_items { self.ends.len() } else { usize::try_from(self.count).unwrap_or(usize::MAX) }
    }

    /// Whether the page holds items.
    pub(super) fn has_items(&self) -> bool {
        self.has_items
    }

    /// The position in the output after the first `kept` items. `before` is the position before the first item.
    pub(super) fn end_of(&self, kept: usize, before: usize) -> usize {
        kept.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(before)
    }

    /// The number of items, of the first `kept`, that end at least `surplus` bytes before `end`.
    pub(super) fn items_before(&self, kept: usize, surplus: usize, end: usize) -> usize {
        let ends = self.ends.get(..kept).unwrap_or_default();
        ends.iter().rposition(|item| item + surplus <= end).map_or(0, |at| at + 1)
    }

    /// The `Limit` (items evaluated) that ends this page after about `kept` of its `all` items. If nothing is filtered
    /// out, the page then never holds more than `kept` items.
    pub(super) fn limit_for(&self, kept: usize, all: usize) -> usize {
        let scanned = usize::try_from(self.scanned).unwrap_or(usize::MAX).max(all);
        (scanned.saturating_mul(kept) / all).clamp(1, scanned.saturating_sub(1).max(1))
    }
}

/// A page's members except its key, in DynamoDB's order. Unknown members carry their text, which is passed on.
pub(super) type Members = Vec<(String, Option<String>)>;

/// Reads a page and writes its items to `out`.
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

/// A page's `LastEvaluatedKey`, if it stands after the items as DynamoDB writes it. The items are not read.
pub(super) fn key_at_the_end(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct End<'a> {
        #[serde(borrow, rename = "LastEvaluatedKey")]
        key: &'a RawValue,
    }
    const NAME: &[u8] = br#""LastEvaluatedKey":"#;
    /// More bytes than two escaped keys of 2,048 and 1,024 bytes take.
    const FAR: usize = 32 * 1024;

    let near = body.len().saturating_sub(FAR);
    let at = near + body[near..].windows(NAME.len()).rposition(|window| window == NAME)?;
    // A member from here to the end of the body belongs to the page itself. After a member of an item, more than one
    // brace would follow.
    let end = [b"{", &body[at..]].concat();
    serde_json::from_slice::<End<'_>>(&end).ok().map(|End { key }| key.get().to_owned())
}

/// The attribute names of a page key. A token has none.
pub(super) fn key_names(key: Option<&str>) -> Result<Vec<String>, Error> {
    match key.map(Json::parse) {
        None | Some(Ok(Json::String(_))) => Ok(Vec::new()),
        Some(Ok(Json::Object(members))) => Ok(members.into_iter().map(|(name, _)| name).collect()),
        Some(_) => Err(Error::broken_answer("a page key that is no object")),
    }
}

/// The key of a page's item, in DynamoDB's JSON. `None` if the item lacks one of the names, or if there are no names.
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
