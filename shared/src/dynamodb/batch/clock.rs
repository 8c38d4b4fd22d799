//! The time of a batch. Tests replace it.

use std::time::Instant;

/// A clock that a batch waits by.
pub trait Clock {
    /// The time now.
    fn now(&self) -> Instant;

    /// Ends at this time.
    fn sleep_until(&self, time: Instant) -> impl Future<Output = ()> + Send + 'static;
}

/// The real time.
#[derive(Debug, Clone, Copy)]
pub struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep_until(&self, time: Instant) -> impl Future<Output = ()> + Send + 'static {
        tokio::time::sleep_until(time.into())
    }
}
