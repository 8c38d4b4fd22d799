//! Any text is an event or an error in one line, for every action.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::{
    actions::{
        create_item, create_table, delete_item, delete_table, describe_table, get_item, list_tables, query_items,
        raw_request, update_item,
    },
    event::{self, Event, Members},
    input::FromInputs,
};

fn read<I: FromInputs>(payload: &str) {
    if let Err(error) = Members::parse(payload).and_then(event::read::<Event<I>>) {
        let message = error.to_string();
        assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
        assert!(["InvalidInput", "InvalidConnection"].contains(&error.error_type()), "{error:?}");
    }
}

fuzz_target!(|payload: &str| {
    read::<create_item::Input>(payload);
    read::<create_table::Input>(payload);
    read::<delete_item::Input>(payload);
    read::<delete_table::Input>(payload);
    read::<describe_table::Input>(payload);
    read::<get_item::Input>(payload);
    read::<list_tables::Input>(payload);
    read::<query_items::Input>(payload);
    read::<raw_request::Input>(payload);
    read::<update_item::Input>(payload);
});
