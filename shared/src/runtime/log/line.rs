//! The shape of a log line, as JSON or as text.
//!
//! ```text
//! {"timestamp":"2026-11-25T12:00:00.123Z","level":"INFO","message":"answered","action":"get-item",…,"requestId":"…","target":"…"}
//! INFO answered action="get-item" … requestId="…"
//! ```
//!
//! Text has no time, because Lambda adds one to each line.

use std::{
    fmt::{self, Debug, Write},
    time::UNIX_EPOCH,
};

use aws_smithy_async::time::SharedTimeSource;
use serde_json::Value;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::Record,
};
use tracing_subscriber::{
    field::RecordFields,
    fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, format::Writer},
    registry::{LookupSpan, Scope},
};

use crate::time::iso_8601;

/// The most bytes of a field's value that are written. The rest is cut off.
const LONGEST_VALUE: usize = 1_024;

/// Stands for what was cut off.
const CUT: char = '…';

/// Formats lines, and the fields of spans for the lines in them.
#[derive(Debug, Clone)]
pub(super) struct Line {
    as_json: bool,
    time: SharedTimeSource,
}

impl Line {
    pub(super) fn new(as_json: bool, time: SharedTimeSource) -> Self {
        Self { as_json, time }
    }

    fn timestamp(&self) -> String {
        let milliseconds = self.time.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        i64::try_from(milliseconds).ok().and_then(iso_8601).unwrap_or_default()
    }
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        if self.as_json {
            write!(writer, r#"{{"timestamp":"{}","level":"{}""#, self.timestamp(), metadata.level())?;
        } else {
            write!(writer, "{}", metadata.level())?;
        }
        context.format_fields(writer.by_ref(), event)?;
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                writer.write_str(fields)?;
            }
        }
        if self.as_json {
            write!(writer, r#","target":{}}}"#, Value::from(metadata.target()))?;
        }
        writeln!(writer)
    }
}

impl<'writer> FormatFields<'writer> for Line {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut writer = Fields { as_json: self.as_json, writer, result: Ok(()) };
        fields.record(&mut writer);
        writer.result
    }

    /// Writes nothing: the only field that a span is given later is the switch to DEBUG.
    fn add_fields(&self, _current: &'writer mut FormattedFields<Self>, _fields: &Record<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Writes each field, with its value as JSON.
struct Fields<'writer> {
    as_json: bool,
    writer: Writer<'writer>,
    result: fmt::Result,
}

impl Fields<'_> {
    fn write(&mut self, field: &Field, value: &Value) {
        let name = field.name();
        let written = match value {
            value if self.as_json => write!(self.writer, ",{}:{value}", Value::from(name)),
            Value::String(message) if name == "message" => write!(self.writer, " {message}"),
            value => write!(self.writer, " {name}={value}"),
        };
        self.result = self.result.and(written);
    }
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.write(field, &value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, &value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, &value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, &value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let mut text = Bounded::default();
        // Returns an error where it cuts.
        let _ = text.write_str(value);
        self.write(field, &text.0.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = Bounded::default();
        let _ = write!(text, "{value:?}");
        self.write(field, &text.0.into());
    }
}

/// The beginning of a text, [`LONGEST_VALUE`] bytes at most. Returns an error once something was cut off, so that the rest is
/// not even formatted.
#[derive(Default)]
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() <= LONGEST_VALUE {
            self.0.push_str(text);
            return Ok(());
        }
        let room = LONGEST_VALUE - CUT.len_utf8();
        self.0.push_str(&text[..text.floor_char_boundary(room.saturating_sub(self.0.len()))]);
        self.0.truncate(self.0.floor_char_boundary(room));
        self.0.push(CUT);
        Err(fmt::Error)
    }
}
