//! The entry that a function's error names.

use super::{
    super::inputs::{self, Control, Input},
    Entries, is_json, row_numbers,
};

/// The entry of the input that an error message names: its path stands first, in backticks. `None` if the message names
/// no input of the form.
pub(in crate::page) fn locate(message: &str, inputs: &[Input], entries: &Entries) -> Option<String> {
    let path = message.strip_prefix('`')?.split_once('`')?.0;
    let mut best: Option<(usize, String)> = None;
    for input in inputs::all(inputs) {
        let types = match &input.control {
            Control::Rows(rows) => rows.types,
            _ => None,
        };
        for (name, part) in [(Some(input.key.as_str()), "value"), (types, "type")] {
            let Some((name, rest)) = name.and_then(|name| Some((name, rest(path, name)?))) else { continue };
            if best.as_ref().is_none_or(|(length, _)| name.len() > *length) {
                best = Some((name.len(), entry(input, entries, rest, part)));
            }
        }
    }
    best.map(|(_, entry)| entry)
}

/// What follows the input's name in a path: nothing, `.name` or `[0]`.
fn rest<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    path.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn entry(input: &Input, entries: &Entries, rest: &str, part: &str) -> String {
    let key = &input.key;
    let Control::Rows(rows) = &input.control else { return key.clone() };
    if is_json(entries, key) {
        return format!("{key}.{}", if part == "type" { "types" } else { "json" });
    }
    let numbers = row_numbers(entries, key);
    let is_filled =
        |number: usize| ["name", "value"].iter().any(|part| !entries.get(&format!("{key}.{number}.{part}")).is_empty());
    let row = if rows.is_named {
        let name = rest.strip_prefix('.').unwrap_or_default();
        let is_of = |number: &usize| {
            let own = entries.get(&format!("{key}.{number}.name"));
            // A path is written on one line.
            let own = own.escape_debug().to_string();
            (!own.is_empty() && self::rest(name, &own).is_some()).then_some((own.len(), *number))
        };
        numbers.iter().filter_map(is_of).max().map(|(_, number)| number)
    } else {
        let index = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')?.0.parse().ok());
        index.and_then(|index: usize| numbers.iter().copied().filter(|number| is_filled(*number)).nth(index))
    };
    let part = if rows.is_typed { part } else { "value" };
    match row {
        Some(number) => format!("{key}.{number}.{part}"),
        None => key.clone(),
    }
}

#[cfg(test)]
mod tests {
    use shared::catalog;

    use super::*;

    #[test]
    fn a_path_leads_to_its_entry() {
        let body =
            "item.0.name=id&item.2.name=address&item.3.name=address.city&parameters.1.value=a&parameters.4.value=b";
        for (function, message, entry) in [
            ("create-item", "`tableName`: required input is missing", Some("tableName")),
            ("create-item", "`item.address.zip`: `x` is not a number", Some("item.2.value")),
            ("create-item", "`item.address.city`: `x` is not a number", Some("item.3.value")),
            ("create-item", "`item`: required input is missing", Some("item")),
            ("create-item", "`itemTypes.id`: `X` is not a type", Some("item.0.type")),
            ("create-item", "`connection.secretAccessKey`: missing", Some("connection.secretAccessKey")),
            ("create-item", "`connection.nothing`: unknown", Some("connection")),
            ("raw-request", "`parameters[1]`: no", Some("parameters.4.value")),
            ("create-item", "the table does not exist", None),
            ("create-item", "`nothing`: unknown input", None),
        ] {
            let (entries, _) = Entries::parse(body.as_bytes());
            let inputs = inputs::of_function(catalog::function(function).unwrap());
            assert_eq!(locate(message, &inputs, &entries).as_deref(), entry, "{message}");
        }
    }
}
