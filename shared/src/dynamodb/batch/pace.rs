//! How many calls of a batch are under way at once, and how long it waits after DynamoDB refused some of the work.
//!
//! The number grows with each call that DynamoDB took whole: fast at first, by one for each round of calls after it was
//! throttled once. A refusal halves it and makes all calls wait. The wait is random, between nothing and a bound that
//! doubles with each refusal in a row ("full jitter":
//! <https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/>).

use std::time::Duration;

/// The number of calls at once, at first.
const FIRST: f64 = 4.0;
/// The most calls at once.
const MOST: f64 = 32.0;
/// The bound of the first wait.
const SHORTEST: Duration = Duration::from_millis(50);
/// The bound of the longest wait.
const LONGEST: Duration = Duration::from_secs(5);

/// The pace of one batch.
#[derive(Debug)]
pub(super) struct Pace {
    window: f64,
    /// Whether DynamoDB refused some of the work before.
    was_throttled: bool,
    /// The number of refusals in a row.
    refusals: u32,
    /// Counts the refusals. A call that was sent before the last one says nothing new.
    epoch: u32,
    random: fastrand::Rng,
}

/// The time at which a call was sent, counted in refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Epoch(u32);

impl Pace {
    pub(super) fn new(random: fastrand::Rng) -> Self {
        Self { window: FIRST, was_throttled: false, refusals: 0, epoch: 0, random }
    }

    /// The number of calls that may be under way.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and MOST")]
    pub(super) fn window(&self) -> usize {
        self.window as usize
    }

    /// The epoch of a call that is sent now.
    pub(super) fn epoch(&self) -> Epoch {
        Epoch(self.epoch)
    }

    /// Records a call that DynamoDB took whole.
    pub(super) fn taken(&mut self, sent: Epoch) {
        if sent.0 == self.epoch {
            self.refusals = 0;
        }
        let more = if self.was_throttled { 1.0 / self.window } else { 1.0 };
        self.window = (self.window + more).min(MOST);
    }

    /// Records a call of which DynamoDB refused something. Returns the time to wait before the next call. `None` if an
    /// earlier refusal made the batch wait already.
    pub(super) fn refused(&mut self, sent: Epoch) -> Option<Duration> {
        if sent.0 != self.epoch {
            return None;
        }
        self.was_throttled = true;
        self.epoch += 1;
        self.window = (self.window / 2.0).max(1.0);
        let bound = SHORTEST.saturating_mul(1 << self.refusals.min(16)).min(LONGEST);
        self.refusals += 1;
        Some(bound.mul_f64(self.random.f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_calls_while_they_are_taken_and_fewer_after_a_refusal() {
        let mut pace = Pace::new(fastrand::Rng::with_seed(1));
        assert_eq!(pace.window(), 4);
        for _ in 0..100 {
            pace.taken(pace.epoch());
        }
        assert_eq!(pace.window(), 32);
        pace.refused(pace.epoch());
        assert_eq!(pace.window(), 16);
        for _ in 0..16 {
            pace.taken(pace.epoch());
        }
        assert_eq!(pace.window(), 16, "a whole round makes one more");
        pace.taken(pace.epoch());
        assert_eq!(pace.window(), 17);
        for _ in 0..10 {
            pace.refused(pace.epoch());
        }
        assert_eq!(pace.window(), 1);
    }

    #[test]
    fn the_bound_of_the_waits_doubles_up_to_five_seconds() {
        let longest = |refusals: usize| {
            let waits = (0..200).map(|seed| {
                let mut pace = Pace::new(fastrand::Rng::with_seed(seed));
                let waits: Vec<_> = (0..refusals).filter_map(|_| pace.refused(pace.epoch())).collect();
                waits[refusals - 1]
            });
            waits.max().unwrap()
        };
        for (refusals, bound) in [(1, 50), (2, 100), (3, 200), (8, 5_000), (30, 5_000)] {
            let longest = longest(refusals);
            let bound = Duration::from_millis(bound);
            assert!(longest <= bound && longest > bound.mul_f64(0.8), "{refusals}: {longest:?}");
        }
    }

    #[test]
    fn calls_that_were_under_way_together_are_one_refusal() {
        let mut pace = Pace::new(fastrand::Rng::with_seed(1));
        let sent = pace.epoch();
        assert!(pace.refused(sent).is_some());
        assert!(pace.refused(sent).is_none());
        assert_eq!(pace.window(), 2);
    }
}
