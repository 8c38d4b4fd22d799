use std::collections::{BTreeMap, BTreeSet};

use shared::catalog;

use super::forms::{COMMON, CONNECTIONS, FORMS};

const PAGE: &str = include_str!("../../docs/coming-from-the-component.md");

/// The rows of the tables below each heading, without the tables' heads: the cells.
fn sections() -> BTreeMap<&'static str, Vec<Vec<&'static str>>> {
    let mut sections: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    let mut heading = "";
    for line in PAGE.lines() {
        if let Some(text) = line.strip_prefix("## ") {
            heading = text;
        } else if line.starts_with('|') && !line.starts_with("|---") && !line.starts_with("| component |") {
            let cells = line.trim_matches('|').split(" | ").map(str::trim).collect();
            sections.entry(heading).or_default().push(cells);
        }
    }
    sections
}

/// The texts between backticks.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn every_input_of_the_components_forms_is_on_the_page() {
    let sections = sections();
    let has = |section: &str, label: &str, name: &str| {
        let row = |row: &&Vec<&str>| row[0].starts_with(label) && names(row[0]).any(|known| known == name);
        let row = sections.get(section).into_iter().flatten().find(row);
        let row = row.unwrap_or_else(|| panic!("{section}: no row for {label}, `{name}`"));
        // It says what takes it, and how it differs.
        assert!(row.len() == 3 && names(row[1]).next().is_some() && !row[2].is_empty(), "{row:?}");
    };
    for (label, name) in COMMON {
        has("All actions", label, name);
    }
    for form in FORMS {
        for (label, name) in form.inputs {
            has(form.action, label, name);
        }
    }
    for (key, labels) in CONNECTIONS {
        let rows: Vec<&str> = sections["Connections"].iter().map(|row| row[0]).collect();
        for label in *labels {
            let is_there = rows.iter().any(|row| row.starts_with(&format!("`{key}`:")) && row.contains(label));
            assert!(is_there, "{key}: no row for {label}");
        }
    }
}

#[test]
fn the_functions_take_every_input_of_the_forms() {
    for form in FORMS {
        let function = catalog::function(form.function).unwrap();
        assert_eq!(function.action, form.action);
        let fields = (function.event.fields)();
        let known: BTreeSet<&str> = fields.iter().flat_map(|field| field.names).copied().collect();
        let common = COMMON.iter().filter(|(_, name)| {
            *name != "tableName" || !["listTables", "rawRequest", "selectRegion", "selectTable"].contains(&form.action)
        });
        for (_, name) in common.chain(form.inputs) {
            assert!(known.contains(name), "{}: `{name}`", form.function);
        }
    }
}

/// What a function has besides is named as such, so that a reader finds each input once.
#[test]
fn every_input_that_only_the_functions_have_is_on_the_page() {
    let sections = sections();
    let only_here = |section: &str| -> BTreeSet<&str> {
        let rows = sections[section].iter().filter(|row| row[0].is_empty());
        rows.flat_map(|row| names(row[1])).collect()
    };
    let common: BTreeSet<&str> =
        catalog::common_fields().iter().flat_map(|field| field.names).copied().chain(["tableName"]).collect();
    let safe_and_more = only_here("createItem");
    for form in FORMS.iter().filter(|form| sections.contains_key(form.action)) {
        let rows = sections[form.action].iter().filter(|row| row[0].is_empty());
        let has_those_of_create_item = rows.clone().any(|row| row[1].contains("all that `createItem` has only here"));
        let has_types = rows.clone().any(|row| row[1].contains("with their types"));
        let here = if sections[form.action].iter().any(|row| row[0].is_empty()) {
            only_here(form.action)
        } else {
            BTreeSet::new()
        };
        let everywhere = only_here("All actions");
        for field in (catalog::function(form.function).unwrap().event.fields)() {
            let name = field.name();
            let is_known = common.contains(name)
                || form.inputs.iter().any(|(_, key)| field.names.contains(key))
                || here.contains(name)
                || everywhere.contains(name)
                || (has_those_of_create_item && safe_and_more.contains(name))
                || (has_types && name.ends_with("Types"));
            assert!(is_known, "{}: `{name}` is not on the page", form.action);
        }
    }
}
