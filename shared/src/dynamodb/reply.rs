//! The answer to a call, and how it was obtained.

use std::{fmt, time::Duration};

/// The answer to a call, and how it was obtained.
#[derive(Default, Clone)]
pub struct Reply {
    /// The HTTP status of the last attempt.
    pub status: u16,
    /// AWS's ID of the last request.
    pub request_id: Option<String>,
    /// The number of requests sent.
    pub attempts: u32,
    /// The total time of the waits between attempts.
    pub waited: Duration,
    /// The response's JSON, unchanged. Empty for a refused call.
    pub body: Vec<u8>,
}

impl Reply {
    /// This reply as the last of several calls, with the attempts and waits of all of them.
    #[must_use]
    pub fn after(mut self, earlier: &Self) -> Self {
        self.attempts += earlier.attempts;
        self.waited += earlier.waited;
        self
    }
}

/// Omits the body, which holds the caller's data.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("attempts", &self.attempts)
            .field("waited", &self.waited)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
