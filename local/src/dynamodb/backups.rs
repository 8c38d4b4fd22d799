//! `DescribeContinuousBackups` and `UpdateContinuousBackups`, for engines that do not have them.
//!
//! It remembers the setting of each table, and makes no backups: no local engine restores a table. The settings are kept
//! in memory, also for a database in a file. A table that was deleted and made anew has the settings of a new one.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html>

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::wire::Answer;
use crate::clock::since_epoch;

/// The days that DynamoDB keeps, unless a request says otherwise.
const DEFAULT_DAYS: i64 = 35;

/// The last point in time that a table can be restored to is this long ago.
const DELAY: Duration = Duration::from_mins(5);

/// The settings of all tables.
#[derive(Debug, Default)]
pub struct Backups {
    enabled: Mutex<HashMap<String, Setting>>,
}

/// The setting of a table whose point-in-time recovery is on.
#[derive(Debug, Clone, Copy)]
struct Setting {
    days: i64,
    /// When it was switched on, since 1970.
    since: Duration,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update {
    point_in_time_recovery_specification: Specification,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    point_in_time_recovery_enabled: bool,
    recovery_period_in_days: Option<i64>,
}

impl Backups {
    /// Whether this operation is answered here.
    #[must_use]
    pub fn has(operation: &str) -> bool {
        matches!(operation, "DescribeContinuousBackups" | "UpdateContinuousBackups")
    }

    /// Answers a request for one of the two operations. `described` is the body of the engine's answer to a
    /// `DescribeTable` for the request's table.
    #[must_use]
    pub fn answer(&self, operation: &str, request: &[u8], described: &[u8]) -> Answer {
        let described: Value = serde_json::from_slice(described).unwrap_or_default();
        let table = &described["Table"];
        let Some(name) = table["TableName"].as_str() else {
            return Answer::error(StatusCode::BAD_REQUEST, "TableNotFoundException", "Table not found");
        };
        // A table made anew has another creation time.
        let id = format!("{name} {}", table["CreationDateTime"]);
        let mut enabled = self.enabled.lock().unwrap_or_else(PoisonError::into_inner);
        if operation == "UpdateContinuousBackups" {
            let update = match serde_json::from_slice::<Update>(request) {
                Ok(update) => update.point_in_time_recovery_specification,
                Err(error) => return invalid(&error.to_string()),
            };
            match (update.point_in_time_recovery_enabled, update.recovery_period_in_days) {
                (true, Some(days)) if !(1..=35).contains(&days) => {
                    return invalid("RecoveryPeriodInDays must be from 1 to 35");
                }
                (true, days) => {
                    let since = enabled.get(&id).map_or_else(since_epoch, |setting| setting.since);
                    enabled.insert(id.clone(), Setting { days: days.unwrap_or(DEFAULT_DAYS), since });
                }
                (false, Some(_)) => {
                    return invalid("RecoveryPeriodInDays is only for PointInTimeRecoveryEnabled true");
                }
                (false, None) => drop(enabled.remove(&id)),
            }
        }
        let recovery = enabled.get(&id).map_or_else(
            || json!({"PointInTimeRecoveryStatus": "DISABLED"}),
            |setting| {
                json!({
                    "PointInTimeRecoveryStatus": "ENABLED",
                    "RecoveryPeriodInDays": setting.days,
                    "EarliestRestorableDateTime": setting.since.as_secs(),
                    "LatestRestorableDateTime": since_epoch().saturating_sub(DELAY).max(setting.since).as_secs(),
                })
            },
        );
        let body = json!({
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": recovery,
            },
        });
        Answer::success(body.to_string())
    }
}

fn invalid(message: &str) -> Answer {
    Answer::error(StatusCode::BAD_REQUEST, "ValidationException", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(backups: &Backups, operation: &str, request: &Value, created: u32) -> (u16, Value) {
        let described = json!({"Table": {"TableName": "Tab", "CreationDateTime": created}}).to_string();
        let answer = backups.answer(operation, request.to_string().as_bytes(), described.as_bytes());
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
    }

    fn specification(enabled: bool, days: Option<i64>) -> Value {
        let specification = json!({"PointInTimeRecoveryEnabled": enabled, "RecoveryPeriodInDays": days});
        json!({"TableName": "Tab", "PointInTimeRecoverySpecification": specification})
    }

    #[test]
    fn remembers_what_a_table_was_set_to() {
        let backups = Backups::default();
        let describe = |created| {
            let (status, body) = ask(&backups, "DescribeContinuousBackups", &json!({"TableName": "Tab"}), created);
            assert_eq!(status, 200);
            let recovery = &body["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
            (recovery["PointInTimeRecoveryStatus"] == "ENABLED", recovery["RecoveryPeriodInDays"].as_i64())
        };
        assert_eq!(describe(1), (false, None));
        ask(&backups, "UpdateContinuousBackups", &specification(true, None), 1);
        assert_eq!(describe(1), (true, Some(35)));
        ask(&backups, "UpdateContinuousBackups", &specification(true, Some(7)), 1);
        assert_eq!(describe(1), (true, Some(7)));
        assert_eq!(describe(2), (false, None), "the table was made anew");
        ask(&backups, "UpdateContinuousBackups", &specification(false, None), 1);
        assert_eq!(describe(1), (false, None));
    }

    #[test]
    fn refuses_what_dynamodb_refuses() {
        let backups = Backups::default();
        for request in [specification(true, Some(36)), specification(false, Some(3)), json!({"TableName": "Tab"})] {
            let (status, body) = ask(&backups, "UpdateContinuousBackups", &request, 1);
            assert_eq!(status, 400, "{request}");
            assert!(body["__type"].as_str().unwrap().ends_with("#ValidationException"), "{body}");
        }
        let answer = backups.answer("DescribeContinuousBackups", b"{}", b"{}");
        assert!(String::from_utf8_lossy(answer.body()).contains("TableNotFoundException"));
    }
}
