//! Reads the segments of a scan at the same time, and joins their pages into one answer.

use std::pin::pin;

use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use futures_util::{StreamExt as _, stream::FuturesUnordered};

use super::{Added, Place, SegmentedPages};
use crate::{
    answer::Answer,
    dynamodb::{
        Calls, Paged as _, Start,
        batch::{Budget, Clock as _, Schedule, TokioClock, answer_by, can_go_on},
    },
    error::Error,
};

/// Which pages of a scan's segments are read.
#[derive(Debug)]
pub struct Parallel {
    /// The number of segments.
    pub segments: usize,
    /// Whether to read more than one page of each segment.
    pub all: bool,
    /// The most items that DynamoDB evaluates for a page.
    pub limit: Option<usize>,
    /// Whether a page may hold fewer items than were evaluated.
    pub is_filtered: bool,
    /// The capacity units that the pages may consume in a second.
    pub budget: Option<Budget>,
}

/// Sends a request for pages of all segments, as many at once as the answer has room for. Ends at the end of the table,
/// at the limits of `pages`, or shortly before the deadline.
///
/// # Errors
/// As [`Calls::send`] and [`SegmentedPages::add`]. After the first page, DynamoDB's throttling and a missing answer are
/// not errors: the answer then ends early.
pub async fn follow_segments(
    calls: &Calls,
    request: ScanFluentBuilder,
    mut parallel: Parallel,
    mut pages: SegmentedPages,
) -> Result<Answer, Error> {
    let total = i32::try_from(parallel.segments).unwrap_or(i32::MAX);
    let request = request.total_segments(total);
    let mut budget = parallel.budget.take();
    let page = |segment: usize, start: Option<Start>, most: Option<usize>| {
        let limit = [parallel.limit, most].into_iter().flatten().min();
        let limit = limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX));
        let number = i32::try_from(segment).unwrap_or(i32::MAX);
        let sent = calls.send(request.clone().segment(number).page(limit, start.as_ref()));
        async move { (segment, sent.await) }
    };
    let clock = TokioClock;
    let schedule = Schedule::before(calls.deadline(), clock.now());
    let mut waiting: Vec<usize> =
        (0..parallel.segments).rev().filter(|segment| *pages.place(*segment) != Place::End).collect();
    let mut under_way = FuturesUnordered::new();
    let started = clock.now();
    let mut is_first = true;
    let mut stops = false;
    loop {
        // The time of the next page. It is in the past if nothing limits the capacity.
        let next_page = |under_way: usize| budget.as_ref().map_or(started, |budget| budget.next_call(under_way));
        while !stops
            && pages.has_room(under_way.len())
            && !schedule.is_over(clock.now())
            && clock.now() >= next_page(under_way.len())
        {
            let Some(segment) = waiting.pop() else { break };
            let start = start_of(pages.place(segment))?;
            let most = if parallel.is_filtered { None } else { pages.items_left() };
            under_way.push(page(segment, start, most));
        }
        let next_page = next_page(under_way.len());
        let waits = !stops
            && !waiting.is_empty()
            && clock.now() < next_page
            && pages.has_room(under_way.len())
            && !schedule.is_over(clock.now());
        if under_way.is_empty() {
            if !waits {
                break;
            }
            clock.sleep_until(schedule.last_call().map_or(next_page, |last| last.min(next_page))).await;
            continue;
        }
        // Without a page there is no answer, so the first one has all the time.
        let end = schedule.end().filter(|_| !is_first);
        let until = [end, Some(next_page).filter(|_| waits)].into_iter().flatten().min();
        let answer = answer_by(until.map(|until| clock.sleep_until(until)), pin!(under_way.next())).await;
        let Some(Some((segment, result))) = answer else {
            if end.is_some_and(|end| clock.now() >= end) {
                calls.abandon();
                break;
            }
            continue;
        };
        let units_before = pages.units();
        let added = match result {
            Ok(reply) => Ok(pages.add(segment, reply)?),
            Err(error) => Err(error),
        };
        if let Some(budget) = &mut budget {
            budget.spend(pages.units() - units_before, clock.now());
        }
        match added {
            Ok(added) => match added {
                Added::Again(limit) => {
                    let start = start_of(pages.place(segment))?;
                    under_way.push(page(segment, start, Some(limit)));
                }
                Added::Done => {
                    is_first = false;
                    if parallel.all && *pages.place(segment) != Place::End {
                        // The segments take turns.
                        waiting.insert(0, segment);
                    }
                }
            },
            Err(error) if !is_first && can_go_on(&error) => stops = true,
            Err(error) => return Err(error),
        }
    }
    Ok(pages.into_answer())
}

/// The start of the next page of a segment at this place. `None` is the segment's beginning.
fn start_of(place: &Place) -> Result<Option<Start>, Error> {
    match place {
        Place::After(key) => Start::of_answer(key).map(Some),
        Place::Beginning | Place::End => Ok(None),
    }
}
