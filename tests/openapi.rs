//! `schemas/openapi.json`, held against HTTP events and their responses. The third-party suite exercises it with far more.

use std::{fs, path::Path, sync::LazyLock};

use serde_json::{Value, json};
use shared::catalog;

use crate::{
    events,
    harness::{FUNCTIONS, Harness},
};

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/openapi.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
});

/// The problems of a value with the schema at this pointer.
fn problems(pointer: &str, value: &Value) -> Vec<String> {
    let schema =
        json!({"$ref": format!("#{pointer}"), "components": DESCRIPTION["components"], "paths": DESCRIPTION["paths"]});
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{} at `{}`", error, error.instance_path())).collect()
}

/// A request as a function URL sends it.
fn request(method: &str, content_type: &str, body: &str) -> String {
    json!({
        "version": "2.0", "requestContext": {"http": {"method": method, "path": "/"}},
        "headers": {"content-type": content_type}, "body": body, "isBase64Encoded": false,
    })
    .to_string()
}

/// Checks a response: its status, its headers, its body. Returns the status.
fn check(function: &str, response: &Value) -> u64 {
    let status = response["statusCode"].as_u64().unwrap();
    let documented = &DESCRIPTION["paths"][format!("/{function}")]["post"]["responses"][status.to_string()];
    assert!(documented.is_object(), "{function}: {response}");
    let body: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    let (pointer, documented) = match documented["$ref"].as_str() {
        Some(reference) => {
            (reference.trim_start_matches('#').to_owned(), DESCRIPTION.pointer(&reference[1..]).unwrap())
        }
        None => (format!("/paths/~1{function}/post/responses/{status}"), documented),
    };
    let schema = format!("{pointer}/content/application~1json/schema");
    assert_eq!(problems(&schema, &body), Vec::<String>::new(), "{function}: {response}");
    for (name, header) in documented["headers"].as_object().unwrap() {
        let given = response["headers"].get(name).unwrap_or_else(|| panic!("{function}: no {name} in {response}"));
        if let Some(word) = header["schema"].get("const") {
            assert_eq!(given, word, "{function}: {name}");
        }
    }
    status
}

#[test]
fn every_function_has_an_operation_that_takes_its_samples() {
    let paths: Vec<&String> = DESCRIPTION["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths.len(), catalog::FUNCTIONS.len());
    for name in events::names() {
        let function = name.split('.').next().unwrap();
        let schema = format!("/paths/~1{function}/post/requestBody/content/application~1json/schema");
        let event = serde_json::from_str(&events::text(&name)).unwrap();
        assert_eq!(problems(&schema, &event), Vec::<String>::new(), "{name}");
        assert!(!problems(&schema, &json!({"nonsense": 1})).is_empty(), "{name}");
    }
}

#[tokio::test]
async fn responses_are_as_described() {
    let harness = Harness::new().await;
    for (function, _) in FUNCTIONS {
        for (request, expected) in [
            (request("POST", "application/json", r#"{"nonsense": 1}"#), 400),
            (request("GET", "application/json", "{}"), 405),
            (request("POST", "text/plain", "{}"), 415),
        ] {
            let response = harness.ok(function, request).await;
            assert_eq!(check(function, &response), expected, "{function}");
        }
    }
    for (name, expected) in [
        ("create-table.component.json", 200),
        ("create-table.component.json", 409),
        ("create-item.json", 200),
        ("get-item.json", 200),
        ("update-item.json", 200),
        ("query-items.json", 404),
        ("list-tables.json", 200),
        ("select-region.json", 200),
        ("plain-records.json", 200),
    ] {
        let function = name.split('.').next().unwrap();
        let response = harness.ok(function, request("POST", "application/json", &events::text(name))).await;
        assert_eq!(check(function, &response), expected, "{name}: {response}");
    }
}
