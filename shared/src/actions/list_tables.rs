//! `listTables`: lists the names of the account's tables in the region, one page or all.
//!
//! API: [`ListTables`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Context, Event,
    definition::{AnswerShape, Definition, EventType, Member, MemberKind},
};
use crate::{
    answer::Answer,
    dynamodb::{Calls, Operation, Reply},
    error::Error,
    input::Count,
    inputs,
    value::Format,
};

/// The catalog's entry for `listTables`.
pub const DEFINITION: Definition = Definition {
    name: "list-tables",
    action: "listTables",
    label: "List Tables",
    summary: "Lists the names of the tables",
    operations: &[Operation::ListTables],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::Found(&[
        Member::required("TableNames", MemberKind::Texts),
        Member::optional("LastEvaluatedTableName", MemberKind::Text),
    ]),
};

inputs! {
    /// The inputs of `listTables`.
    pub struct Input {
        /// Whether to fetch all pages.
        fetch_all: Option<bool> = ["fetchAll"] { default: false },
        /// The most names on a page.
        limit: Option<Count<100>> = ["limit"] { default: 100 },
        /// The `LastEvaluatedTableName` of the previous page.
        exclusive_start_table_name: Option<String> = ["exclusiveStartTableName"] { source: "selectTable" },
    }
}

/// The members of a response that the code needs.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Names {
    #[serde(default)]
    pub(crate) table_names: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_evaluated_table_name: Option<String>,
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let limit = input.limit.map(Count::to_limit);
    let (reply, names) = if input.fetch_all.unwrap_or(false) {
        all(&context.calls, limit, input.exclusive_start_table_name).await?
    } else {
        page(&context.calls, limit, input.exclusive_start_table_name).await?
    };
    Answer::result(&reply, Format::Typed, |_| !names.table_names.is_empty())
}

/// Fetches all pages. Returns the last reply with the attempts and waits of all calls, and all names.
pub(crate) async fn all(calls: &Calls, limit: Option<i32>, start: Option<String>) -> Result<(Reply, Names), Error> {
    let (mut reply, mut names) = page(calls, limit, start).await?;
    if names.last_evaluated_table_name.is_none() {
        return Ok((reply, names));
    }
    while let Some(start) = names.last_evaluated_table_name.take() {
        let (next, more) = page(calls, limit, Some(start)).await?;
        reply = next.after(&reply);
        names.table_names.extend(more.table_names);
        names.last_evaluated_table_name = more.last_evaluated_table_name;
    }
    reply.body = serde_json::to_vec(&names).map_err(Error::broken_answer)?;
    Ok((reply, names))
}

pub(super) async fn page(calls: &Calls, limit: Option<i32>, start: Option<String>) -> Result<(Reply, Names), Error> {
    let request = calls.dynamodb().list_tables().set_limit(limit).set_exclusive_start_table_name(start);
    let reply = calls.send(request).await?;
    let names = serde_json::from_slice(&reply.body).map_err(Error::broken_answer)?;
    Ok((reply, names))
}
