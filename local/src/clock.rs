//! The wall clock. Everything else in this crate is given the time or gets it here.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The current time.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// The time since 1970.
pub(crate) fn since_epoch() -> Duration {
    now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
