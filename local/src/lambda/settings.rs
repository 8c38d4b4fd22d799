//! Settings that all functions of one Lambda share.

use std::time::Duration;

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Variables of the caller. Later ones replace earlier ones.
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) region: String,
    /// In megabytes. The functions are told this value, but it is not enforced.
    pub(crate) memory: u32,
    pub(crate) timeout: Duration,
    /// How long a process may take until it asks for its first event.
    pub(crate) init_timeout: Duration,
    /// The most processes of one function.
    pub(crate) concurrency: usize,
    pub(crate) show_logs: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            environment: Vec::new(),
            region: "us-east-1".to_owned(),
            memory: 128,
            timeout: Duration::from_secs(30),
            // Lambda's limit (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
            init_timeout: Duration::from_secs(10),
            concurrency: 10,
            show_logs: false,
        }
    }
}
