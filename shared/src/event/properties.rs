//! What holds for every payload: it is an event, or an error in one line.

use std::fs;

use proptest::prelude::*;

use super::{Event, Members, read};
use crate::{
    actions::{
        create_item, create_table, delete_item, delete_table, describe_table, get_item, list_tables, query_items,
        raw_request, update_item,
    },
    input::FromInputs,
};

/// The repository's sample events.
fn samples() -> Vec<String> {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../events")).unwrap();
    folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

fn is_an_event_or_an_error<I: FromInputs>(payload: &str) -> Result<(), TestCaseError> {
    if let Err(error) = Members::parse(payload).and_then(read::<Event<I>>) {
        prop_assert!(["InvalidInput", "InvalidConnection"].contains(&error.error_type()), "{error:?}");
        let message = error.to_string();
        prop_assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
    }
    Ok(())
}

fn for_every_action(payload: &str) -> Result<(), TestCaseError> {
    is_an_event_or_an_error::<create_item::Input>(payload)?;
    is_an_event_or_an_error::<create_table::Input>(payload)?;
    is_an_event_or_an_error::<delete_item::Input>(payload)?;
    is_an_event_or_an_error::<delete_table::Input>(payload)?;
    is_an_event_or_an_error::<describe_table::Input>(payload)?;
    is_an_event_or_an_error::<get_item::Input>(payload)?;
    is_an_event_or_an_error::<list_tables::Input>(payload)?;
    is_an_event_or_an_error::<query_items::Input>(payload)?;
    is_an_event_or_an_error::<raw_request::Input>(payload)?;
    is_an_event_or_an_error::<update_item::Input>(payload)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_an_event_or_an_error(payload in any::<String>(), pieces in r#"[{}\[\]",:a-z0-9 \\]{0,40}"#) {
        for_every_action(&payload)?;
        for_every_action(&pieces)?;
    }

    /// A sample event in which a few characters are others.
    #[test]
    fn a_damaged_event_is_an_event_or_an_error(sample in prop::sample::select(samples()), at in any::<prop::sample::Index>(), cut in 0..6_usize, put in prop_oneof![".{0,4}", r#"null|""|\[\]|\{\}|"[a-z]*"|-?[0-9]+|[{}\[\]",:]"#]) {
        let mut characters: Vec<char> = sample.chars().collect();
        let at = at.index(characters.len());
        let end = (at + cut).min(characters.len());
        characters.splice(at..end, put.chars());
        for_every_action(&String::from_iter(characters))?;
    }
}
