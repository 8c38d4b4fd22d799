//! The committed files are those that `cargo run -- generate` writes. The schemas accept the sample events.

use std::{fs, path::Path};

use jsonschema::Validator;
use local::generate::{self, answer_schema, event_schema};
use serde_json::Value;
use shared::catalog;

use crate::{events, harness::FUNCTIONS};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn event_validator(function: &str) -> Validator {
    jsonschema::validator_for(&event_schema(catalog::function(function).unwrap())).unwrap()
}

#[test]
fn every_generated_file_matches_the_catalog() {
    let differing: Vec<String> = generate::files(root())
        .unwrap()
        .into_iter()
        .filter(|file| fs::read_to_string(root().join(&file.path)).ok().as_ref() != Some(&file.text))
        .map(|file| file.path.display().to_string())
        .collect();
    assert_eq!(differing, Vec::<String>::new(), "run `cargo run -- generate`");
}

#[test]
fn every_schema_is_valid() {
    for function in catalog::FUNCTIONS {
        for schema in [event_schema(function), answer_schema(function)] {
            jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{}: {error}", function.name));
        }
    }
}

#[test]
fn every_sample_event_validates_against_its_schema() {
    for name in events::names() {
        let function = name.split('.').next().unwrap();
        let event: Value = serde_json::from_str(&events::text(&name)).unwrap();
        let errors: Vec<String> =
            event_validator(function).iter_errors(&event).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "events/{name}");
    }
}

#[test]
fn a_schema_rejects_an_unknown_and_a_missing_input() {
    for (function, _) in FUNCTIONS {
        let validator = event_validator(function);
        assert!(!validator.is_valid(&serde_json::json!({"nonsense": 1})), "{function}");
    }
    for (function, event) in [
        ("get-item", serde_json::json!({"hashKeyValue": "a"})),
        ("get-item", serde_json::json!({"tableName": "T"})),
        ("create-item", serde_json::json!({"tableName": "T"})),
        ("query-items", serde_json::json!({"tableName": "T"})),
        ("list-tables", serde_json::json!({"limit": 101})),
        ("create-item", serde_json::json!({"tableName": "T", "item": 7})),
    ] {
        assert!(!event_validator(function).is_valid(&event), "{function} {event}");
    }
}
