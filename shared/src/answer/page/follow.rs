//! Fetches the pages of a request one after another and joins them into one answer.

use super::{Bounds, Next, Pages};
use crate::{
    answer::Answer,
    dynamodb::{
        Calls, Effect, Paged, Reply, Start,
        batch::{Budget, Clock as _, Schedule, TokioClock},
    },
    error::Error,
    value::Format,
};

/// Which pages of a request are fetched, and what the answer may hold.
#[derive(Debug)]
pub struct Follow {
    /// Whether to fetch more than the first page.
    pub all: bool,
    /// Where the first page starts.
    pub start: Option<Start>,
    /// The most items that DynamoDB evaluates for a page.
    pub limit: Option<usize>,
    /// Whether a page may hold fewer items than were evaluated.
    pub is_filtered: bool,
    /// The capacity units that the pages may consume in a second.
    pub budget: Option<Budget>,
    /// The limits of the answer.
    pub bounds: Bounds,
    /// The format of the answer's items.
    pub format: Format,
}

/// Sends a request for its first page, and for more pages if they are wanted, fit into the answer and have time before
/// the deadline.
///
/// # Errors
/// As [`Calls::send`] and [`Pages::add`].
pub async fn follow<R: Paged>(calls: &Calls, request: R, follow: Follow) -> Result<Answer, Error> {
    let Follow { all, mut start, limit, is_filtered, mut budget, mut bounds, format } = follow;
    // A statement that writes returns one page. It must not be sent again to get a shorter one.
    let can_repeat = R::OPERATION.effect(request.traits()) == Effect::Read;
    if !can_repeat {
        bounds.items = None;
    }
    let all = all && can_repeat;
    let mut pages = Pages::new(format, bounds, R::CONTINUATION);
    let page = |start: Option<&Start>, most: Option<usize>| {
        let limit = [limit, most].into_iter().flatten().min();
        let limit = limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX));
        calls.send(request.clone().page(limit, start))
    };
    // If DynamoDB filters items out, it must evaluate more items than are wanted.
    let wanted = |pages: &Pages| if is_filtered { None } else { pages.items_left() };

    let schedule = Schedule::before(calls.deadline(), TokioClock.now());
    let has_time = || !schedule.is_over(TokioClock.now());
    let mut reply: Reply = page(start.as_ref(), wanted(&pages)).await?;
    if !can_repeat {
        return match pages.add(reply, None).map_err(took_effect)? {
            Next::After(_) | Next::Done => Ok(pages.into_answer()),
            Next::Again(_) => Err(took_effect(Error::ResponseTooLarge("the answer has no room".to_owned()))),
        };
    }
    loop {
        let asked_after = start.as_ref().map(Start::text);
        if all
            && budget.is_none()
            && has_time()
            && let Some(text) = pages.key_ahead(&reply)
        {
            // Request the next page while this one is written.
            let next_start = Start::of_answer(&text)?;
            let (next, added) = tokio::join!(page(Some(&next_start), None), async {
                tokio::task::yield_now().await;
                pages.add(reply, asked_after)
            });
            added?;
            (reply, start) = (next?, Some(next_start));
            continue;
        }
        let units_before = pages.units();
        let next = pages.add(reply, asked_after)?;
        if let Some(budget) = &mut budget {
            budget.spend(pages.units() - units_before, TokioClock.now());
            if all && matches!(next, Next::After(_)) {
                // It waits no longer than there is time for another page.
                let until = budget.next_call(0);
                TokioClock.sleep_until(schedule.last_call().map_or(until, |last| last.min(until))).await;
            }
        }
        reply = match next {
            Next::After(text) if all && has_time() => {
                start = Some(Start::of_answer(&text)?);
                page(start.as_ref(), wanted(&pages)).await?
            }
            Next::After(_) | Next::Done => return Ok(pages.into_answer()),
            Next::Again(limit) => page(start.as_ref(), Some(limit)).await?,
        };
    }
}

/// The error for a write whose answer is too large.
fn took_effect(error: Error) -> Error {
    match error {
        Error::ResponseTooLarge(message) => {
            Error::ResponseTooLarge(format!("{message}; the statement took effect all the same"))
        }
        other => other,
    }
}
