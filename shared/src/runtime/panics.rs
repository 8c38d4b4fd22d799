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
        let place = panic.location().map(|place| format!("{}:{}", file_name(place.file()), place.line()));
        error!(place, "panicked");
        PANICKED_AT.set(place);
    }));
}

/// What an `Internal` error says about this thread's last panic.
pub(super) fn message() -> String {
    let place = PANICKED_AT.take().unwrap_or_else(|| "an unknown place".into());
    format!("a bug in this component, at {place}; please report it with the event's shape")
}

/// A file's name without its folders, which are those of the machine that built the function.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn no_folder_of_the_build_machine_is_shown() {
        for (path, name) in [
            ("/home/someone/.cargo/registry/src/index.crates.io-1/hyper-1.0/src/client.rs", "client.rs"),
            (r"C:\\Users\\someone\\shared\\src\\lib.rs", "lib.rs"),
            ("shared/src/lib.rs", "lib.rs"),
            ("lib.rs", "lib.rs"),
        ] {
            assert_eq!(file_name(path), name);
        }
    }
}
