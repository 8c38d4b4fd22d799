//! `schemas/state-machine.json`: state machines in Amazon States Language that call the functions.
//!
//! The schema knows states as far as it needs to find a task (`Map` and `Parallel` hold others), and the inputs of each function
//! that a task calls by its placeholder: `${GetItemFunctionArn}`. In a payload, an input may be a path (`"tableName.$":
//! "$.table"`) or an expression (`"{% $table %}"`), at every depth.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html>

use serde_json::{Map, Value, json};
use shared::catalog::{Definition, FUNCTIONS};

use super::{
    camel_case,
    json_schema::{DIALECT, event_schema},
};

pub(super) fn state_machine() -> Value {
    let mut definitions = Map::new();
    for function in FUNCTIONS {
        let mut schema = event_schema(function);
        let inner = schema.as_object_mut().and_then(|members| members.remove("$defs"));
        for (name, schema) in inner.as_ref().and_then(Value::as_object).into_iter().flatten() {
            definitions.insert(name.clone(), with_placeholders(schema));
        }
        if let Value::Object(members) = &mut schema {
            members.remove("$schema");
        }
        definitions.insert(function.action.into(), or_expression(&with_placeholders(&schema)));
    }
    definitions.insert("path".into(), path());
    definitions.insert("expression".into(), expression());
    definitions.insert("machine".into(), machine());
    definitions.insert("state".into(), state());
    json!({
        "$schema": DIALECT,
        "title": "A state machine that calls the functions",
        "$ref": "#/$defs/machine",
        "$defs": definitions,
    })
}

/// The value of a member whose name ends in `.$`.
fn path() -> Value {
    json!({
        "type": "string",
        "pattern": "^(\\$|States\\.)",
        "description": "A path into the state's input, or an intrinsic function.",
    })
}

fn expression() -> Value {
    json!({"type": "string", "pattern": "^\\{%[\\s\\S]*%\\}$", "description": "An expression in JSONata."})
}

fn or_expression(schema: &Value) -> Value {
    json!({"anyOf": [schema, {"$ref": "#/$defs/expression"}]})
}

/// A schema in which an expression or a path may stand for each value.
fn with_placeholders(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut flexible = Map::new();
    for (name, value) in members {
        let value = match (name.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let both = properties.iter().flat_map(|(name, schema)| {
                    let path = json!({"$ref": "#/$defs/path"});
                    [(name.clone(), or_expression(&with_placeholders(schema))), (format!("{name}.$"), path)]
                });
                Value::Object(both.collect())
            }
            // It moves into `allOf` below.
            ("required" | "allOf", Value::Array(_)) => continue,
            ("items" | "additionalProperties", Value::Object(_)) => or_expression(&with_placeholders(value)),
            ("anyOf", Value::Array(schemas)) => schemas.iter().map(with_placeholders).collect(),
            _ => value.clone(),
        };
        flexible.insert(name.clone(), value);
    }
    let mut rules: Vec<Value> = names(schema.get("required")).map(|name| one_of([name])).collect();
    for rule in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        let alternatives = rule["anyOf"].as_array().into_iter().flatten().flat_map(|one| names(one.get("required")));
        rules.push(one_of(alternatives));
    }
    if !rules.is_empty() {
        flexible.insert("allOf".into(), rules.into());
    }
    Value::Object(flexible)
}

fn names(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// That one of these members is there, by its value or by a path.
fn one_of<'n>(names: impl IntoIterator<Item = &'n str>) -> Value {
    let required =
        names.into_iter().flat_map(|name| [json!({"required": [name]}), json!({"required": [format!("{name}.$")]})]);
    json!({"anyOf": required.collect::<Vec<_>>()})
}

fn machine() -> Value {
    json!({
        "type": "object",
        "properties": {
            "Comment": {"type": "string"},
            "QueryLanguage": {"enum": ["JSONPath", "JSONata"]},
            "StartAt": {"type": "string"},
            "States": {"type": "object", "additionalProperties": {"$ref": "#/$defs/state"}, "minProperties": 1},
            "TimeoutSeconds": {"type": "integer", "minimum": 1},
            "Version": {"type": "string"},
            "ProcessorConfig": {"type": "object"},
        },
        "required": ["StartAt", "States"],
        "additionalProperties": false,
    })
}

fn state() -> Value {
    let mut rules = vec![
        json!({"if": is("Type", &json!("Task")), "then": {"required": ["Resource"]}}),
        json!({"if": is("Type", &json!("Map")), "then": one_of(["ItemProcessor", "Iterator"])}),
        json!({"if": is("Type", &json!("Parallel")), "then": {"required": ["Branches"]}}),
    ];
    rules.extend(FUNCTIONS.iter().flat_map(|function| calls(function)));
    let machine = json!({"$ref": "#/$defs/machine"});
    json!({
        "type": "object",
        "properties": {
            "Type": {"enum": ["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"]},
            "ItemProcessor": machine,
            "Iterator": machine,
            "Branches": {"type": "array", "items": machine},
            "Parameters": {"properties": {"FunctionName": function_name()}},
            "Arguments": {"properties": {"FunctionName": function_name()}},
        },
        "required": ["Type"],
        "allOf": rules,
    })
}

fn is(name: &str, value: &Value) -> Value {
    json!({"properties": {name: {"const": value}}, "required": [name]})
}

/// The placeholder of a function that there is. Another name, such as an ARN, may be any function's.
fn function_name() -> Value {
    let known: Vec<String> = FUNCTIONS.iter().map(|function| placeholder(function)).collect();
    json!({"anyOf": [{"enum": known}, {"not": {"type": "string", "pattern": "^\\$\\{\\w+FunctionArn\\}$"}}]})
}

fn placeholder(function: &Definition) -> String {
    format!("${{{}FunctionArn}}", camel_case(function.name))
}

/// What a task that calls a function must send, for both query languages and for the older form of a call.
fn calls(function: &Definition) -> Vec<Value> {
    let name = json!(placeholder(function));
    let event = json!({"$ref": format!("#/$defs/{}", function.action)});
    let by_name = ["Parameters", "Arguments"].map(|member| {
        let payload = json!({"properties": {"Payload": event}, "anyOf": [{"required": ["Payload"]}, {"required": ["Payload.$"]}]});
        json!({
            "if": {"properties": {member: is("FunctionName", &name)}, "required": [member]},
            "then": {"properties": {member: payload}},
        })
    });
    let by_resource =
        json!({"if": is("Resource", &name), "then": {"properties": {"Parameters": event, "Arguments": event}}});
    by_name.into_iter().chain([by_resource]).collect()
}
