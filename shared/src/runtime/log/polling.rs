//! A wait after a failed call for an event.
//!
//! Where many events run at once, `lambda_runtime` repeats a failed call at once, more than a thousand times a second, and has no
//! option for it. But it writes a warning before it does. This layer waits when it sees the warning. The thread's other tasks go on
//! on another thread.

use std::{
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tokio::runtime::{Handle, RuntimeFlavor};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{Layer, layer::Context};

use super::ASKS_FOR_EVENTS;

/// The first wait. Each one is twice as long as the one before.
const FIRST: Duration = Duration::from_millis(25);

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(1);

/// After a time without failures, waits begin with [`FIRST`] again.
const FORGOTTEN: Duration = Duration::from_secs(5);

/// The wait after the last failed call, and when it began.
#[derive(Default)]
pub(super) struct Waits(Mutex<Option<(Duration, Instant)>>);

impl Waits {
    fn next(&self, now: Instant) -> Duration {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = match *last {
            Some((wait, began)) if now.duration_since(began) < FORGOTTEN => (wait * 2).min(LONGEST),
            _ => FIRST,
        };
        *last = Some((wait, now));
        wait
    }
}

impl<S: Subscriber> Layer<S> for Waits {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let metadata = event.metadata();
        let is_failed_call = metadata.target() == ASKS_FOR_EVENTS && *metadata.level() == Level::WARN;
        // With one event at a time, `service` waits.
        let is_many =
            || Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
        if is_failed_call && is_many() {
            let wait = self.next(Instant::now());
            tokio::task::block_in_place(|| thread::sleep(wait));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_second_and_begin_again_after_a_while() {
        let waits = Waits::default();
        let start = Instant::now();
        let milliseconds: Vec<u128> = (0..8).map(|_| waits.next(start).as_millis()).collect();
        assert_eq!(milliseconds, [25, 50, 100, 200, 400, 800, 1_000, 1_000]);
        assert_eq!(waits.next(start + FORGOTTEN), FIRST);
    }
}
