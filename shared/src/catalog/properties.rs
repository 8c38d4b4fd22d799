//! Properties of every payload: it is an event, or it gives an error of one line.

use std::fs;

use proptest::prelude::*;

use super::FUNCTIONS;

/// The repository's sample events.
fn samples() -> Vec<String> {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../events")).unwrap();
    folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

fn is_an_event_or_an_error_for_every_function(payload: &str) -> Result<(), TestCaseError> {
    for function in FUNCTIONS {
        if let Err(error) = (function.event.check)(payload) {
            prop_assert!(["InvalidInput", "InvalidConnection"].contains(&error.error_type()), "{error:?}");
            let message = error.to_string();
            prop_assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_an_event_or_an_error(payload in any::<String>(), pieces in r#"[{}\[\]",:a-z0-9 \\]{0,40}"#) {
        is_an_event_or_an_error_for_every_function(&payload)?;
        is_an_event_or_an_error_for_every_function(&pieces)?;
    }

    /// A sample event with a few characters replaced.
    #[test]
    fn a_damaged_event_is_an_event_or_an_error(sample in prop::sample::select(samples()), at in any::<prop::sample::Index>(), cut in 0..6_usize, put in prop_oneof![".{0,4}", r#"null|""|\[\]|\{\}|"[a-z]*"|-?[0-9]+|[{}\[\]",:]"#]) {
        let mut characters: Vec<char> = sample.chars().collect();
        let at = at.index(characters.len());
        let end = (at + cut).min(characters.len());
        characters.splice(at..end, put.chars());
        is_an_event_or_an_error_for_every_function(&String::from_iter(characters))?;
    }
}
