//! `schemas/openapi.json`: the functions behind HTTP, as `OpenAPI` 3.1.
//!
//! A function reads a request's body and nothing of its path. So one description holds for an HTTP API with a route
//! `POST /NAME` for each function, and for the functions' own URLs.

use serde_json::{Map, Value, json};
use shared::{
    catalog::{Definition, FUNCTIONS},
    internals::envelope::status::{DOCUMENTED, Documented},
};

use super::{
    answer_schema::answer_schema,
    json_schema::{DIALECT, event_schema},
    manifest::sample,
};

/// The description, with the sample events of the repository at `root`.
pub(super) fn openapi(root: &std::path::Path) -> Result<Value, super::Error> {
    let mut schemas = Map::new();
    let mut paths = Map::new();
    schemas.insert("error".into(), error_schema());
    for function in FUNCTIONS {
        for (kind, schema) in [("Event", event_schema(function)), ("Answer", answer_schema(function))] {
            put(&mut schemas, &format!("{}{kind}", function.action), schema);
        }
        let operation = operation(function, &sample(function, root)?);
        paths.insert(format!("/{}", function.name), json!({"post": operation}));
    }
    let responses: Map<String, Value> =
        DOCUMENTED.iter().map(|known| (format!("status{}", known.status), response(known))).collect();
    Ok(json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "DynamoDB functions",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One operation for each function: its inputs are the body, its answer is the response. docs/inputs.md says what they mean, docs/callers.md what a caller must send.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [
            {
                "url": "https://{api}.execute-api.{region}.amazonaws.com",
                "description": "An HTTP API with a route for each function.",
                "variables": {"api": {"default": "api"}, "region": {"default": "us-east-1"}},
            },
            {
                "url": "https://{function}.lambda-url.{region}.on.aws",
                "description": "A function's URL. Each function has its own, and takes any path.",
                "variables": {"function": {"default": "function"}, "region": {"default": "us-east-1"}},
            },
        ],
        "security": [{"signature": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "securitySchemes": {
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "AWS's signature, version 4, for `lambda` or `execute-api`. An authorizer of your own may take its place.",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                },
            },
        },
    }))
}

/// Puts a schema among the components. What it defines for itself becomes a component too.
fn put(schemas: &mut Map<String, Value>, name: &str, mut schema: Value) {
    if let Value::Object(members) = &mut schema {
        members.remove("$schema");
        for (name, mut inner) in members.remove("$defs").and_then(|defs| defs.as_object().cloned()).unwrap_or_default()
        {
            point_to_components(&mut inner);
            let other = schemas.insert(name.clone(), inner.clone());
            assert!(other.is_none_or(|other| other == inner), "two shapes have the name {name}");
        }
    }
    point_to_components(&mut schema);
    schemas.insert(name.to_owned(), schema);
}

/// Makes references inside a schema references inside the description.
fn point_to_components(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(reference) if name == "$ref" => {
                        *reference = reference.replace("#/$defs/", "#/components/schemas/");
                    }
                    other => point_to_components(other),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(point_to_components),
        _ => {}
    }
}

fn operation(function: &Definition, sample: &Value) -> Value {
    let content = |kind: &str| json!({"$ref": format!("#/components/schemas/{}{kind}", function.action)});
    let mut responses = Map::new();
    responses.insert(
        "200".into(),
        json!({
            "description": "The answer.",
            "headers": headers(false),
            "content": {"application/json": {"schema": content("Answer")}},
        }),
    );
    for known in DOCUMENTED.iter().filter(|known| function.has_connection() || !known.of_calls) {
        let reference = format!("#/components/responses/status{}", known.status);
        responses.insert(known.status.to_string(), json!({"$ref": reference}));
    }
    json!({
        "operationId": function.action,
        "summary": function.label,
        "description": format!("{}.", function.summary),
        "tags": [if function.is_write() { "write" } else { "read" }],
        "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": content("Event"), "example": sample}},
        },
        "responses": responses,
    })
}

fn response(known: &Documented) -> Value {
    json!({
        "description": format!("{} `errorType`: {}.", known.meaning, known.error_types.join(", ")),
        "headers": headers(known.status == 405),
        "content": {"application/json": {"schema": {
            "allOf": [{"$ref": "#/components/schemas/error"}],
            "properties": {"errorType": {"examples": known.error_types}},
        }}},
    })
}

fn headers(allow: bool) -> Value {
    let one_of = |word: &str| json!({"required": true, "schema": {"const": word}});
    let mut headers = json!({"cache-control": one_of("no-store"), "x-content-type-options": one_of("nosniff")});
    if allow {
        headers["allow"] = json!({"required": true, "schema": {"type": "string"}});
    }
    headers
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "description": "Why there is no answer: see docs/errors.md.",
        "properties": {
            "errorType": {"type": "string", "description": "The word to act on. It never changes once released."},
            "errorMessage": {"type": "string", "description": "One line for a person."},
        },
        "required": ["errorType", "errorMessage"],
        "additionalProperties": false,
    })
}
