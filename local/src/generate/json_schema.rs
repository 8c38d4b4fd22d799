//! A function's event as a JSON Schema (2020-12).
//!
//! A schema accepts every event that the function reads, and no event with an unknown or missing input. Rules that need more than
//! one input to be told, and the types of values, are left to the function.

use serde_json::{Map, Value, json};
use shared::{Field, Shape, catalog::Definition};

pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a function's event.
#[must_use]
pub fn event_schema(function: &Definition) -> Value {
    let mut definitions = Definitions::default();
    let mut schema = structure(&(function.event.fields)(), &mut definitions);
    if let Some(input) = function.event.list {
        let list = json!({
            "type": "array",
            "items": {"type": "object"},
            "description": format!("A list is the value of `{input}`."),
        });
        schema = json!({"anyOf": [list, schema]});
    }
    let summary = format!("{}: {}.", function.action, function.summary);
    let mut whole = Map::new();
    whole.insert("$schema".into(), DIALECT.into());
    whole.insert("title".into(), format!("{}, the event", function.name).into());
    whole.insert("description".into(), summary.into());
    if let Value::Object(members) = &mut schema {
        whole.append(members);
    }
    definitions.named.insert("leftOut".into(), left_out());
    definitions.named.insert("leftOutStructure".into(), left_out_structure());
    whole.insert("$defs".into(), Value::Object(definitions.named));
    Value::Object(whole)
}

/// The shapes that several inputs share.
#[derive(Default)]
struct Definitions {
    named: Map<String, Value>,
}

/// What stands for an optional input that was left out: see `docs/inputs.md`.
fn left_out() -> Value {
    json!({
        "description": "An input that was left out, as forms and serializers send it.",
        "anyOf": [{"type": "null"}, {"type": "string", "pattern": "^\\s*$"}],
    })
}

/// What stands for an optional structure that was left out. Text that holds an empty one is text.
fn left_out_structure() -> Value {
    json!({
        "description": "An optional structure that was left out, as forms and serializers send it.",
        "anyOf": [
            {"$ref": "#/$defs/leftOut"},
            {"type": "object", "maxProperties": 0},
            {"type": "array", "maxItems": 0},
        ],
    })
}

fn structure(fields: &[Field], definitions: &mut Definitions) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut rules = Vec::new();
    for field in fields {
        properties.insert(field.name().into(), property(field, definitions));
        for alias in &field.names[1..] {
            let main = format!("Another spelling of `{}`.", field.name());
            let mut schema = property(field, definitions);
            schema["description"] = main.into();
            schema["deprecated"] = true.into();
            properties.insert((*alias).into(), schema);
        }
        let names: Vec<&str> = field.names.iter().chain(field.alternatives).copied().collect();
        match (&names[..], field.required || !field.alternatives.is_empty()) {
            (_, false) => {}
            ([name], true) => required.push(json!(name)),
            (names, true) => rules.push(json!({
                "anyOf": names.iter().map(|name| json!({"required": [name]})).collect::<Vec<_>>(),
            })),
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    if !rules.is_empty() {
        schema["allOf"] = rules.into();
    }
    schema
}

fn property(field: &Field, definitions: &mut Definitions) -> Value {
    let shape = shape(&field.shape, definitions);
    let left_out = if field.shape.is_structure() { "#/$defs/leftOutStructure" } else { "#/$defs/leftOut" };
    // One spelling may be left out where another one is given.
    let is_given = field.required && field.names.len() == 1;
    let mut schema = if is_given { shape } else { json!({"anyOf": [shape, {"$ref": left_out}]}) };
    let summary = super::one_line(field.summary);
    if !summary.is_empty() {
        schema["description"] = summary.into();
    }
    if let Some(default) = &field.default {
        schema["default"] = default.clone();
    }
    if let Some(example) = &field.example {
        schema["examples"] = json!([example]);
    }
    if matches!(field.shape, Shape::Secret) {
        schema["writeOnly"] = true.into();
    }
    schema
}

fn shape(shape_of: &Shape, definitions: &mut Definitions) -> Value {
    // A structure may be given as text that holds its JSON.
    let text = json!({"type": "string", "contentMediaType": "application/json"});
    match shape_of {
        Shape::Text | Shape::Secret => json!({"type": "string", "minLength": 1}),
        Shape::Verbatim => json!({"type": "string"}),
        Shape::Boolean => json!({"anyOf": [
            {"type": "boolean"},
            {"type": "string", "pattern": "^\\s*([Tt]([Rr][Uu][Ee])?|[Yy]([Ee][Ss])?|1|[Ff]([Aa][Ll][Ss][Ee])?|[Nn][Oo]?|0)\\s*$"},
            {"enum": [0, 1]},
        ]}),
        Shape::Whole { least, most } => json!({"anyOf": [
            {"type": "integer", "minimum": least, "maximum": most},
            {"type": "string", "pattern": "^\\s*-?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?\\s*$"},
        ]}),
        Shape::Words(words) => json!({"anyOf": [{"enum": words}, {"type": "string", "pattern": any_case(words)}]}),
        Shape::Value | Shape::Ignored => json!(true),
        Shape::Types => {
            let codes = ["S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"];
            let this = json!({"$ref": "#/$defs/types"});
            json!({
                "description": "The type of a value, which mirrors its shape: a code, an object for the members of a map, a list of one for the elements of a list.",
                "anyOf": [
                    {"enum": codes},
                    {"type": "string"},
                    {"type": "object", "additionalProperties": this.clone()},
                    {"type": "array", "items": this, "minItems": 1, "maxItems": 1},
                ],
            })
        }
        Shape::List(element) => {
            let element = nullable(element, definitions);
            json!({"anyOf": [{"type": "array", "items": element}, text]})
        }
        Shape::Collection(value) => {
            let value = shape(value, definitions);
            let pair = json!({
                "type": "object",
                "properties": {"key": {"type": "string"}, "value": value.clone()},
                "required": ["key", "value"],
                "additionalProperties": false,
            });
            json!({"anyOf": [
                {"type": "object", "additionalProperties": value},
                {"type": "array", "items": pair},
                text,
            ]})
        }
        Shape::Document => json!({"anyOf": [{"type": "object"}, text]}),
        Shape::Structure(fields) => json!({"anyOf": [structure(fields, definitions), text]}),
        Shape::Named(name, of) => {
            if !definitions.named.contains_key(*name) {
                // It is there before it is described, because it may be part of itself.
                definitions.named.insert((*name).into(), Value::Null);
                let described = shape(&of(), definitions);
                definitions.named.insert((*name).into(), described);
            }
            json!({"$ref": format!("#/$defs/{name}")})
        }
        Shape::OneOf(shapes) => {
            json!({"anyOf": shapes.iter().map(|one| shape(one, definitions)).collect::<Vec<_>>()})
        }
    }
}

/// An element of a list; a list of types may leave one out with `null`.
fn nullable(element: &Shape, definitions: &mut Definitions) -> Value {
    let is_types = matches!(element, Shape::Named("types", _));
    let element = shape(element, definitions);
    if is_types { json!({"anyOf": [element, {"type": "null"}]}) } else { element }
}

/// A pattern for these words in any letter case.
fn any_case(words: &[&str]) -> String {
    let word = |word: &&str| {
        word.chars()
            .map(|c| match c {
                c if c.is_ascii_alphabetic() => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
                c => c.to_string(),
            })
            .collect::<String>()
    };
    format!("^\\s*({})\\s*$", words.iter().map(word).collect::<Vec<_>>().join("|"))
}
