//! Any JSON is a value or an error, in both formats and for any types. The first line of the input holds the types.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::internals::{
    input::FromJson as _,
    json::Json,
    path::Path,
    value::{Types, from_plain, from_typed, size},
};

fuzz_target!(|text: &str| {
    let (types, value) = text.split_once('\n').unwrap_or(("", text));
    let path = Path::Input("item");
    let types = Json::parse(types).ok().and_then(|json| Types::from_json(json, &path).ok());
    let Ok(json) = Json::parse(value) else { return };
    assert_eq!(Json::parse(&json.to_string()).as_ref(), Ok(&json), "what was read is written as the same");
    for result in [
        from_plain(json.clone(), types.as_ref(), &path),
        from_plain(json.clone(), None, &path),
        from_typed(json, &path),
    ] {
        match result {
            Ok(value) => drop(size::check_item(&[("item".to_owned(), value)], &path)),
            Err(error) => assert!(error.to_string().starts_with("`item"), "{error}"),
        }
    }
});
