//! Pages of items joined into one answer, no larger than it may be, with the key that goes on after the last item.
//!
//! An answer that would grow too large, or hold more items than asked for, ends early on an item's boundary. The
//! `LastEvaluatedKey` is then made of the last item kept: its attributes of the names that DynamoDB's own page
//! keys have (the table's key, and the index's). Where those are not known or not projected, the page is asked for
//! again with a `Limit` that ends it there, and DynamoDB itself says where to go on. Either way nothing is lost
//! and nothing comes twice.

mod follow;
mod read;

pub use self::follow::{Follow, follow};
use self::read::{Members, Page, key_at_the_end, key_names, key_of_item, sum_of};
use super::{Answer, metadata, text_of};
use crate::{
    dynamodb::{Continuation, Reply},
    error::Error,
    json::Json,
    value::Format,
};

/// What there may be in an answer.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The whole answer's bytes.
    pub bytes: usize,
    /// The items, all pages together.
    pub items: Option<usize>,
}

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the answer is complete, or as large as it may be.
    Done,
    /// The page after this key (DynamoDB's JSON) may follow.
    After(String),
    /// The same page again, with this `Limit`: only so does DynamoDB say where to go on.
    Again(usize),
}

/// The pages so far.
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
    /// Where to go on after what is written, as JSON text.
    last_key: Option<String>,
    continuation: Continuation,
    /// The last call, with the attempts and waits of all; without its body.
    last: Reply,
    /// The size limit was met: what comes next is the last page.
    closing: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    items: usize,
    count: u64,
    scanned: u64,
}

/// Room for what an answer has besides DynamoDB's own members.
const METADATA: usize = 512;

/// Room for the digits of sums that may yet grow: an answer with less room than this ends.
const SLACK: usize = 64;

impl Pages {
    /// No page yet.
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

    /// How many more items may come.
    #[must_use]
    pub fn items_left(&self) -> Option<usize> {
        self.bounds.items.map(|most| most.saturating_sub(self.counts.items))
    }

    /// The key after this page (DynamoDB's JSON), told without reading its items; where this page is sure to have room, and
    /// another one to follow. Then that one can be asked for already.
    #[must_use]
    pub fn key_ahead(&self, reply: &Reply) -> Option<String> {
        if self.closing || self.bounds.items.is_some() || self.continuation != Continuation::Key {
            return None;
        }
        // What is written of a page is never longer than what DynamoDB wrote.
        let longest = self.out.len() + reply.body.len() + METADATA + SLACK;
        if longest > self.bounds.bytes { None } else { key_at_the_end(&reply.body) }
    }

    /// Adds the page that was asked for after `start` (DynamoDB's JSON), or as much of it as there is room for.
    ///
    /// # Errors
    /// [`Error::ResponseTooLarge`] when not even one item has room, [`Error::ConnectionFailed`] when the page is
    /// not what DynamoDB writes.
    pub fn add(&mut self, mut reply: Reply, start: Option<&str>) -> Result<Next, Error> {
        let body = std::mem::take(&mut reply.body);
        self.last = reply.after(&self.last);
        let before = self.out.len();
        let body = text_of(&body)?;
        let members_before = std::mem::take(&mut self.members);
        let mut page = self.read(body)?;
        self.capacity = match (self.capacity.take(), page.capacity.take()) {
            (Some(sum), Some(more)) => Some(sum_of(sum, more)),
            (sum, more) => sum.or(more),
        };

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
                // Far too large: skip what cannot fit, whatever the key.
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
                // The page is dropped, and with it what it says of itself: the answer ends with the page before.
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

    /// `{"data": {"$metadata": …, "Items": […], …}}`.
    #[must_use]
    pub fn into_answer(self) -> Answer {
        let Frame { before, after } = self.frame(self.counts, self.last_key.as_deref());
        let consumed_capacity = self.consumed_capacity();
        // The items stay where they are, but for one move: there is no second copy of a large answer.
        let mut out = self.out;
        out.reserve_exact(before.len() + after.len());
        out.insert_str(0, &before);
        out.push_str(&after);
        Answer { text: out, consumed_capacity }
    }

    fn consumed_capacity(&self) -> Option<f64> {
        match self.capacity.as_ref()? {
            Json::Object(members) => members.iter().find_map(|(name, units)| match units {
                Json::Number(digits) if name == "CapacityUnits" => digits.parse().ok(),
                _ => None,
            }),
            _ => None,
        }
    }

    fn read(&mut self, body: &str) -> Result<Page, Error> {
        if self.counts.items > 0 {
            self.out.push(',');
        }
        // What is written of a page is never longer than what DynamoDB wrote; what is not written to costs nothing.
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
        let mut frame = Frame { before: format!(r#"{{"data":{{{}"#, metadata(&self.last)), after: String::new() };
        let mut part = &mut frame.before;
        for (name, value) in &self.members {
            part.push(',');
            part.push_str(&serde_json::Value::from(name.as_str()).to_string());
            part.push(':');
            match (name.as_str(), value) {
                ("Items", _) => {
                    part.push('[');
                    part = &mut frame.after;
                    part.push(']');
                }
                ("Count", _) => part.push_str(&counts.count.to_string()),
                ("ScannedCount", _) => part.push_str(&counts.scanned.to_string()),
                ("ConsumedCapacity", _) => part.push_str(&self.capacity.as_ref().unwrap_or(&Json::Null).to_string()),
                (_, value) => part.push_str(value.as_deref().unwrap_or("null")),
            }
        }
        if let Some(key) = last_key {
            part.extend([",\"", self.continuation.name(), "\":", key]);
        }
        part.push_str("}}");
        frame
    }
}

/// The key to go on after.
enum Key {
    /// This one; `None` after the last page.
    Known(Option<String>),
    /// There is one, but only DynamoDB can tell.
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
    /// With `kept` of a page's `all` items.
    fn plus(self, page: &Page, kept: usize, all: usize) -> Self {
        let whole = kept == all;
        Self {
            items: self.items + kept,
            count: self.count + if whole { page.count } else { kept as u64 },
            // What was filtered out stands somewhere between the items: where a page is cut, all of it was scanned.
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
