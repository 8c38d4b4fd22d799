//! Logs, by Lambda's own settings: `AWS_LAMBDA_LOG_FORMAT` (`JSON` or text) and `AWS_LAMBDA_LOG_LEVEL`.
//!
//! Only this crate's own lines are written: those of the SDK and of the Lambda runtime can hold headers and events.
//!
//! A subscriber of our own, because all there is to write is lines, and `tracing-subscriber`'s registry of spans is a tenth of a
//! cold start.

use std::{
    env,
    fmt::{Debug, Write as _},
    io::{Write as _, stdout},
    str::FromStr as _,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::{Interest, set_global_default},
};

use crate::time::iso_8601;

/// Writes logs to standard output from here on.
pub(crate) fn init() {
    let level = env::var("AWS_LAMBDA_LOG_LEVEL")
        .ok()
        .and_then(|level| {
            LevelFilter::from_str(if level.eq_ignore_ascii_case("fatal") { "error" } else { &level }).ok()
        })
        .unwrap_or(LevelFilter::INFO);
    let as_json = env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    // A second call, as in a test process, keeps the first subscriber.
    let _ = set_global_default(Lines { level, as_json });
}

/// Writes each event as a line, and knows no spans.
struct Lines {
    level: LevelFilter,
    as_json: bool,
}

impl Subscriber for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let of_this_crate = metadata.target().split("::").next() == Some(env!("CARGO_PKG_NAME"));
        metadata.is_event() && of_this_crate && *metadata.level() <= self.level
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let line = if self.as_json { json(event, SystemTime::now()) } else { text(event) };
        // Where nobody reads, nobody misses it.
        let _ = stdout().lock().write_all(line.as_bytes());
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

/// `{"timestamp":"2026-11-25T12:00:00.123Z","level":"INFO","message":"answered","action":"get-item",…}`
fn json(event: &Event<'_>, now: SystemTime) -> String {
    let milliseconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    // A time of this century can be written.
    let timestamp = i64::try_from(milliseconds).ok().and_then(iso_8601).unwrap_or_default();
    let mut line = format!(r#"{{"timestamp":"{timestamp}","level":"{}""#, event.metadata().level());
    event.record(&mut Fields(|name: &str, value: Value| {
        let _ = write!(line, ",{}:{value}", Value::from(name));
    }));
    let _ = writeln!(line, r#","target":{}}}"#, Value::from(event.metadata().target()));
    line
}

/// `INFO answered action="get-item" …`: Lambda stamps text lines itself.
fn text(event: &Event<'_>) -> String {
    let mut line = event.metadata().level().to_string();
    event.record(&mut Fields(|name: &str, value: Value| {
        let _ = match value {
            Value::String(message) if name == "message" => write!(line, " {message}"),
            value => write!(line, " {name}={value}"),
        };
    }));
    line.push('\n');
    line
}

/// Hands each field of an event on, with its value as JSON.
struct Fields<W>(W);

impl<W: FnMut(&str, Value)> Visit for Fields<W> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0(field.name(), value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0(field.name(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0(field.name(), format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::{Level, error, info, span};

    use super::*;

    /// Keeps what [`Lines`] would write.
    struct Kept {
        lines: Lines,
        written: Arc<Mutex<Vec<String>>>,
    }

    impl Subscriber for Kept {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            self.lines.enabled(metadata)
        }

        fn event(&self, event: &Event<'_>) {
            let time = UNIX_EPOCH + std::time::Duration::from_micros(1_795_000_000_012_345);
            let line = if self.lines.as_json { json(event, time) } else { text(event) };
            self.written.lock().unwrap().push(line);
        }

        fn new_span(&self, span: &Attributes<'_>) -> Id {
            panic!("a span that nobody asked for: {}", span.metadata().name());
        }

        fn record(&self, _span: &Id, _values: &Record<'_>) {}

        fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

        fn enter(&self, _span: &Id) {}

        fn exit(&self, _span: &Id) {}
    }

    fn written(as_json: bool) -> Vec<String> {
        let written = Arc::<Mutex<Vec<String>>>::default();
        let kept = Kept { lines: Lines { level: LevelFilter::INFO, as_json }, written: Arc::clone(&written) };
        tracing::subscriber::with_default(kept, || {
            let _entered = span!(Level::ERROR, "no line").entered();
            info!(
                table = "a \"b\"\n",
                count = 3_u64,
                capacity = 0.5,
                cold = true,
                left = None::<u64>,
                "answered {}",
                1
            );
            error!(place = ?Some("x"), less = -1_i64, "panicked");
            tracing::debug!("too much");
            error!(target: "shared_by_others", "another crate's");
            error!(target: "aws_smithy_runtime", "another crate's");
        });
        std::mem::take(&mut *written.lock().unwrap())
    }

    #[test]
    fn a_line_of_json_is_json() {
        assert_eq!(
            written(true),
            [
                r#"{"timestamp":"2026-11-18T11:06:40.012Z","level":"INFO","message":"answered 1","table":"a \"b\"\n","count":3,"capacity":0.5,"cold":true,"target":"shared::log::tests"}"#,
                r#"{"timestamp":"2026-11-18T11:06:40.012Z","level":"ERROR","message":"panicked","place":"Some(\"x\")","less":-1,"target":"shared::log::tests"}"#,
            ]
            .map(|line| format!("{line}\n"))
        );
    }

    #[test]
    fn a_line_of_text_is_one_line() {
        assert_eq!(
            written(false),
            [
                r#"INFO answered 1 table="a \"b\"\n" count=3 capacity=0.5 cold=true"#,
                r#"ERROR panicked place="Some(\"x\")" less=-1"#,
            ]
            .map(|line| format!("{line}\n"))
        );
    }
}
