//! Panics: where one was, without its message, which could quote an input.

use std::cell::RefCell;

use tracing::error;

thread_local! {
    /// Where this thread last panicked.
    static PANICKED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Logs where a panic was, and remembers it for [`message`].
pub(super) fn note() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        error!(place, "panicked");
        PANICKED_AT.set(place);
    }));
}

/// What an `Internal` error says about this thread's last panic.
pub(super) fn message() -> String {
    let place = PANICKED_AT.take().unwrap_or_else(|| "an unknown place".into());
    format!("a bug in this component, at {place}; please report it with the event's shape")
}
