//! Sends rows to `batch-write-items` until each is written or rejected.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    BulkError,
    batch::{Request, Row, handed_back},
    call::{call, data},
    rejected::Rejected,
};
use crate::{FunctionError, Lambda};

const FUNCTION: &str = "batch-write-items";

/// The most invocations in a row that may write nothing.
const MOST_STALLS: u32 = 5;

/// Errors of a whole event that one of its rows may have caused. The rows are then sent in halves, down to that row.
const OF_A_ROW: [&str; 2] = ["InvalidInput", "ValidationException"];

/// Errors after which the same event is sent again. A put that is made twice is the same as one that is made once.
const SENT_AGAIN: [&str; 9] = [
    "ConnectionFailed",
    "InternalServerError",
    "LimitExceededException",
    "OutcomeUnknown",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    "Timeout",
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    written: u64,
    superseded: u64,
    rejected: Vec<Refused>,
    #[serde(borrow)]
    unprocessed: Unprocessed<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    index: usize,
    error_message: String,
}

#[derive(Debug, Deserialize)]
struct Unprocessed<'a> {
    #[serde(borrow)]
    put: Vec<&'a RawValue>,
}

/// Counts what became of the rows.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) written: u64,
    pub(super) superseded: u64,
}

/// Sends rows, one event after the other, so that the last row with a key wins.
pub(super) async fn send(
    lambda: &Lambda,
    request: &Request<'_>,
    rows: Vec<Row>,
    counts: &mut Counts,
    rejected: &mut Rejected,
) -> Result<(), BulkError> {
    // The rows at the end of this list are sent first.
    let mut waiting = vec![rows];
    let mut stalls = 0;
    while let Some(mut rows) = waiting.pop() {
        let Some(first) = rows.first().map(|row| row.number) else { continue };
        let payload = match call(lambda, FUNCTION, request.event(&rows)).await? {
            Ok(payload) => payload,
            Err(error) if OF_A_ROW.contains(&error.error_type.as_str()) => {
                if let [row] = &rows[..] {
                    rejected.add(row.number, row.line, &of_row(&error.error_message, 0), Some(&row.text))?;
                } else {
                    let second = rows.split_off(rows.len() / 2);
                    waiting.extend([second, rows]);
                }
                continue;
            }
            Err(error) if SENT_AGAIN.contains(&error.error_type.as_str()) && stalls < MOST_STALLS => {
                stalls += 1;
                waiting.push(rows);
                continue;
            }
            Err(error) => return Err(ended(error, first)),
        };
        let answer: Answer<'_> = data(FUNCTION, &payload)?;
        counts.written += answer.written;
        counts.superseded += answer.superseded;
        for Refused { index, error_message } in &answer.rejected {
            let Some(row) = rows.get(*index) else { return Err(broken(first)) };
            rejected.add(row.number, row.line, &of_row(error_message, *index), Some(&row.text))?;
        }
        let items: Vec<&str> = answer.unprocessed.put.iter().map(|item| item.get()).collect();
        if items.is_empty() {
            stalls = 0;
            continue;
        }
        stalls = if answer.written == 0 { stalls + 1 } else { 0 };
        let Some(left) = handed_back(rows, &items) else { return Err(broken(first)) };
        let first = left.first().map_or(first, |row| row.number);
        if stalls > MOST_STALLS {
            let error_message = format!("DynamoDB took none of {} rows in {stalls} invocations", left.len());
            return Err(ended(FunctionError { error_type: "Unprocessed".into(), error_message }, first));
        }
        waiting.push(left);
    }
    Ok(())
}

/// The reason of a row, without the row's place in its event.
fn of_row(message: &str, index: usize) -> String {
    let place = format!("`put[{index}]");
    message.replace(&format!("{place}."), "`").replace(&format!("{place}`"), "the item")
}

fn ended(error: FunctionError, row: u64) -> BulkError {
    let remark = format!(
        "; all rows before row {row} are written or rejected; load the file again when the reason is gone: a row that is \
         written twice is the same"
    );
    BulkError::Function { function: FUNCTION, error, remark }
}

fn broken(row: u64) -> BulkError {
    let error_message = "its answer names an item that was not sent".to_owned();
    ended(FunctionError { error_type: "Internal".into(), error_message }, row)
}
