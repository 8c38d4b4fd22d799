//! Waiting for a table: `DescribeTable` with growing pauses, until the invocation's deadline.

use std::time::Duration;

/// The pauses between two calls. Each is one and a half times the one before, up to five seconds: a new table takes
/// seconds, and `DescribeTable` is throttled.
#[derive(Debug)]
pub struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(Duration::from_millis(100))
    }
}

impl Pauses {
    /// Waits for the next pause.
    pub async fn next(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 3 / 2).min(Duration::from_secs(5));
    }
}
