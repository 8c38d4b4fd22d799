//! Operations that AWS's DynamoDB Local does not have. The proxy answers them in its place: tags, and continuous backups
//! as the embedded database has them. The embedded engine has its own tags.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
};

use local::dynamodb::Backups;
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

    /// The status and the body of an answer. `described` is the engine's description of the request's table.
    pub(crate) fn answer(&self, operation: &str, request: &[u8], described: &[u8]) -> (u16, String) {
        if Backups::has(operation) {
            let answer = self.backups.answer(operation, request, described);
            return (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap());
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
                (200, "{}".to_owned())
            }
            "UntagResource" => {
                tags.retain(|key, _| !request["TagKeys"].as_array().unwrap().contains(&json!(key)));
                (200, "{}".to_owned())
            }
            _ => {
                let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
                (200, json!({"Tags": tags}).to_string())
            }
        }
    }
}
