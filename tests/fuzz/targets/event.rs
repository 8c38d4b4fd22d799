//! For every action, any text is an event or an error of one line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::catalog::FUNCTIONS;

fuzz_target!(|payload: &str| {
    for function in FUNCTIONS {
        if let Err(error) = function.event.check(payload) {
            let message = error.to_string();
            assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
            assert!(["InvalidInput", "InvalidConnection"].contains(&error.error_type()), "{error:?}");
        }
    }
});
