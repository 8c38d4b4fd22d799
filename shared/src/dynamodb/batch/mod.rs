//! Work that is split into several calls: several are under way at once, what DynamoDB did not take is sent again, and
//! what there was no time for is handed back.
//!
//! - `budget`: the capacity units that it may consume in a second
//! - `clock`: the time of a batch, which tests replace
//! - `pace`: how many calls at once, and how long to wait
//! - `simulated`: a simulated time, for tests and benches
//!
//! A batch stops sending shortly before the invocation's deadline. It then waits for the calls that are under way, and
//! gives them up in time for the answer.

mod budget;
mod clock;
mod pace;
#[cfg(any(test, feature = "internals"))]
mod simulated;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    pin::pin,
    time::{Duration, Instant},
};

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use futures_util::{
    StreamExt as _,
    future::{Either, select},
    stream::FuturesUnordered,
};

use self::pace::Pace;
#[cfg(any(test, feature = "internals"))]
pub use self::simulated::SimulatedClock;
pub use self::{
    budget::Budget,
    clock::{Clock, TokioClock},
};
use super::Reply;
use crate::error::Error;

/// The number of calls in a row without an answer after which a batch gives up.
const MOST_FAILURES: u32 = 4;

/// The work of a batch. Its elements are known by their index.
pub trait Batch {
    /// Takes the elements of one call from the front of the queue. Takes at least one.
    fn next_call(&mut self, queue: &mut VecDeque<usize>) -> Vec<usize>;

    /// Sends the call with these elements.
    fn send(&mut self, elements: &[usize]) -> impl Future<Output = Result<Reply, Error>> + Send + 'static;

    /// Reads the answer to a call. Returns the elements that are not done, and why.
    ///
    /// # Errors
    /// Ends the batch.
    fn read(&mut self, elements: &[usize], reply: Reply) -> Result<Left, Error>;

    /// Records a call without an answer. Its elements are sent again.
    fn failed(&mut self, _elements: &[usize], _error: &Error) {}

    /// The most calls that may be under way now. 0 ends the batch, once those under way are answered.
    fn most_at_once(&self) -> usize;
}

/// What an answer leaves to do.
#[derive(Debug, Default, PartialEq)]
pub struct Left {
    /// Elements that DynamoDB did not take. They are sent again after a wait.
    pub refused: Vec<usize>,
    /// Elements that were only too much for one answer. They are sent again at once.
    pub deferred: Vec<usize>,
    /// The capacity units that the call consumed.
    pub units: f64,
}

/// How a batch ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// The elements that are not done, in their order.
    pub left: Vec<usize>,
    /// Those of `left` that were sent, and may have taken effect.
    pub uncertain: Vec<usize>,
    /// The error that ended the batch early.
    pub error: Option<Error>,
    /// The error of the last call that had no answer.
    pub no_answer: Option<Error>,
}

/// The times at which a batch ends.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// No call is sent after this time.
    last_call: Option<Instant>,
    /// Calls without an answer are given up at this time.
    end: Option<Instant>,
}

impl Schedule {
    /// The schedule for an invocation that must answer by `deadline`.
    #[must_use]
    pub fn before(deadline: Option<Instant>, now: Instant) -> Self {
        let Some(deadline) = deadline else { return Self { last_call: None, end: None } };
        let left = deadline.saturating_duration_since(now);
        let to_answer = (left / 20).clamp(Duration::from_millis(20), Duration::from_millis(500));
        let for_a_call = (left / 10).clamp(Duration::from_millis(50), Duration::from_secs(2));
        let end = deadline.checked_sub(to_answer);
        Self { last_call: end.and_then(|end| end.checked_sub(for_a_call)), end }
    }

    /// The time at which calls without an answer are given up. `None` if there is no deadline.
    #[must_use]
    pub fn end(&self) -> Option<Instant> {
        self.end
    }

    /// The time after which no call is sent. `None` if there is no deadline.
    #[must_use]
    pub fn last_call(&self) -> Option<Instant> {
        self.last_call
    }

    /// Whether it is too late for another call.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        self.last_call.is_some_and(|last| now >= last)
    }
}

/// Sends all elements, or as many as there is time and budget for.
pub async fn run(
    batch: &mut impl Batch,
    elements: impl IntoIterator<Item = usize>,
    schedule: Schedule,
    budget: Option<Budget>,
    random: fastrand::Rng,
    clock: &impl Clock,
) -> Ended {
    let mut work = Work { queue: elements.into_iter().collect(), budget, ..Work::default() };
    let mut pace = Pace::new(random);
    let mut under_way = FuturesUnordered::new();
    let mut wait_until = clock.now();
    loop {
        let stops = work.ended.error.is_some() || schedule.is_over(clock.now());
        // The time of the next call.
        let next_call = |work: &Work, under_way: usize| match &work.budget {
            Some(budget) => budget.next_call(under_way).max(wait_until),
            None => wait_until,
        };
        while !stops
            && !work.queue.is_empty()
            && under_way.len() < pace.window().min(batch.most_at_once())
            && clock.now() >= next_call(&work, under_way.len())
        {
            let elements = batch.next_call(&mut work.queue);
            let (sent, epoch) = (batch.send(&elements), pace.epoch());
            let end = schedule.end.map(|end| clock.sleep_until(end));
            under_way.push(async move { (elements, epoch, answer_by(end, sent).await) });
        }
        let next_call = next_call(&work, under_way.len());
        if under_way.is_empty() {
            if stops || work.queue.is_empty() || batch.most_at_once() == 0 {
                break;
            }
            clock.sleep_until(schedule.last_call.map_or(next_call, |last| last.min(next_call))).await;
            continue;
        }
        let waits = clock.now() < next_call && under_way.len() < pace.window().min(batch.most_at_once());
        let next = if waits && !stops && !work.queue.is_empty() {
            match select(under_way.next(), pin!(clock.sleep_until(next_call))).await {
                Either::Left((next, _)) => next,
                Either::Right(_) => continue,
            }
        } else {
            under_way.next().await
        };
        let Some((elements, epoch, answer)) = next else { continue };
        match work.answered(batch, elements, answer, clock.now()) {
            Call::Taken => pace.taken(epoch),
            Call::Refused(elements) => {
                if let Some(wait) = pace.refused(epoch) {
                    tracing::debug!(
                        elements = elements.len(),
                        waitMilliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                        atOnce = pace.window(),
                        "not taken; sending again"
                    );
                    wait_until = clock.now() + wait;
                }
                work.requeue(elements);
            }
            Call::Ended => {}
        }
    }
    work.finish()
}

/// What became of a call.
enum Call {
    /// DynamoDB took all of it.
    Taken,
    /// These elements are sent again after a wait.
    Refused(Vec<usize>),
    /// Nothing is to be learned from it.
    Ended,
}

/// The work that is left, and how the batch ends.
#[derive(Default)]
struct Work {
    queue: VecDeque<usize>,
    budget: Option<Budget>,
    /// The number of calls in a row without an answer.
    failures: u32,
    ended: Ended,
}

impl Work {
    /// Records the answer to a call. `None`: the time for it is over.
    fn answered(
        &mut self,
        batch: &mut impl Batch,
        elements: Vec<usize>,
        answer: Option<Result<Reply, Error>>,
        now: Instant,
    ) -> Call {
        let error = match answer {
            None => {
                self.ended.uncertain.extend(elements);
                return Call::Ended;
            }
            Some(Ok(reply)) => match batch.read(&elements, reply) {
                Ok(Left { refused, deferred, units }) => {
                    self.failures = 0;
                    if let Some(budget) = &mut self.budget {
                        budget.spend(units, now);
                    }
                    self.requeue(deferred);
                    return if refused.is_empty() { Call::Taken } else { Call::Refused(refused) };
                }
                Err(error) => {
                    self.ended.error.get_or_insert(error);
                    self.ended.uncertain.extend(elements);
                    return Call::Ended;
                }
            },
            Some(Err(error)) => error,
        };
        if is_throttled(&error) {
            return Call::Refused(elements);
        }
        if !is_no_answer(&error) {
            self.ended.error.get_or_insert(error);
            self.requeue(elements);
            return Call::Ended;
        }
        self.failures += 1;
        batch.failed(&elements, &error);
        if self.failures >= MOST_FAILURES {
            self.ended.error.get_or_insert_with(|| error.clone());
        }
        // A write that may have taken effect is not sent again.
        let again = if matches!(error, Error::OutcomeUnknown(_)) {
            self.ended.uncertain.extend(elements);
            Vec::new()
        } else {
            elements
        };
        self.ended.no_answer = Some(error);
        Call::Refused(again)
    }

    /// Puts elements back to the front of the queue, in their order.
    fn requeue(&mut self, elements: Vec<usize>) {
        for element in elements.into_iter().rev() {
            self.queue.push_front(element);
        }
    }

    /// How the batch ended.
    fn finish(self) -> Ended {
        let mut ended = self.ended;
        ended.left = self.queue.into_iter().chain(ended.uncertain.iter().copied()).collect();
        ended.left.sort_unstable();
        ended
    }
}

/// The answer, or `None` if `end` comes first.
pub async fn answer_by<T>(end: Option<impl Future<Output = ()>>, answer: impl Future<Output = T>) -> Option<T> {
    let Some(end) = end else { return Some(answer.await) };
    match select(pin!(answer), pin!(end)).await {
        Either::Left((answer, _)) => Some(answer),
        Either::Right(_) => None,
    }
}

/// Whether a later call can succeed: DynamoDB throttled this one, or gave no answer.
#[must_use]
pub fn can_go_on(error: &Error) -> bool {
    is_throttled(error) || is_no_answer(error)
}

/// Whether the call has no answer, or DynamoDB failed to give one.
fn is_no_answer(error: &Error) -> bool {
    match error {
        Error::OutcomeUnknown(_) | Error::Timeout(_) | Error::ConnectionFailed(_) => true,
        Error::Service(refusal) => {
            ["InternalServerError", "InternalServerErrorException", "ServiceUnavailable", "ServiceUnavailableException"]
                .contains(&refusal.code.as_str())
        }
        _ => false,
    }
}

/// Whether DynamoDB refused the whole call because there was too much of it.
#[must_use]
pub fn is_throttled(error: &Error) -> bool {
    matches!(error, Error::Service(refusal) if THROTTLING_ERRORS.contains(&refusal.code.as_str()))
}
