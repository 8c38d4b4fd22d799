//! The list of all functions.
//!
//! `cargo run -- generate` derives the template, the schemas, the tables of the documentation, the tests' list of
//! functions and the permissions from it.

pub use crate::actions::definition::{AnswerShape, Definition, EventType, Member, MemberKind};
use crate::{
    actions::{
        batch_get_items, batch_statements, batch_write_items, context::CommonInputs, create_item, create_table,
        delete_item, delete_table, describe_table, get_item, list_tables, plain_records, query_items, raw_request,
        scan_items, test_connection, transact_get_items, transact_write_items, update_item, update_table,
    },
    input::{Field, fields_of},
    sources::{select_region, select_table},
};

/// All functions, in the order of the documentation.
pub static FUNCTIONS: &[&Definition] = &[
    &create_table::DEFINITION,
    &describe_table::DEFINITION,
    &update_table::DEFINITION,
    &delete_table::DEFINITION,
    &list_tables::DEFINITION,
    &create_item::DEFINITION,
    &get_item::DEFINITION,
    &update_item::DEFINITION,
    &delete_item::DEFINITION,
    &query_items::DEFINITION,
    &scan_items::DEFINITION,
    &batch_get_items::DEFINITION,
    &batch_write_items::DEFINITION,
    &raw_request::DEFINITION,
    &transact_write_items::DEFINITION,
    &transact_get_items::DEFINITION,
    &batch_statements::DEFINITION,
    &plain_records::DEFINITION,
    &select_region::DEFINITION,
    &select_table::DEFINITION,
    &test_connection::DEFINITION,
];

/// The function with this name: `get-item`.
#[must_use]
pub fn function(name: &str) -> Option<&'static Definition> {
    FUNCTIONS.iter().copied().find(|function| function.name == name)
}

/// The inputs of every function that calls AWS.
#[must_use]
pub fn common_fields() -> Vec<Field> {
    fields_of::<CommonInputs>()
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod request_members;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::input::Shape;

    #[test]
    fn every_name_is_unique() {
        let names: HashSet<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
        let actions: HashSet<&str> = FUNCTIONS.iter().map(|function| function.action).collect();
        assert_eq!((names.len(), actions.len()), (FUNCTIONS.len(), FUNCTIONS.len()));
    }

    /// Calls `seen` for the fields and for the fields of their structures.
    fn each(fields: Vec<Field>, seen: &mut dyn FnMut(&Field)) {
        for field in fields {
            seen(&field);
            each_inside(field.shape, seen);
        }
    }

    fn each_inside(shape: Shape, seen: &mut dyn FnMut(&Field)) {
        match shape {
            Shape::Structure(fields) => each(fields, seen),
            Shape::List(inside) | Shape::Collection(inside) => each_inside(*inside, seen),
            Shape::OneOf(shapes) => shapes.into_iter().for_each(|shape| each_inside(shape, seen)),
            // Types hold themselves, and no inputs.
            Shape::Named(name, of) if name != "types" => each_inside(of(), seen),
            _ => {}
        }
    }

    #[test]
    fn every_input_says_what_it_means() {
        for function in FUNCTIONS {
            for field in (function.event.fields)() {
                assert!(!field.summary.trim().is_empty(), "{}: {}", function.name, field.name());
            }
        }
    }

    /// A form that is made of the declarations lists tables and regions wherever one is asked for.
    #[test]
    fn a_table_or_a_region_is_chosen_from_a_list() {
        for function in FUNCTIONS {
            each((function.event.fields)(), &mut |field| {
                let expected = match field.name() {
                    // This table does not exist yet.
                    "tableName" if function.name == create_table::DEFINITION.name => None,
                    _ if matches!(field.shape, Shape::Ignored) => None,
                    "tableName" | "exclusiveStartTableName" => Some(select_table::DEFINITION.action),
                    "awsRegion" | "secretRegion" => Some(select_region::DEFINITION.action),
                    _ => None,
                };
                assert_eq!(field.source, expected, "{}: the `source` of `{}`", function.name, field.name());
            });
        }
    }

    #[test]
    fn the_inputs_of_an_event_have_different_names() {
        for function in FUNCTIONS {
            let mut names = HashSet::new();
            for name in (function.event.fields)().iter().flat_map(|field| field.names) {
                assert!(names.insert(*name), "{}: {name}", function.name);
            }
        }
    }

    #[test]
    fn every_example_is_valid() {
        for function in FUNCTIONS {
            for field in (function.event.fields)() {
                let Some(example) = &field.example else { continue };
                let event = format!("{{{}:{example}}}", serde_json::Value::from(field.name()));
                // The other inputs may be missing, so an error about another input is fine.
                if let Err(error) = function.event.check(&event) {
                    assert!(!error.to_string().starts_with(&format!("`{}", field.name())), "{event}: {error}");
                }
            }
        }
    }
}
