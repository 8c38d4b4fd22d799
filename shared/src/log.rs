//! Logs, by Lambda's own settings: `AWS_LAMBDA_LOG_FORMAT` (`JSON` or text) and `AWS_LAMBDA_LOG_LEVEL`.
//!
//! Only this crate's own lines are written: those of the SDK and of the Lambda runtime can hold headers and events.

use std::{env, str::FromStr as _};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer as _, filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Writes logs to standard output from here on.
pub(crate) fn init() {
    let level = env::var("AWS_LAMBDA_LOG_LEVEL")
        .ok()
        .and_then(|level| {
            LevelFilter::from_str(if level.eq_ignore_ascii_case("fatal") { "error" } else { &level }).ok()
        })
        .unwrap_or(LevelFilter::INFO);
    let own = Targets::new().with_target(env!("CARGO_PKG_NAME"), level);
    let as_json = env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let lines = fmt::layer().with_ansi(false);
    let lines = if as_json {
        lines.json().flatten_event(true).with_current_span(false).with_span_list(false).with_filter(own).boxed()
    } else {
        // Lambda stamps text lines itself.
        lines.without_time().with_filter(own).boxed()
    };
    // A second call, as in a test process, keeps the first subscriber.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
