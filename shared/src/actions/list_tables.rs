//! `listTables`: the names of the account's tables in the region, a page of them or all.
//!
//! API: [`ListTables`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    answer::{Answer, Reply, broken},
    call::Call,
    error::Error,
    input::Count,
    inputs,
    value::Format,
};

inputs! {
    /// What `listTables` takes.
    pub struct Input {
        /// Whether to follow the pages to the end; left out: the first one only.
        fetch_all: Option<bool> = ["fetchAll"],
        /// Names on a page, 100 at most.
        limit: Option<Count<100>> = ["limit"],
        /// The `LastEvaluatedTableName` of the page before.
        exclusive_start_table_name: Option<String> = ["exclusiveStartTableName"],
    }
}

/// What the code needs of a response, and what it makes of several.
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
/// What is wrong with the input; what DynamoDB refused.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let limit = input.limit.map(Count::to_limit);
    let (reply, names) = if input.fetch_all.unwrap_or(false) {
        all(&call, limit, input.exclusive_start_table_name).await?
    } else {
        page(&call, limit, input.exclusive_start_table_name).await?
    };
    Answer::result(&reply, Format::Typed, |_| !names.table_names.is_empty())
}

/// Every page as one: the last reply, with all names, and the attempts and waits of all calls.
pub(crate) async fn all(call: &Call, limit: Option<i32>, start: Option<String>) -> Result<(Reply, Names), Error> {
    let (mut reply, mut names) = page(call, limit, start).await?;
    if names.last_evaluated_table_name.is_none() {
        return Ok((reply, names));
    }
    while let Some(start) = names.last_evaluated_table_name.take() {
        let (next, more) = page(call, limit, Some(start)).await?;
        reply = next.after(&reply);
        names.table_names.extend(more.table_names);
        names.last_evaluated_table_name = more.last_evaluated_table_name;
    }
    reply.body = serde_json::to_vec(&names).map_err(broken)?;
    Ok((reply, names))
}

pub(super) async fn page(call: &Call, limit: Option<i32>, start: Option<String>) -> Result<(Reply, Names), Error> {
    let request = call.dynamodb().list_tables().set_limit(limit).set_exclusive_start_table_name(start);
    let reply = call.send("ListTables", None, |tap| request.customize().config_override(tap).send()).await?;
    let names = serde_json::from_slice(&reply.body).map_err(broken)?;
    Ok((reply, names))
}
