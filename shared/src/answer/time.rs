//! Converts times from DynamoDB's epoch seconds to the component's ISO 8601 with milliseconds.

use aws_smithy_types::DateTime;

use crate::{json::Json, time};

/// Replaces the times in a table's description: numbers whose names end in `DateTime`, at any depth.
pub(super) fn rewrite(json: &mut Json) {
    match json {
        Json::Array(elements) => elements.iter_mut().for_each(rewrite),
        Json::Object(members) => {
            for (name, value) in members {
                match value {
                    Json::Number(seconds) if name.ends_with("DateTime") => {
                        if let Some(time) = iso_8601(seconds) {
                            *value = Json::String(time);
                        }
                    }
                    other => rewrite(other),
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// `1.363729002358E9` → `2013-03-19T21:36:42.358Z`.
pub(super) fn iso_8601(seconds: &str) -> Option<String> {
    let exact = DateTime::from_secs_f64(seconds.parse().ok()?);
    // DynamoDB gives milliseconds. A float of this size is exact to a microsecond.
    #[expect(clippy::cast_possible_truncation, reason = "far inside the range of i64")]
    let milliseconds = (exact.as_secs_f64() * 1_000.0).round() as i64;
    time::iso_8601(milliseconds)
}
