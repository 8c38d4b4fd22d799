//! Checks every successful event and its answer against the generated schemas.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use local::generate::{answer_schema, event_schema};
use serde_json::Value;
use shared::catalog;

/// The validators of a function's event and answer.
type Validators = Arc<(Validator, Validator)>;

/// Panics if the schemas reject the event or the answer.
pub(super) fn check(function: &str, event: &str, answer: &Value) {
    let validators = validators(function);
    // `serde_json::Value` cannot hold a member with one of the library's private names.
    let Ok(event) = serde_json::from_str::<Value>(event.trim_start_matches('\u{feff}')) else { return };
    let errors = |validator: &Validator, instance: &Value| -> Vec<String> {
        validator.iter_errors(instance).map(|error| format!("{} at `{}`", error, error.instance_path())).collect()
    };
    let takes_records = catalog::function(function).unwrap().event.list.is_some();
    if !is_enveloped(&event) || (takes_records && event.get("Records").is_some()) {
        assert_eq!(errors(&validators.0, &event), Vec::<String>::new(), "the schema of {function} refuses {event}");
        assert_eq!(errors(&validators.1, answer), Vec::<String>::new(), "the schema of {function} refuses {answer}");
    }
}

/// Whether the event has an envelope: an HTTP request, a batch of messages or a bus event.
fn is_enveloped(event: &Value) -> bool {
    ["requestContext", "Records", "detail-type"].iter().any(|marker| event.get(marker).is_some())
}

fn validators(function: &str) -> Validators {
    static KNOWN: LazyLock<Mutex<HashMap<String, Validators>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap();
    let made = known.entry(function.to_owned()).or_insert_with(|| {
        let definition = catalog::function(function).unwrap();
        let validator = |schema| jsonschema::validator_for(&schema).unwrap();
        Arc::new((validator(event_schema(definition)), validator(answer_schema(definition))))
    });
    Arc::clone(made)
}
