//! Joins the pages of a scan whose segments are read at the same time.
//!
//! Pages come in any order. Each is added whole if it fits, or up to an item, or not at all. A segment then goes on
//! exactly after its last item that was added. So no item is lost or repeated, wherever the answer ends.

#[cfg(test)]
mod tests;

use super::{
    Answer, Bounds, Counts, Frame, FrameParts, METADATA, SLACK, capacity, frame, joined, metadata,
    read::{self, Members, Page, key_names, key_of_item},
    text_of, too_large, units_of,
};
use crate::{
    dynamodb::{Continuation, Reply},
    error::Error,
    json::Json,
    value::Format,
};

/// Where a segment goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At its beginning.
    Beginning,
    /// After this key (DynamoDB's JSON).
    After(String),
    /// Nowhere: all of it was read.
    End,
}

/// What to do with a segment after one of its pages.
#[derive(Debug, PartialEq, Eq)]
pub enum Added {
    /// The segment's place has moved, or the answer is as large as it may be.
    Done,
    /// The page must be requested again with this `Limit`. Only DynamoDB can then return the key to continue from.
    Again(usize),
}

/// Writes the token for places to go on from.
type WriteToken = Box<dyn Fn(&[Place]) -> String + Send>;

/// The pages of a scan that were added so far.
pub struct SegmentedPages {
    format: Format,
    bounds: Bounds,
    places: Vec<Place>,
    /// Writes the token for these places.
    token: WriteToken,
    /// The items' JSON, with commas between them.
    out: String,
    counts: Counts,
    capacity: Option<Json>,
    /// The members of the last page that was added, in DynamoDB's order.
    members: Members,
    /// The names of the attributes of a page key, from the first one seen.
    key_names: Vec<String>,
    last: Reply,
    pages: usize,
    /// Whether a page did not fit.
    is_full: bool,
}

impl SegmentedPages {
    /// No pages yet, of a scan that starts at these places. `token` writes the token for places to go on from.
    ///
    /// # Errors
    /// Returns [`Error::ConnectionFailed`] for a place that is no key.
    pub fn new(
        format: Format,
        bounds: Bounds,
        places: Vec<Place>,
        token: impl Fn(&[Place]) -> String + Send + 'static,
    ) -> Result<Self, Error> {
        let known = places.iter().find_map(|place| match place {
            Place::After(key) => Some(key.as_str()),
            Place::Beginning | Place::End => None,
        });
        Ok(Self {
            format,
            bounds,
            key_names: key_names(known)?,
            places,
            token: Box::new(token),
            out: String::new(),
            counts: Counts::default(),
            capacity: None,
            members: Members::new(),
            last: Reply::default(),
            pages: 0,
            is_full: false,
        })
    }

    /// Where this segment goes on.
    #[must_use]
    pub fn place(&self, segment: usize) -> &Place {
        &self.places[segment]
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

    /// Whether another page can be added while this many are under way. Each is assumed to have the average size of the
    /// pages so far, so that few pages are read in vain.
    #[must_use]
    pub fn has_room(&self, under_way: usize) -> bool {
        /// The size of a page before one is known: what DynamoDB reads for a page at most.
        const FIRST: usize = 1_000_000;
        if self.is_full || self.items_left() == Some(0) {
            return false;
        }
        let page = self.out.len().checked_div(self.pages).unwrap_or(FIRST);
        under_way == 0 || self.out.len() + (under_way + 1) * page + METADATA <= self.bounds.bytes
    }

    /// Adds a page of a segment, or as much of it as fits.
    ///
    /// # Errors
    /// Returns [`Error::ResponseTooLarge`] if not even one item fits into the answer. Returns
    /// [`Error::ConnectionFailed`] if the page does not have DynamoDB's form.
    pub fn add(&mut self, segment: usize, mut reply: Reply) -> Result<Added, Error> {
        let body = std::mem::take(&mut reply.body);
        self.last = reply.after(&self.last);
        let before = self.out.len();
        let body = text_of(&body)?;
        if self.counts.items > 0 {
            self.out.push(',');
        }
        let (mut page, members) =
            read::read(body, self.format, Continuation::Key, &mut self.out).map_err(Error::broken_answer)?;
        capacity::add(&mut self.capacity, page.capacity.take());
        if self.key_names.is_empty() {
            self.key_names = key_names(page.continuation.as_deref())?;
        }
        if self.members.is_empty() {
            self.members = members;
        }
        let all = page.len();
        let mut kept = self.items_left().map_or(all, |left| left.min(all));
        loop {
            if kept == 0 && all > 0 {
                return Ok(self.leave_out(before));
            }
            let Some(place) = self.place_after(&page, body, kept)? else {
                // The key of the last item that fits is not known, because no page had one.
                let again = page.limit_for(kept, all);
                let is_first = self.counts.items == 0;
                self.out.truncate(before);
                self.is_full |= !is_first;
                return Ok(if is_first { Added::Again(again) } else { Added::Done });
            };
            let end = page.end_of(kept, before);
            let former = std::mem::replace(&mut self.places[segment], place);
            let counts = self.counts.plus(&page, kept, all);
            let size = self.frame(counts).len() + end;
            if size <= self.bounds.bytes {
                self.out.truncate(end);
                self.counts = counts;
                self.pages += 1;
                self.is_full |= kept < all || size + SLACK > self.bounds.bytes;
                return Ok(Added::Done);
            }
            self.places[segment] = former;
            if kept <= 1 || !page.has_items() {
                if self.counts.items == 0 {
                    return Err(too_large(size, self.bounds.bytes));
                }
                return Ok(self.leave_out(before));
            }
            kept = page.items_before(kept - 1, size - self.bounds.bytes, end);
            if kept == 0 && self.counts.items == 0 {
                kept = 1;
            }
        }
    }

    /// Leaves a page out. Its segment stays where it was.
    fn leave_out(&mut self, before: usize) -> Added {
        self.out.truncate(before);
        self.is_full = true;
        Added::Done
    }

    /// The place after the first `kept` items of a page. `None` if only DynamoDB can say.
    fn place_after(&self, page: &Page, body: &str, kept: usize) -> Result<Option<Place>, Error> {
        if kept == page.len() {
            return Ok(Some(page.continuation.clone().map_or(Place::End, Place::After)));
        }
        if !page.has_items() {
            return Ok(None);
        }
        Ok(key_of_item(body, kept - 1, &self.key_names)?.map(Place::After))
    }

    /// Whether all segments were read to their end.
    fn is_complete(&self) -> bool {
        self.places.iter().all(|place| *place == Place::End)
    }

    /// The answer without its items: the text before them, and the text after them.
    fn frame(&self, counts: Counts) -> Frame {
        let token = (!self.is_complete()).then(|| format!("\"{}\"", (self.token)(&self.places)));
        frame(&FrameParts {
            metadata: &metadata(&self.last),
            members: &self.members,
            counts,
            capacity: self.capacity.as_ref(),
            continuation: Continuation::Token,
            last_key: token.as_deref(),
        })
    }

    /// The answer `{"data": {"$metadata": …, "Items": […], …, "NextToken"}}`.
    #[must_use]
    pub fn into_answer(self) -> Answer {
        let frame = self.frame(self.counts);
        joined(self.out, &frame, self.capacity.as_ref())
    }
}
