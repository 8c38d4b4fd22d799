//! Joins pages of items into one answer that keeps to its limits and holds the key to continue from.
//!
//! An answer that would exceed the size limit or the number of items ends early, at the end of an item.
//! `LastEvaluatedKey` is then built from the last item kept. The names of its attributes are those of DynamoDB's own
//! page keys: the table's key and the index's key. If those names are not known, or the item lacks them, the page is
//! requested again with a `Limit` that ends it there. DynamoDB then returns the key. In both cases no item is lost or
//! repeated.

mod follow;
mod parallel;
mod read;
mod segments;

use self::read::{Members, Page, key_at_the_end, key_names, key_of_item};
pub use self::{
    follow::{Follow, follow},
    parallel::{Parallel, follow_segments},
    segments::{Added, Place, SegmentedPages},
};
use super::{
    Answer,
    capacity::{self, units_of},
    metadata, text_of,
};
use crate::{
    dynamodb::{Continuation, Reply},
    error::Error,
    json::Json,
    value::Format,
};

/// The limits of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most bytes of the whole answer.
    pub bytes: usize,
    /// The most items, over all pages.
    pub items: Option<usize>,
}

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// The answer is complete, or as large as it may be.
    Done,
    /// The page after this key (DynamoDB's JSON) may follow.
    After(String),
    /// The same page must be requested again with this `Limit`. Only DynamoDB can then return the key to continue from.
    Again(usize),
}

/// The pages that were added so far.
#[derive(Debug)]
pub struct Pages {
    format: Format,
    bounds: Bounds,
    /// The items' JSON, with commas between them.
    out: String,
    counts: Counts,
    capacity: Option<Json>,
    /// The last page's members, in DynamoDB's order.
    members: Members,
    /// The key or token to continue from, as JSON text.
    last_key: Option<String>,
    continuation: Continuation,
    /// The last call without its body, with the attempts and waits of all calls.
    last: Reply,
    /// Whether the size limit was reached. The next page is then the last one.
    closing: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    items: usize,
    count: u64,
    scanned: u64,
}

/// The bytes reserved for the parts of an answer that are not DynamoDB's members.
const METADATA: usize = 512;

/// The bytes reserved for growing sums. An answer with less room left is complete.
const SLACK: usize = 64;

impl Pages {
    /// No pages yet.
    #[must_use]
    pub fn new(format: Format, bounds: Bounds, continuation: Continuation) -> Self {
        Self {
            format,
            bounds,
            continuation,
            out: String::new(),
            counts: Counts::default(),
            capacity: None,
            members: Members::new(),
            last_key: None,
            last: Reply::default(),
            closing: false,
        }
    }

    /// The number of items that may still be added. `None` if there is no limit.
    #[must_use]
    pub fn items_left(&self) -> Option<usize> {
        self.bounds.items.map(|most| most.saturating_sub(self.counts.items))
    }

    /// The capacity units that DynamoDB reported for the pages so far.
    #[must_use]
    pub fn units(&self) -> f64 {
        self.capacity.as_ref().and_then(units_of).unwrap_or_default()
    }

    /// The key after this page (DynamoDB's JSON), found without reading its items. Returns `None` unless the page
    /// certainly fits and another page may follow. The next page can be requested while this one is written.
    #[must_use]
    pub fn key_ahead(&self, reply: &Reply) -> Option<String> {
        if self.closing || self.bounds.items.is_some() || self.continuation != Continuation::Key {
            return None;
        }
        // The output for a page is never longer than DynamoDB's text.
        let longest = self.out.len() + reply.body.len() + METADATA + SLACK;
        if longest > self.bounds.bytes { None } else { key_at_the_end(&reply.body) }
    }

    /// Adds the page that was requested after `start` (DynamoDB's JSON), or as much of it as fits.
    ///
    /// # Errors
    /// Returns [`Error::ResponseTooLarge`] if not even one item fits. Returns [`Error::ConnectionFailed`] if the page
    /// does not have DynamoDB's form.
    pub fn add(&mut self, mut reply: Reply, start: Option<&str>) -> Result<Next, Error> {
        let body = std::mem::take(&mut reply.body);
        self.last = reply.after(&self.last);
        let before = self.out.len();
        let body = text_of(&body)?;
        let members_before = std::mem::take(&mut self.members);
        let mut page = self.read(body)?;
        capacity::add(&mut self.capacity, page.capacity.take());

        let all = page.len();
        let wanted = self.items_left().map_or(all, |left| left.min(all));
        let key_names = key_names(page.continuation.as_deref().or(start))?;
        let mut kept = wanted;
        loop {
            let key = if kept == all {
                Key::Known(page.continuation.clone())
            } else if kept == 0 {
                Key::Known(self.last_key.clone())
            } else if page.has_items() {
                key_of_item(body, kept - 1, &key_names)?.map_or(Key::Unknown, |key| Key::Known(Some(key)))
            } else {
                Key::Unknown
            };
            let counts = self.counts.plus(&page, kept, all);
            let end = page.end_of(kept, before);
            let size = self.frame(counts, key.as_deref()).len() + end;
            if size > self.bounds.bytes {
                if kept == 0 || !page.has_items() {
                    return Err(no_room(size, self.bounds.bytes));
                }
                if kept == 1 && self.counts.items == 0 {
                    return Err(too_large(size, self.bounds.bytes));
                }
                // The answer is too large by `surplus` bytes. Drop enough items at once, whatever the key's length.
                let surplus = size - self.bounds.bytes;
                kept = page.items_before(kept - 1, surplus, end);
                if kept == 0 && self.counts.items == 0 {
                    kept = 1;
                }
                continue;
            }
            let for_size = kept < wanted;
            let Key::Known(key) = key else {
                self.out.truncate(before);
                self.closing |= for_size;
                return Ok(Next::Again(page.limit_for(kept, all)));
            };
            self.out.truncate(end);
            if kept == 0 && all > 0 {
                // The page is dropped with its own counts and members. The answer ends with the previous page.
                self.members = members_before;
            }
            self.counts = counts;
            self.last_key = key;
            let full = size + SLACK > self.bounds.bytes || self.items_left() == Some(0);
            return Ok(match &self.last_key {
                Some(key) if kept == all && !full && !self.closing => Next::After(key.clone()),
                _ => Next::Done,
            });
        }
    }

    /// The answer `{"data": {"$metadata": …, "Items": […], …}}`.
    #[must_use]
    pub fn into_answer(self) -> Answer {
        let frame = self.frame(self.counts, self.last_key.as_deref());
        joined(self.out, &frame, self.capacity.as_ref())
    }

    fn read(&mut self, body: &str) -> Result<Page, Error> {
        if self.counts.items > 0 {
            self.out.push(',');
        }
        // The output for a page is never longer than DynamoDB's text. Reserved memory that is never written costs
        // nothing.
        self.out.reserve(body.len() + METADATA);
        let start = self.out.len();
        let (page, members) =
            read::read(body, self.format, self.continuation, &mut self.out).map_err(Error::broken_answer)?;
        self.members = members;
        if self.out.len() == start && self.counts.items > 0 {
            self.out.pop();
        }
        Ok(page)
    }

    /// The answer without its items.
    fn frame(&self, counts: Counts, last_key: Option<&str>) -> Frame {
        frame(&FrameParts {
            metadata: &metadata(&self.last),
            members: &self.members,
            counts,
            capacity: self.capacity.as_ref(),
            continuation: self.continuation,
            last_key,
        })
    }
}

/// What an answer holds besides its items.
struct FrameParts<'a> {
    metadata: &'a str,
    /// The members of the last page, in DynamoDB's order.
    members: &'a Members,
    counts: Counts,
    capacity: Option<&'a Json>,
    continuation: Continuation,
    /// The key or token to continue from, as JSON text.
    last_key: Option<&'a str>,
}

/// The answer without its items.
fn frame(parts: &FrameParts<'_>) -> Frame {
    let mut frame = Frame { before: format!(r#"{{"data":{{{}"#, parts.metadata), after: String::new() };
    let mut part = &mut frame.before;
    for (name, value) in parts.members {
        part.push(',');
        part.push_str(&serde_json::Value::from(name.as_str()).to_string());
        part.push(':');
        match (name.as_str(), value) {
            ("Items", _) => {
                part.push('[');
                part = &mut frame.after;
                part.push(']');
            }
            ("Count", _) => part.push_str(&parts.counts.count.to_string()),
            ("ScannedCount", _) => part.push_str(&parts.counts.scanned.to_string()),
            ("ConsumedCapacity", _) => part.push_str(&parts.capacity.unwrap_or(&Json::Null).to_string()),
            (_, value) => part.push_str(value.as_deref().unwrap_or("null")),
        }
    }
    if let Some(key) = parts.last_key {
        part.extend([",\"", parts.continuation.name(), "\":", key]);
    }
    part.push_str("}}");
    frame
}

/// The answer of a frame and its items.
fn joined(items: String, frame: &Frame, capacity: Option<&Json>) -> Answer {
    let Frame { before, after } = frame;
    // The items are moved once. A large answer is not copied a second time.
    let mut text = items;
    text.reserve_exact(before.len() + after.len());
    text.insert_str(0, before);
    text.push_str(after);
    Answer { text, consumed_capacity: capacity.and_then(units_of) }
}

/// The key to continue from.
enum Key {
    /// This key. `None` means that there are no more pages.
    Known(Option<String>),
    /// There is a key, but only DynamoDB can return it.
    Unknown,
}

impl Key {
    fn as_deref(&self) -> Option<&str> {
        match self {
            Self::Known(key) => key.as_deref(),
            Self::Unknown => None,
        }
    }
}

struct Frame {
    before: String,
    after: String,
}

impl Frame {
    fn len(&self) -> usize {
        self.before.len() + self.after.len()
    }
}

impl Counts {
    /// The counts with the first `kept` of a page's `all` items added.
    fn plus(self, page: &Page, kept: usize, all: usize) -> Self {
        let whole = kept == all;
        Self {
            items: self.items + kept,
            count: self.count + if whole { page.count } else { kept as u64 },
            // The positions of filtered items are unknown. A page that is cut counts all of its evaluated items.
            scanned: self.scanned
                + match kept {
                    0 if !whole => 0,
                    _ if whole || page.scanned != page.count => page.scanned,
                    _ => kept as u64,
                },
        }
    }
}

fn no_room(size: usize, limit: usize) -> Error {
    Error::ResponseTooLarge(format!(
        "the answer has {size} bytes without any item, more than the {limit} allowed; raise `maxResponseBytes`"
    ))
}

fn too_large(size: usize, limit: usize) -> Error {
    Error::ResponseTooLarge(format!(
        "one item makes an answer of {size} bytes, more than the {limit} allowed; ask for fewer of its attributes with \
         `projectionExpression`, or raise `maxResponseBytes`"
    ))
}

#[cfg(test)]
mod tests;
