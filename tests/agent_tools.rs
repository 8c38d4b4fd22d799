//! `schemas/agent-tools.json`: what agents are offered.

use std::{fs, path::Path, sync::LazyLock};

use serde_json::{Value, json};
use shared::catalog;

use crate::{
    events,
    harness::{FUNCTIONS, Harness, deployment::Deployment, permission::resource},
};

static TOOLS: LazyLock<Value> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/agent-tools.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
});

fn targets() -> &'static Vec<Value> {
    TOOLS["targets"].as_array().unwrap()
}

fn tool(target: &Value) -> &Value {
    let tools = target["toolSchema"]["inlinePayload"].as_array().unwrap();
    assert_eq!(tools.len(), 1, "{target}");
    &tools[0]
}

/// Calls `seen` for a schema and all schemas inside it.
fn each_schema(schema: &Value, seen: &mut dyn FnMut(&Value)) {
    seen(schema);
    for inside in schema["properties"].as_object().into_iter().flat_map(|properties| properties.values()) {
        each_schema(inside, seen);
    }
    if let Some(items) = schema.get("items") {
        each_schema(items, seen);
    }
}

/// <https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_SchemaDefinition.html>
#[test]
fn a_tools_schema_has_only_what_a_gateway_takes() {
    for target in targets() {
        for schema in ["inputSchema", "outputSchema"] {
            assert_eq!(tool(target)[schema]["type"], "object", "{}", target["function"]);
            each_schema(&tool(target)[schema], &mut |schema| {
                for (name, value) in schema.as_object().unwrap() {
                    let is_known = match name.as_str() {
                        "type" => ["string", "number", "object", "array", "boolean", "integer"]
                            .contains(&value.as_str().unwrap()),
                        "description" => value.is_string(),
                        "properties" | "items" => value.is_object(),
                        "required" => value
                            .as_array()
                            .unwrap()
                            .iter()
                            .all(|name| schema["properties"].get(name.as_str().unwrap()).is_some()),
                        _ => false,
                    };
                    assert!(is_known, "{}: {name} of {schema}", target["function"]);
                }
            });
        }
    }
}

#[test]
fn no_agent_chooses_an_identity() {
    for target in targets() {
        each_schema(&tool(target)["inputSchema"], &mut |schema| {
            for name in schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys()) {
                let name = name.to_lowercase();
                for secret in ["connection", "accesskey", "secretaccess", "sessiontoken", "rolearn", "externalid"] {
                    assert!(!name.contains(secret), "{}: {name}", target["function"]);
                }
            }
        });
    }
}

#[test]
fn hints_tell_what_a_tool_does() {
    let hints = |function: &str| -> Option<[bool; 3]> {
        let target = targets().iter().find(|target| target["function"] == function)?;
        let hint = |name: &str| target["annotations"][name].as_bool().unwrap();
        Some([hint("readOnlyHint"), hint("destructiveHint"), hint("idempotentHint")])
    };
    for (function, expected) in [
        ("get-item", Some([true, false, true])),
        ("list-tables", Some([true, false, true])),
        ("create-table", Some([false, false, false])),
        // A put replaces an item, and does so once.
        ("create-item", Some([false, true, true])),
        ("delete-item", Some([false, true, true])),
        // An update may add to a number.
        ("update-item", Some([false, true, false])),
        ("delete-table", Some([false, true, false])),
        ("raw-request", Some([false, true, false])),
        // It is for a pipe.
        ("plain-records", None),
    ] {
        assert_eq!(hints(function), expected, "{function}");
    }
    for target in targets() {
        let definition = catalog::function(target["function"].as_str().unwrap()).unwrap();
        assert_eq!(target["annotations"]["readOnlyHint"], !definition.is_write(), "{}", definition.name);
    }
}

/// An agent gives what the schema names, and an answer has what the schema says.
#[tokio::test]
async fn a_tool_takes_its_inputs_and_answers_as_it_says() {
    let harness = Harness::new().await;
    for name in
        ["create-table.component.json", "create-item.json", "get-item.json", "list-tables.json", "query-items.json"]
    {
        let target =
            targets().iter().find(|target| Some(target["function"].as_str().unwrap()) == name.split('.').next());
        let tool = tool(target.unwrap());
        let mut event: Value = serde_json::from_str(&events::text(name)).unwrap();
        if name.starts_with("query") {
            event["tableName"] = "Customers".into();
            event["keyConditionExpression"] = "customerId = :c".into();
            event["expressionAttributeValues"] = json!({":c": "C-1"});
        }
        for input in event.as_object().unwrap().keys() {
            let is_alias = ["awsConnection", "attributeDefinition"].contains(&input.as_str());
            assert!(is_alias || tool["inputSchema"]["properties"].get(input).is_some(), "{name}: {input}");
        }
        let answer = harness.ok(name.split('.').next().unwrap(), event).await;
        let validator = jsonschema::validator_for(&tool["outputSchema"]).unwrap();
        let problems: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert_eq!(problems, Vec::<String>::new(), "{name}: {answer}");
    }
}

#[test]
fn the_template_tags_what_its_parameter_offers() {
    let tagged = |parameters: &[(&str, &str)]| -> Vec<&str> {
        let deployment = Deployment::with(parameters);
        let names = FUNCTIONS.iter().map(|(function, _)| *function);
        names
            .filter(|function| {
                let tag = &deployment.function(&resource(function))["Tags"]["dynamodb-functions:agent-tool"];
                assert!(["true", "false"].contains(&tag.as_str().unwrap()), "{function}: {tag}");
                tag == "true"
            })
            .collect()
    };
    let offered = |chosen: fn(&Value) -> bool| -> Vec<&str> {
        let chosen = targets().iter().filter(|target| chosen(&target["annotations"]));
        chosen.map(|target| target["function"].as_str().unwrap()).collect()
    };
    assert_eq!(tagged(&[]), offered(|hints| hints["readOnlyHint"] == true));
    assert_eq!(tagged(&[("AgentTools", "all")]), offered(|_| true));
    assert_eq!(tagged(&[("AgentTools", "none")]), Vec::<&str>::new());
}

#[test]
fn each_target_names_the_output_with_its_functions_arn() {
    let deployment = Deployment::with(&[]);
    for target in targets() {
        let output = deployment.get("Outputs", target["lambdaArnOutput"].as_str().unwrap()).unwrap();
        assert_eq!(output["Value"], format!("Arn of {}", resource(target["function"].as_str().unwrap())));
    }
}
