//! `schemas/agent-tools.json`: the functions as tools for an agent.
//!
//! Each tool has a target of its own, in the form that Amazon Bedrock `AgentCore` Gateway takes for a Lambda function
//! (<https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html>). Its schemas know `type`,
//! `properties`, `required`, `items` and `description`, and nothing else. Therefore a choice, a range, a default and another
//! input that may stand for this one are said in the description.
//!
//! `connection` is never offered: an agent acts as the function's own role. Other spellings are not offered either, because an
//! agent needs one. A function that takes a list of records is for a pipe and no tool.

use serde_json::{Map, Value, json};
use shared::{
    Field, Shape,
    catalog::{Definition, FUNCTIONS},
};

use super::{answer_schema::answer_schema, camel_case, one_line};

/// The inputs that an agent must not choose.
const NEVER_OFFERED: [&str; 1] = ["connection"];

/// The functions that can be tools.
pub(super) fn offered() -> impl Iterator<Item = &'static Definition> {
    FUNCTIONS.iter().copied().filter(|function| function.event.list.is_none())
}

pub(super) fn agent_tools() -> Value {
    json!({
        "description": "The functions as tools for agents. `toolSchema` is what Amazon Bedrock AgentCore Gateway takes for a Lambda target, `annotations` are the hints of the Model Context Protocol. Generated from the catalog.",
        "targets": offered().map(target).collect::<Vec<_>>(),
    })
}

fn target(function: &Definition) -> Value {
    let schema = json!({
        "name": function.action,
        "description": description(function),
        "inputSchema": structure(&(function.event.fields)()),
        "outputSchema": plain_schema(&answer_schema(function)),
    });
    json!({
        "function": function.name,
        "lambdaArnOutput": format!("{}FunctionArn", camel_case(function.name)),
        "annotations": {
            "title": function.label,
            "readOnlyHint": !function.is_write(),
            "destructiveHint": function.is_destructive(),
            "idempotentHint": function.is_idempotent(),
            // The tables of one account.
            "openWorldHint": false,
        },
        "toolSchema": {"inlinePayload": [schema]},
    })
}

fn description(function: &Definition) -> String {
    let effect = match (function.is_write(), function.is_destructive()) {
        (false, _) => "It changes nothing.",
        (true, false) => "It adds something and replaces nothing.",
        (true, true) => "It can replace or delete what is there.",
    };
    format!("{}. {effect}", function.summary)
}

/// An object with these inputs.
fn structure(fields: &[Field]) -> Value {
    let offered =
        fields.iter().filter(|field| !matches!(field.shape, Shape::Ignored) && !NEVER_OFFERED.contains(&field.name()));
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in offered {
        let mut schema = schema(&field.shape);
        schema["description"] = meaning(field).into();
        properties.insert(field.name().into(), schema);
        if field.required {
            required.push(field.name());
        }
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn schema(shape: &Shape) -> Value {
    match shape {
        // A value of any kind may be given as text: the types beside it, or the key's schema, say what it becomes.
        Shape::Text | Shape::Verbatim | Shape::Secret | Shape::Words(_) | Shape::Value | Shape::Ignored => {
            json!({"type": "string"})
        }
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Whole { .. } => json!({"type": "integer"}),
        Shape::List(element) => match **element {
            // Its elements may be of different kinds.
            Shape::Value | Shape::Types | Shape::Named(..) => json!({"type": "array"}),
            ref element => json!({"type": "array", "items": schema(element)}),
        },
        Shape::Collection(_) | Shape::Document | Shape::Types | Shape::Named("types", _) => json!({"type": "object"}),
        Shape::Structure(fields) => structure(fields),
        Shape::Named(_, of) => schema(&of()),
        Shape::OneOf(shapes) => schema(&shapes[0]),
    }
}

/// The description of an input, with what the schema cannot say.
fn meaning(field: &Field) -> String {
    let mut text = one_line(field.summary);
    let mut say = |more: String| {
        text.push(' ');
        text.push_str(&more);
    };
    if !field.choices().is_empty() {
        say(format!("One of: {}.", field.choices().join(", ")));
    }
    match field.shape {
        Shape::Whole { least, most: i64::MAX } => say(format!("From {least}.")),
        Shape::Whole { least, most } => say(format!("From {least} to {most}.")),
        _ => {}
    }
    if !field.alternatives.is_empty() {
        say(format!("Required unless this is given: {}.", field.alternatives.join(", ")));
    }
    if let Some(default) = &field.default {
        say(format!("Default: {}.", default.as_str().map_or_else(|| default.to_string(), str::to_owned)));
    }
    text
}

/// A schema with nothing but what a tool's schema may have. `None`: it says nothing of the kind of value.
fn plain_schema(schema: &Value) -> Option<Value> {
    // What may be one of several is the first of them.
    if let Some(first) = schema.get("anyOf").and_then(|schemas| schemas.get(0)) {
        return plain_schema(first);
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().find(|kind| *kind != "null")?.clone(),
        Some(kind) => kind.clone(),
        // Words are text.
        None if schema.get("enum").is_some() => "string".into(),
        None => return None,
    };
    let mut plain = json!({"type": kind});
    if let Some(description) = schema.get("description") {
        plain["description"] = description.clone();
    }
    if let Some(items) = schema.get("items").and_then(plain_schema) {
        plain["items"] = items;
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let known: Map<String, Value> =
            properties.iter().filter_map(|(name, schema)| Some((name.clone(), plain_schema(schema)?))).collect();
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let required: Vec<&str> = required.filter(|name| known.contains_key(*name)).collect();
        if !required.is_empty() {
            plain["required"] = required.into();
        }
        plain["properties"] = Value::Object(known);
    }
    Some(plain)
}
