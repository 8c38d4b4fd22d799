//! Any answer becomes JSON or an error, in both formats, as a whole and as a page.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::internals::{
    answer::{
        Answer,
        page::{Bounds, Pages},
    },
    dynamodb::{Continuation, Reply},
    value::Format,
};

fuzz_target!(|body: &[u8]| {
    for format in [Format::Plain, Format::Typed] {
        let reply = || Reply { status: 200, attempts: 1, body: body.to_vec(), ..Reply::default() };
        if let Ok(answer) = Answer::data(&reply(), format) {
            serde_json::from_str::<serde::de::IgnoredAny>(answer.as_ref()).expect("an answer is JSON");
        }
        for bounds in [Bounds { bytes: 200, items: None }, Bounds { bytes: 100_000, items: Some(1) }] {
            let mut pages = Pages::new(format, bounds, Continuation::Key);
            if pages.add(reply(), None).is_ok() {
                let answer = pages.into_answer();
                serde_json::from_str::<serde::de::IgnoredAny>(answer.as_ref()).expect("an answer is JSON");
            }
        }
    }
});
