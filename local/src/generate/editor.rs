//! `.vscode/settings.json`: the schema that an editor checks each file by.

use serde_json::{Value, json};
use shared::catalog::FUNCTIONS;

/// The settings of VS Code. Other editors take the same mapping under other names.
pub(super) fn settings() -> Value {
    let mut schemas: Vec<Value> = FUNCTIONS
        .iter()
        .map(|function| {
            let name = function.name;
            json!({
                "fileMatch": [format!("/events/{name}.json"), format!("/events/{name}.*.json")],
                "url": format!("./schemas/{name}.event.json"),
            })
        })
        .collect();
    schemas.push(json!({
        "fileMatch": ["/statemachines/*.asl.json", "/statemachines/*/*.asl.json"],
        "url": "./schemas/state-machine.json",
    }));
    json!({"json.schemas": schemas})
}
