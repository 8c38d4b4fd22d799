//! `schemas/manifest.json`: every function with its inputs, its answer and an example, for whoever builds forms or a
//! connector from it.
//!
//! A type has these members:
//!
//! | `type` | other members | a form sends |
//! |---|---|---|
//! | `text`, `secret` | `choices` | text |
//! | `boolean` | | `true`, `false` |
//! | `integer` | `minimum`, `maximum` | a whole number |
//! | `choice` | `choices` | one of the words |
//! | `value` | | any JSON |
//! | `types` | | the type of a value: a code, an object of types, a list of one type |
//! | `list` | `items`: a type | a list |
//! | `collection` | `values`: a type | an object, or a list of `{"key", "value"}` |
//! | `object` | `inputs` | an object with these inputs |
//! | `document` | | an object that AWS defines |
//! | `oneOf` | `types`: a list of types | any of them |
//! | `ignored` | | nothing |

use std::{fs, path::Path};

use serde_json::{Map, Value, json};
use shared::{
    Field, Shape,
    catalog::{AnswerShape, Definition, FUNCTIONS, Member, MemberKind, common_fields},
};

use super::Error;

/// The manifest, with the sample events of the repository at `root`.
pub(super) fn manifest(root: &Path) -> Result<Value, Error> {
    let actions = FUNCTIONS.iter().map(|function| action(function, root)).collect::<Result<Vec<_>, _>>()?;
    Ok(json!({
        "description": "The functions of this repository: their inputs, answers and examples. Generated from the catalog.",
        "actions": actions,
    }))
}

fn action(function: &Definition, root: &Path) -> Result<Value, Error> {
    let common: Vec<&str> = common_fields().iter().map(Field::name).collect();
    let fields = (function.event.fields)();
    let inputs: Vec<Value> = inputs(&fields)
        .into_iter()
        .zip(&fields)
        .map(|(mut input, field)| {
            if common.contains(&field.name()) {
                input["common"] = true.into();
            }
            if let ("outputFormat", Some(format)) = (field.name(), function.output_format) {
                input["default"] = format.as_str().into();
            }
            input
        })
        .collect();
    let mut action = json!({
        "function": function.name,
        "name": function.action,
        "label": function.label,
        "description": format!("{}.", function.summary),
        "kind": if function.is_source() { "dataSource" } else { "action" },
        "effect": {
            "readOnly": !function.is_write(),
            "destructive": function.is_destructive(),
            "idempotent": function.is_idempotent(),
        },
        "inputs": inputs,
        "answer": answer(function),
        "example": sample(function, root)?,
    });
    if let Some(input) = function.event.list {
        action["list"] = input.into();
    }
    Ok(action)
}

/// The first sample event of a function: `events/NAME.json`.
pub(super) fn sample(function: &Definition, root: &Path) -> Result<Value, Error> {
    let path = root.join("events").join(function.name).with_extension("json");
    let text = fs::read_to_string(&path).map_err(|error| Error::Unreadable(path.clone(), error))?;
    serde_json::from_str(&text).map_err(|error| Error::Unreadable(path, error.into()))
}

fn inputs(fields: &[Field]) -> Vec<Value> {
    fields.iter().map(|field| input(field, fields)).collect()
}

/// An input. `beside`: all inputs of the same object.
fn input(field: &Field, beside: &[Field]) -> Value {
    let mut input = Map::new();
    input.insert("name".into(), field.name().into());
    input.insert("label".into(), field.label().into());
    input.insert("help".into(), super::one_line(field.summary).into());
    input.insert("required".into(), field.required.into());
    input.append(&mut type_of(&field.shape));
    if field.names.len() > 1 {
        input.insert("aliases".into(), field.names[1..].into());
    }
    if !field.alternatives.is_empty() {
        input.insert("requiredUnless".into(), field.alternatives.into());
    }
    if !field.choices().is_empty() {
        input.insert("choices".into(), field.choices().into());
    }
    if let Some(source) = field.source.and_then(|source| FUNCTIONS.iter().find(|function| function.action == source)) {
        input.insert("dataSource".into(), json!({"action": source.action, "function": source.name}));
    }
    if let Some(types) = types_of(field, beside) {
        input.insert("typesInput".into(), types.into());
    }
    for (name, value) in [("default", &field.default), ("example", &field.example)] {
        if let Some(value) = value {
            input.insert(name.into(), value.clone());
        }
    }
    Value::Object(input)
}

/// The input that holds the types of this input's values: `itemTypes` of `item`, `keyTypes` of `key`.
fn types_of<'f>(field: &Field, beside: &'f [Field]) -> Option<&'f str> {
    let is_types = |shape: &Shape| matches!(shape, Shape::Named("types", _) | Shape::Types);
    let holds_types = |other: &&Field| match &other.shape {
        Shape::Collection(element) | Shape::List(element) => is_types(element),
        shape => is_types(shape),
    };
    let name = field.name();
    let singular = name.strip_suffix('s').unwrap_or(name);
    let mut types = beside.iter().filter(holds_types).map(Field::name);
    types.find(|other| [name, singular].iter().any(|name| other.strip_suffix("Types") == Some(*name)))
}

fn type_of(shape: &Shape) -> Map<String, Value> {
    let value = match shape {
        Shape::Text | Shape::Verbatim => json!({"type": "text"}),
        Shape::Secret => json!({"type": "secret"}),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Whole { least, most } => json!({"type": "integer", "minimum": least, "maximum": most}),
        Shape::Words(words) => json!({"type": "choice", "choices": words}),
        Shape::Value => json!({"type": "value"}),
        Shape::Types | Shape::Named("types", _) => json!({"type": "types"}),
        Shape::List(element) => json!({"type": "list", "items": type_of(element)}),
        Shape::Collection(element) => json!({"type": "collection", "values": type_of(element)}),
        Shape::Structure(fields) => json!({"type": "object", "inputs": inputs(fields)}),
        Shape::Document => json!({"type": "document"}),
        Shape::Named(_, of) => return type_of(&of()),
        Shape::OneOf(shapes) => json!({"type": "oneOf", "types": shapes.iter().map(type_of).collect::<Vec<_>>()}),
        Shape::Ignored => json!({"type": "ignored"}),
    };
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Where the members of an answer are, and what they hold.
fn answer(function: &Definition) -> Value {
    let schema = format!("{}.answer.json", function.name);
    let of_members = |path: &[&str], members: &[Member]| {
        let members: Vec<Value> = members
            .iter()
            .map(|member| json!({"name": member.name, "content": content(member.kind), "required": member.is_required}))
            .collect();
        json!({"path": path, "members": members, "schema": schema})
    };
    let mut answer = match function.answer {
        AnswerShape::Data(members) => of_members(&["data"], members),
        AnswerShape::Found(members) => of_members(&["data", "result"], members),
        AnswerShape::PickList => json!({"path": ["result"], "list": ["label", "key"], "schema": schema}),
        AnswerShape::ConnectionReport => json!({"path": ["data"], "schema": schema}),
        AnswerShape::Records => json!({"path": [], "schema": schema}),
    };
    if let AnswerShape::Found(_) = function.answer {
        answer["found"] = json!(["data", "found"]);
    }
    if let Some(format) = function.output_format {
        answer["outputFormat"] = format.as_str().into();
    }
    answer
}

fn content(kind: MemberKind) -> &'static str {
    match kind {
        MemberKind::Item => "item",
        MemberKind::Items => "items",
        MemberKind::Key => "key",
        MemberKind::ItemsOrNull => "items, null where there is none",
        MemberKind::StatementResponses => "list of responses",
        MemberKind::ConsumedCapacity => "consumedCapacity",
        MemberKind::ConsumedCapacities => "list of consumedCapacity",
        MemberKind::Description => "description",
        MemberKind::Tags => "tags",
        MemberKind::Elements => "list",
        MemberKind::Any => "any",
        MemberKind::ItemCollectionMetrics => "itemCollectionMetrics",
        MemberKind::Table => "table",
        MemberKind::Count => "integer",
        MemberKind::Text => "text",
        MemberKind::Texts => "list of texts",
    }
}
