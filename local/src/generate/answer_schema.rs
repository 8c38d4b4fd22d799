//! A function's answer as a JSON Schema (2020-12). DynamoDB may add members to an answer.

use serde_json::{Map, Value, json};
use shared::catalog::{AnswerShape, Definition, Member, MemberKind};

use super::json_schema::DIALECT;

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
        AnswerShape::Records => records(),
    };
    schema["$schema"] = DIALECT.into();
    schema["title"] = format!("{}, the answer", function.name).into();
    schema
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
        // A batch whose elements were all rejected makes no call.
        ("attempts", json!({"type": "integer", "minimum": 0})),
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

/// What `plainRecords` answers with.
fn records() -> Value {
    let text = json!({"type": "string"});
    let image = |description: &str| json!({"type": "object", "description": description});
    let record = json!({
        "type": "object",
        "properties": {
            "eventName": {"enum": ["INSERT", "MODIFY", "REMOVE"]},
            "table": {"type": "string", "description": "The name of the table."},
            "keys": image("The item's key, in plain JSON."),
            "newImage": image("The item after the change, in plain JSON."),
            "oldImage": image("The item before the change, in plain JSON."),
            "sequenceNumber": text,
            "createdAt": {"type": "string", "format": "date-time", "description": "When the item was changed."},
            "eventID": text,
        },
        "required": ["eventName", "table", "keys", "sequenceNumber", "eventID"],
        "additionalProperties": false,
    });
    json!({"type": "array", "items": record, "description": "A plain record for each record, in their order."})
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
