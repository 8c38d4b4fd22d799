//! A budget of capacity units a second, so that a bulk job does not take a table's capacity from its application.

use std::time::{Duration, Instant};

/// Capacity units that may be consumed, by the second. DynamoDB says what a call consumed only afterwards, so each call
/// is sent when what was consumed before is paid for, calls under way counted with the average of those before. A call
/// can cost more than a second's budget. The next one then waits so much longer.
#[derive(Debug, Clone)]
pub struct Budget {
    per_second: f64,
    /// The units that may be consumed now. Negative while consumed units are not paid for.
    allowance: f64,
    /// The time at which `allowance` was right.
    at: Instant,
    calls: f64,
    spent: f64,
}

impl Budget {
    /// A budget that begins now. The first call may be sent at once.
    #[must_use]
    pub fn new(per_second: u32, now: Instant) -> Self {
        Self { per_second: f64::from(per_second), allowance: 0.0, at: now, calls: 0.0, spent: 0.0 }
    }

    /// The time at which another call may be sent while this many are under way.
    #[must_use]
    pub fn next_call(&self, under_way: usize) -> Instant {
        // Before the first answer, the cost of a call is not known.
        if self.calls == 0.0 && under_way > 0 {
            return self.at + FOR_AN_ANSWER;
        }
        #[expect(clippy::cast_precision_loss, reason = "a few calls")]
        let reserved = if self.calls == 0.0 { 0.0 } else { self.spent / self.calls * under_way as f64 };
        let missing = (reserved - self.allowance).max(0.0);
        self.at + Duration::try_from_secs_f64(missing / self.per_second).unwrap_or(FOR_AN_ANSWER)
    }

    /// Records what a call consumed.
    pub fn spend(&mut self, units: f64, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        // What was not used is kept for one second.
        self.allowance = (self.allowance + passed * self.per_second).min(self.per_second) - units;
        self.at = now;
        self.calls += 1.0;
        self.spent += units;
    }
}

/// Longer than an invocation lasts. An answer comes before.
const FOR_AN_ANSWER: Duration = Duration::from_hours(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_waits_until_the_one_before_is_paid_for() {
        let start = Instant::now();
        let after = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let mut budget = Budget::new(50, start);
        assert_eq!(budget.next_call(0), start);
        assert_eq!(budget.next_call(1), start + FOR_AN_ANSWER);
        budget.spend(25.0, start);
        assert_eq!(budget.next_call(0), after(0.5));
        assert_eq!(budget.next_call(2), after(1.5), "two calls under way may cost 25 each");
        budget.spend(25.0, after(0.5));
        assert_eq!(budget.next_call(0), after(1.0));
        // After a long rest, one second's units may be consumed at once.
        budget.spend(60.0, after(100.0));
        assert_eq!(budget.next_call(0), after(100.2));
    }

    #[test]
    fn a_large_call_is_paid_for_later() {
        let start = Instant::now();
        let mut budget = Budget::new(10, start);
        budget.spend(1_000.0, start);
        assert_eq!(budget.next_call(0), start + Duration::from_secs(100));
    }
}
