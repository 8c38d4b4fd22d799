//! Any text is a number or not. A number is written as JSON of the same value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::internals::{
    json::Json,
    value::number::{Number, NumberError, to_json},
};

fuzz_target!(|text: &str| {
    let written = to_json(text);
    match (Number::parse(text), Json::parse(&written)) {
        (Err(NumberError::NotANumber), Ok(Json::String(kept))) => assert_eq!(kept, text),
        (read, Ok(Json::Number(_))) => assert_eq!(Number::parse(&written), read, "{text:?} as {written}"),
        (read, json) => panic!("{text:?} is {read:?}, written as {json:?}"),
    }
});
