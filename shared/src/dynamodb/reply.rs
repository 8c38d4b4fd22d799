//! What came back for a call.

use std::{fmt, time::Duration};

/// What came back for a call.
#[derive(Default, Clone)]
pub struct Reply {
    /// The HTTP status of the last attempt.
    pub status: u16,
    /// AWS's id of the last request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// The time waited between attempts.
    pub waited: Duration,
    /// The response's JSON, as it came. Empty for a refused call.
    pub body: Vec<u8>,
}

impl Reply {
    /// This one as the last of several calls, with the attempts and waits of all.
    #[must_use]
    pub fn after(mut self, earlier: &Self) -> Self {
        self.attempts += earlier.attempts;
        self.waited += earlier.waited;
        self
    }
}

/// Without the body, which holds the caller's data.
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
