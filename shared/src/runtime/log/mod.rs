//! The log: spans and lines by `tracing-subscriber`, as Lambda's log settings ask for.
//!
//! Each invocation has a span with its request id, so every line that is written in it has the id, also when many
//! invocations run at once. Background work, such as the renewal of credentials, belongs to no invocation.
//!
//! Three parts are not the package's own:
//!
//! - [`mod@line`] has the shape of the lines. The package's JSON format puts a span's fields into an object of their own, but
//!   Lambda's tools look for `requestId` at the top level.
//! - [`Lines`] says which lines are written. The package's `EnvFilter` can enable DEBUG in spans with a certain field too, but
//!   then its level hint is TRACE, so that no call site of any crate is off at once, whether an event is debugged or not. It also
//!   brings a library of regular expressions.
//! - [`polling`] has failed calls for an event made again without haste.

mod line;
mod polling;

#[cfg(test)]
mod tests;

use std::{
    fmt::Debug,
    io,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use aws_smithy_async::time::SharedTimeSource;
use tracing::{
    Level, Metadata, Span, Subscriber,
    callsite::rebuild_interest_cache,
    error_span,
    field::{Empty, Field, Visit},
    level_filters::LevelFilter,
    span::{Id, Record},
    subscriber::{Interest, set_global_default},
};
use tracing_subscriber::{
    Layer,
    fmt::{self, MakeWriter},
    layer::{Context, SubscriberExt as _},
    registry::{LookupSpan, Registry},
};

use self::line::Line;
use crate::settings;

/// The module of `lambda_runtime` that posts answers. Its errors say why an answer did not reach Lambda, and hold no part of
/// the answer.
const POSTS_ANSWERS: &str = "lambda_runtime::layers::api_client";

/// The module of `lambda_runtime` that asks for events. Its warnings and errors say why there was none, and hold no part of an event.
const ASKS_FOR_EVENTS: &str = "lambda_runtime::runtime";

/// The field of a span that switches the span to DEBUG.
const DEBUG: &str = "debug";

/// Writes logs to standard output from now on.
pub(super) fn init(settings: settings::Log, time: SharedTimeSource) {
    // Returns an error if there is a subscriber already, as in a test process. That one stays.
    let _ = set_global_default(subscriber(settings, time, io::stdout));
}

/// The span of an invocation: its lines have the request id.
pub(super) fn invocation(request_id: &str) -> Span {
    error_span!("invocation", requestId = request_id, debug = Empty)
}

/// The span of one message of a batch, in the invocation's span: its lines have the message's id, too.
pub(super) fn message(id: &str) -> Span {
    error_span!("message", messageId = id, debug = Empty)
}

/// Logs the DEBUG lines of the current invocation or message from now on, whatever the log level is.
pub(super) fn debug_from_here() {
    Span::current().record(DEBUG, true);
}

fn subscriber(
    settings: settings::Log,
    time: SharedTimeSource,
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
) -> impl Subscriber + Send + Sync {
    let line = Line::new(settings.as_json, time);
    // A closed standard output must not fail an invocation, so errors are ignored.
    let lines = fmt::layer().event_format(line.clone()).fmt_fields(line).with_writer(writer).log_internal_errors(false);
    Registry::default().with(lines).with(polling::Waits::default()).with(Lines::new(settings.level))
}

/// Enables the lines that are written: this crate's own from a level on, and within spans that are switched to DEBUG all of
/// this crate's.
///
/// Lines of other crates are not written, because they can hold headers and events. The exceptions are [`POSTS_ANSWERS`] and
/// [`ASKS_FOR_EVENTS`].
///
/// While no span is switched, DEBUG lines are off where they are called (`Interest::never`), and cost a comparison. A switch
/// has all call sites asked again, some tens of microseconds.
struct Lines {
    level: LevelFilter,
    /// How many open spans are switched to DEBUG.
    switched: AtomicUsize,
    /// Held while [`Self::switched`] changes, so that call sites are asked in the same order.
    switching: Mutex<()>,
}

/// Marks a span that is switched to DEBUG.
struct Switched;

impl Lines {
    fn new(level: LevelFilter) -> Self {
        Self { level, switched: AtomicUsize::new(0), switching: Mutex::default() }
    }

    /// Whether a span or line is enabled everywhere.
    fn always(&self, metadata: &Metadata<'_>) -> bool {
        let is_ours = metadata.target().split("::").next() == Some(env!("CARGO_PKG_NAME"));
        let is_failed_post = metadata.target() == POSTS_ANSWERS && *metadata.level() == Level::ERROR;
        let is_failed_call = metadata.target() == ASKS_FOR_EVENTS && *metadata.level() <= Level::WARN;
        match (is_ours, metadata.is_span()) {
            (true, true) => true,
            (true, false) => *metadata.level() <= self.level,
            (false, true) => false,
            // `polling` must see a failed call at every level.
            (false, false) => is_failed_call || (is_failed_post && self.level >= LevelFilter::ERROR),
        }
    }

    /// Whether a line is enabled in spans that are switched.
    fn if_switched(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().split("::").next() == Some(env!("CARGO_PKG_NAME"))
            && *metadata.level() <= Level::DEBUG
            && self.switched.load(Ordering::Relaxed) > 0
    }

    /// Adds `change` spans to those that are switched to DEBUG.
    fn switch(&self, change: impl FnOnce(usize) -> usize) {
        let _switching = self.switching.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.switched.load(Ordering::Relaxed);
        let after = change(before);
        self.switched.store(after, Ordering::Relaxed);
        if (before == 0) != (after == 0) {
            rebuild_interest_cache();
        }
    }
}

impl<S: Subscriber + for<'lookup> LookupSpan<'lookup>> Layer<S> for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.always(metadata) {
            Interest::always()
        } else if self.if_switched(metadata) {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, context: Context<'_, S>) -> bool {
        let is_switched = || {
            let span = context.lookup_current();
            span.is_some_and(|span| span.scope().any(|span| span.extensions().get::<Switched>().is_some()))
        };
        self.always(metadata) || (self.if_switched(metadata) && is_switched())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let any_switched = self.switched.load(Ordering::Relaxed) > 0;
        // Spans are errors and failed calls warnings, so that there are both whatever the level is.
        Some(self.level.max(if any_switched { LevelFilter::DEBUG } else { LevelFilter::WARN }))
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut asked = Asked(false);
        values.record(&mut asked);
        if let (true, Some(span)) = (asked.0, context.span(id))
            && span.extensions_mut().replace(Switched).is_none()
        {
            self.switch(|spans| spans + 1);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if context.span(&id).is_some_and(|span| span.extensions().get::<Switched>().is_some()) {
            self.switch(|spans| spans.saturating_sub(1));
        }
    }
}

/// Whether the field [`DEBUG`] is set to `true`.
struct Asked(bool);

impl Visit for Asked {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0 |= field.name() == DEBUG && value;
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn Debug) {}
}
