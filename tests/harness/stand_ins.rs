//! Operations that AWS's DynamoDB Local does not have. The proxy answers them in its place: tags, and continuous backups
//! as the embedded database has them. The embedded engine has its own tags.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
};

use local::dynamodb::{Backups, wire::Answer};
use serde_json::{Value, json};

/// The settings of all tables.
#[derive(Debug, Default)]
pub(crate) struct StandIns {
    backups: Backups,
    /// Tags by ARN.
    tags: Mutex<HashMap<String, BTreeMap<String, String>>>,
}

impl StandIns {
    /// Whether this operation is answered here.
    pub(crate) fn has(operation: &str) -> bool {
        Backups::has(operation) || matches!(operation, "TagResource" | "UntagResource" | "ListTagsOfResource")
    }

    /// Answers a request. `described` is the engine's description of the request's table.
    pub(crate) fn answer(&self, operation: &str, request: &[u8], described: &[u8]) -> Answer {
        if Backups::has(operation) {
            return self.backups.answer(operation, request, described);
        }
        let request: Value = serde_json::from_slice(request).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut tables = self.tags.lock().unwrap();
        let tags = tables.entry(text(&request["ResourceArn"])).or_default();
        match operation {
            "TagResource" => {
                tags.extend(
                    request["Tags"].as_array().unwrap().iter().map(|tag| (text(&tag["Key"]), text(&tag["Value"]))),
                );
                Answer::success("{}")
            }
            "UntagResource" => {
                tags.retain(|key, _| !request["TagKeys"].as_array().unwrap().contains(&json!(key)));
                Answer::success("{}")
            }
            _ => {
                let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
                Answer::success(json!({"Tags": tags}).to_string())
            }
        }
    }
}
