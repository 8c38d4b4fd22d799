//! A function's event and answer as JSON Schemas (2020-12).
//!
//! A schema accepts every event that the function reads, and no event with an unknown or missing input. Rules that need more than
//! one input to be told, and the types of values, are left to the function.

use serde_json::{Map, Value, json};
use shared::{
    Field, Shape,
    catalog::{AnswerShape, Definition, Member, MemberKind},
};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a function's event.
#[must_use]
pub fn event_schema(function: &Definition) -> Value {
    let mut definitions = Definitions::default();
    let mut schema = structure(&(function.event.fields)(), &mut definitions);
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

/// The schema of a function's answer.
#[must_use]
pub fn answer_schema(function: &Definition) -> Value {
    let mut schema = match function.answer {
        AnswerShape::Data(members) => object(&[("data", data(members))]),
        AnswerShape::Found(members) => {
            let found = json!({"type": "boolean", "description": "Whether there was anything."});
            object(&[("data", object(&[("result", data(members)), ("found", found)]))])
        }
        AnswerShape::PickList => {
            let text = json!({"type": "string"});
            let choice = object(&[("label", text.clone()), ("key", text)]);
            object(&[("result", json!({"type": "array", "items": choice}))])
        }
        AnswerShape::ConnectionReport => object(&[("data", report())]),
    };
    schema["$schema"] = DIALECT.into();
    schema["title"] = format!("{}, the answer", function.name).into();
    schema
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
    let mut schema = if field.required { shape } else { json!({"anyOf": [shape, {"$ref": left_out}]}) };
    let summary = field.summary.lines().map(str::trim).collect::<Vec<_>>().join(" ");
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

/// An object with these members, all of them required.
fn object(members: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn data(members: &[Member]) -> Value {
    let mut properties = Map::new();
    properties.insert("$metadata".into(), metadata());
    let mut required = vec!["$metadata"];
    for member in members {
        properties.insert(member.name.into(), member_schema(member.kind));
        if member.is_required {
            required.push(member.name);
        }
    }
    json!({
        "type": "object",
        "description": "DynamoDB's own members. It may answer with more of them.",
        "properties": properties,
        "required": required,
    })
}

fn metadata() -> Value {
    let count = json!({"type": "integer", "minimum": 0});
    object(&[
        ("httpStatusCode", count.clone()),
        ("requestId", json!({"type": "string"})),
        ("attempts", json!({"type": "integer", "minimum": 1})),
        ("totalRetryDelay", json!({"type": "integer", "minimum": 0, "description": "Milliseconds."})),
    ])
}

fn member_schema(kind: MemberKind) -> Value {
    match kind {
        MemberKind::Item => json!({"type": "object", "description": "An item, as `outputFormat` has it."}),
        MemberKind::Items => {
            json!({"type": "array", "items": {"type": "object"}, "description": "Items, as `outputFormat` has them."})
        }
        MemberKind::Key => json!({"type": "object", "description": "A key in DynamoDB's JSON."}),
        MemberKind::ItemsOrNull => json!({
            "type": "array",
            "items": {"type": ["object", "null"]},
            "description": "An item for each read, as `outputFormat` has it. `null` where there is none.",
        }),
        MemberKind::Elements => json!({"type": "array"}),
        MemberKind::Any => json!({}),
        MemberKind::ItemCollectionMetrics | MemberKind::Description => json!({"type": "object"}),
        MemberKind::StatementResponses => {
            let text = json!({"type": "string"});
            let mut error = object(&[("Code", text.clone()), ("Message", text.clone())]);
            error["required"] = json!(["Code"]);
            error["properties"]["Item"] = json!({"type": "object"});
            json!({
                "type": "array",
                "items": {"type": "object", "properties": {"Item": {"type": "object"}, "Error": error, "TableName": text}},
                "description": "A response for each statement. Items are as `outputFormat` has them.",
            })
        }
        MemberKind::ConsumedCapacity => consumed_capacity(),
        MemberKind::ConsumedCapacities => json!({"type": "array", "items": consumed_capacity()}),
        MemberKind::Table => json!({
            "type": "object",
            "properties": {
                "TableName": {"type": "string"},
                "TableStatus": {"type": "string"},
                "CreationDateTime": {"type": "string", "format": "date-time"},
            },
            "required": ["TableName", "TableStatus"],
        }),
        MemberKind::Tags => {
            let text = json!({"type": "string"});
            json!({"type": "array", "items": object(&[("Key", text.clone()), ("Value", text)])})
        }
        MemberKind::Count => json!({"type": "integer", "minimum": 0}),
        MemberKind::Text => json!({"type": "string"}),
        MemberKind::Texts => json!({"type": "array", "items": {"type": "string"}}),
    }
}

fn consumed_capacity() -> Value {
    json!({
        "type": "object",
        "properties": {"TableName": {"type": "string"}, "CapacityUnits": {"type": "number"}},
    })
}

/// What `testConnection` reports.
fn report() -> Value {
    let text = json!({"type": "string"});
    let error = object(&[("errorType", text.clone()), ("errorMessage", text.clone())]);
    let tried = json!({
        "type": "object",
        "properties": {"action": text, "ok": {"type": "boolean"}, "errorType": text, "errorMessage": text},
        "required": ["action", "ok"],
    });
    json!({
        "type": "object",
        "properties": {
            "ok": {"type": "boolean", "description": "Whether AWS knows the identity."},
            "connection": {"enum": ["own", "accessKey", "role", "secret"]},
            "region": text,
            "identity": {"type": "object", "properties": {"account": text, "arn": text, "userId": text}},
            "error": error,
            "credentialsExpire": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
            "actions": {"type": "array", "items": tried},
        },
        "required": ["ok", "connection", "region", "actions"],
    })
}
