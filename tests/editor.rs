//! What an editor checks by `.vscode/settings.json`, and what `cargo run -- check` says of the same files.

use std::{fs, path::Path};

use jsonschema::Validator;
use serde_json::{Value, json};
use shared::catalog;

use crate::{events, harness::Harness};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join(path)).unwrap())
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The schemas that the settings give to a file of the repository.
fn schemas_of(file: &str) -> Vec<String> {
    let settings = read(".vscode/settings.json");
    // A `*` does not cross a folder.
    let is_name = |(pattern, name): (&str, &str)| match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => {
            name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some_and(|between| !between.is_empty())
        }
    };
    let is_match = |pattern: &Value| {
        let pattern = pattern.as_str().unwrap().strip_prefix('/').unwrap();
        pattern.split('/').count() == file.split('/').count() && pattern.split('/').zip(file.split('/')).all(is_name)
    };
    let schemas = settings["json.schemas"].as_array().unwrap().iter();
    let matching = schemas.filter(|schema| schema["fileMatch"].as_array().unwrap().iter().any(is_match));
    matching.map(|schema| schema["url"].as_str().unwrap().strip_prefix("./").unwrap().to_owned()).collect()
}

fn state_machines() -> Vec<String> {
    let entries = |folder: &str| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.map(|name| format!("{folder}/{name}")).collect::<Vec<_>>()
    };
    let (folders, mut files): (Vec<_>, Vec<_>) =
        entries("statemachines").into_iter().partition(|path| root().join(path).is_dir());
    files.extend(folders.iter().flat_map(|folder| entries(folder)));
    files.into_iter().filter(|path| path.ends_with(".asl.json")).collect()
}

fn validator() -> Validator {
    jsonschema::validator_for(&read("schemas/state-machine.json")).unwrap()
}

fn problems(validator: &Validator, instance: &Value) -> Vec<String> {
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_event_and_state_machine_has_one_schema_and_keeps_it() {
    let events = events::names().into_iter().map(|name| format!("events/{name}"));
    let machines = state_machines();
    assert!(machines.len() >= 9, "{machines:?}");
    for file in events.chain(machines) {
        let schemas = schemas_of(&file);
        assert_eq!(schemas.len(), 1, "{file}: {schemas:?}");
        let validator = jsonschema::validator_for(&read(&schemas[0])).unwrap();
        assert_eq!(problems(&validator, &read(&file)), Vec::<String>::new(), "{file}");
    }
    for other in ["events/env.json", "events/envelopes/sns.json", "statemachines/map-items.input.json"] {
        assert_eq!(schemas_of(other), Vec::<String>::new());
    }
}

/// A machine with one task that sends this payload to `get-item`.
fn machine(payload: &Value) -> Value {
    json!({"StartAt": "Get", "States": {"Get": {
        "Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "${GetItemFunctionArn}", "Payload": payload},
    }}})
}

#[test]
fn a_task_may_give_inputs_by_paths_and_expressions() {
    let validator = validator();
    for payload in [
        json!({"tableName": "T", "hashKeyValue": "a"}),
        json!({"tableName.$": "$.table", "hashKeyValue.$": "$.id"}),
        json!({"tableName": "{% $table %}", "key": {"id.$": "$.id"}}),
        json!({"tableName": "T", "key.$": "$.key", "consistentRead": "{% $strict %}"}),
        json!({"tableName": "T", "value.$": "States.Format('{}', $.id)"}),
        json!("{% $event %}"),
    ] {
        assert_eq!(problems(&validator, &machine(&payload)), Vec::<String>::new(), "{payload}");
    }
}

#[test]
fn a_task_with_a_wrong_input_is_marked() {
    let validator = validator();
    for payload in [
        json!({"tableNme": "T", "hashKeyValue": "a"}),
        json!({"tableName.$": "T", "hashKeyValue": "a"}),
        json!({"hashKeyValue": "a"}),
        json!({"tableName": "T"}),
        json!({"tableName": 7, "hashKeyValue": "a"}),
        json!({"tableName": "T", "hashKeyValue": "a", "consistentRead": "perhaps"}),
        json!({"tableName": "T", "hashKeyValue": "a", "connection": {"roleArm": "arn"}}),
    ] {
        assert!(!validator.is_valid(&machine(&payload)), "{payload}");
    }
    let mut inside = machine(&json!({"tableName": "T"}));
    inside = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": inside, "End": true}}});
    assert!(!validator.is_valid(&inside), "a task in a map");
    let mut unknown = machine(&json!({}));
    unknown["States"]["Get"]["Parameters"]["FunctionName"] = json!("${GetItmFunctionArn}");
    assert!(!validator.is_valid(&unknown), "a function that is not there");
    unknown["States"]["Get"]["Parameters"]["FunctionName"] =
        json!("arn:aws:lambda:us-east-1:123456789012:function:own");
    assert!(validator.is_valid(&unknown), "another function");
}

/// What the command says of an event is what the function says, for events that fail before a call.
#[tokio::test]
async fn a_checked_event_gets_the_functions_own_error() {
    let harness = Harness::new().await;
    for (function, event) in [
        ("get-item", r#"{"tableNme": "T"}"#),
        ("get-item", r#"{"tableName": "T", "tableName": "T"}"#),
        ("get-item", r#"{"tableName": "T", "hashKeyValue": "a", "consistentRead": "perhaps"}"#),
        ("get-item", r#"{"Payload": {"tableName": "T"}}"#),
        ("get-item", "[1"),
        ("get-item", ""),
        ("get-item", r#"[{"eventSource": "aws:dynamodb"}]"#),
        ("get-item", r#"{"Records": [{"eventSource": "aws:s3"}]}"#),
        ("list-tables", r#"{"connection": {"accessKeyId": "half"}}"#),
        ("select-region", r#"{"awsRegon": "x"}"#),
        ("plain-records", "{}"),
    ] {
        let checked = shared::check(&catalog::function(function).unwrap().event, event).unwrap_err();
        let error = harness.err(function, event).await;
        assert_eq!(
            (checked.error_type(), checked.to_string()),
            (error.error_type.as_str(), error.error_message),
            "{event}"
        );
    }
    assert!(harness.proxy().take_seen().is_empty());
}

#[test]
fn an_event_in_an_envelope_is_checked_too() {
    let check = |function: &str, name: &str| {
        let text = fs::read_to_string(root().join("events/envelopes").join(name)).unwrap();
        shared::check(&catalog::function(function).unwrap().event, &text).map_err(|error| error.to_string())
    };
    for (function, name) in [
        ("get-item", "function-url.json"),
        ("get-item", "rest-v1-base64.json"),
        ("get-item", "alb.json"),
        ("create-item", "sns.json"),
        ("create-item", "event-bridge.json"),
    ] {
        assert_eq!(check(function, name), Ok(()), "{name}");
    }
    // One of its messages is wrong, to show what a queue is answered.
    let error = check("create-item", "sqs-standard.json").unwrap_err();
    assert!(error.starts_with("the message `059f36b4-87a3-44ab-83d2-661975830a72`: `itme`: unknown input"), "{error}");
}

#[test]
fn every_sample_event_is_taken_by_its_function() {
    for name in events::names() {
        let function = catalog::function(name.split('.').next().unwrap()).unwrap();
        assert_eq!(shared::check(&function.event, &events::text(&name)), Ok(()), "{name}");
    }
}
