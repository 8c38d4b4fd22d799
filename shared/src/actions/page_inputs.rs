//! The inputs of the actions that answer with pages.

use super::Context;
use crate::{
    answer::page::{Bounds, Follow},
    dynamodb::Start,
    input::Count,
    inputs,
    settings::LARGEST_ANSWER,
    value::Format,
};

/// The largest `maxResponseBytes`: the largest answer that Lambda takes.
#[expect(clippy::cast_possible_wrap, reason = "six million")]
pub(super) const MOST_BYTES: i64 = LARGEST_ANSWER as i64;

inputs! {
    /// How many pages to fetch, and how much the answer may hold.
    pub(super) struct PageInputs {
        /// Whether to fetch more pages: until the last page, `maxItems` or the size limit, whichever comes first.
        fetch_all: Option<bool> = ["fetchAll"] { default: false },
        /// The most items in the answer, over all pages.
        max_items: Option<Count> = ["maxItems"],
        /// The largest answer, in bytes. If it is left out, `MAX_RESPONSE_BYTES` or Lambda's own limit holds.
        max_response_bytes: Option<Count<MOST_BYTES>> = ["maxResponseBytes"] { example: 262_144 },
    }
}

impl PageInputs {
    /// Whether to fetch more than one page, if the event says so.
    pub(super) fn fetches_all(&self) -> Option<bool> {
        self.fetch_all
    }

    /// Combines these inputs with a request's start and limit.
    pub(super) fn follow(
        self,
        context: &Context,
        default: Format,
        start: Option<Start>,
        limit: Option<usize>,
        is_filtered: bool,
    ) -> Follow {
        let most = context.answer_bytes;
        Follow {
            all: self.fetch_all.unwrap_or(false),
            start,
            limit,
            is_filtered,
            budget: None,
            bounds: Bounds {
                bytes: self.max_response_bytes.map_or(most, |bytes| bytes.to_usize().min(most)),
                items: self.max_items.map(Count::to_usize),
            },
            format: context.output_format(default),
        }
    }
}
