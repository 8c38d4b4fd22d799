//! `testConnection`: reports a connection's identity and its permissions. A refused identity is an answer, so that a
//! form can show it.
//!
//! API: STS [`GetCallerIdentity`](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html),
//! which needs no permission. DynamoDB `ListTables` and, if the event names a table, `DescribeTable`.

use std::sync::Arc;

use aws_smithy_types::{DateTime, date_time::Format as DateFormat};
use serde::Serialize;

use super::{
    Context, Event,
    definition::{AnswerShape, Definition, EventType},
    list_tables,
};
use crate::{
    answer::Answer,
    dynamodb::Operation,
    error::{CallSite, Error},
    inputs,
};

/// The catalog's entry for `testConnection`.
pub const DEFINITION: Definition = Definition {
    name: "test-connection",
    action: "testConnection",
    label: "Test Connection",
    summary: "Tells who a connection is and what it may do",
    operations: &[Operation::DescribeTable, Operation::ListTables],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::ConnectionReport,
};

inputs! {
    /// The inputs of `testConnection`.
    pub struct Input {
        /// A table to describe.
        table_name: Option<String> = ["tableName"] { example: "Customers", source: "selectTable" },
    }
}

#[derive(Serialize)]
struct Output {
    data: Report,
}

/// The report on a connection.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// Whether AWS knows the identity. `actions` says what it may do.
    ok: bool,
    connection: &'static str,
    region: String,
    /// The identity. If it could not be found, `error` says why.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    /// The time at which the credentials expire. Null if they do not expire.
    credentials_expire: Option<String>,
    actions: Vec<Tried>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    account: Option<String>,
    arn: Option<String>,
    user_id: Option<String>,
}

/// An error in the shape of a failed invocation's answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    error_type: String,
    error_message: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error_type: error.error_type().to_owned(), error_message: error.to_string() }
    }
}

/// The result of one `DynamoDB` action.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tried {
    action: &'static str,
    ok: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
}

impl Tried {
    fn new<T>(action: &'static str, result: Result<T, Error>) -> Self {
        Self { action, ok: result.is_ok(), failure: result.err().map(Failure::from) }
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`] or [`Error::InvalidConnection`]. Refusals by AWS are part of the answer.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let calls = &context.calls;
    let mut report = Report {
        ok: false,
        connection: context.connection(),
        region: calls.region().to_owned(),
        identity: None,
        error: None,
        credentials_expire: None,
        actions: Vec::new(),
    };
    match identity(&context).await {
        Ok((identity, expire)) => {
            report.ok = true;
            report.identity = Some(identity);
            report.credentials_expire = expire;
            report.actions.push(Tried::new("ListTables", list_tables::page(calls, Some(1), None).await));
            if let Some(table) = &input.table_name {
                report.actions.push(Tried::new("DescribeTable", calls.describe_table(table).await));
            }
        }
        Err(error) => report.error = Some(error.into()),
    }
    Answer::from_serialize(&Output { data: report })
}

async fn identity(context: &Context) -> Result<(Identity, Option<String>), Error> {
    let client = context.calls.client();
    let region = context.calls.region().to_owned();
    let site = CallSite { service: "STS", operation: "GetCallerIdentity", table: None, region };
    context
        .calls
        .read_elsewhere(site.clone(), async {
            let credentials = client.credentials().await?;
            let answer = client.sts().get_caller_identity().send().await;
            let answer = answer.map_err(|error| Error::from_sdk(&error, site))?;
            let expire = credentials.expiry().and_then(|time| DateTime::from(time).fmt(DateFormat::DateTime).ok());
            Ok((Identity { account: answer.account, arn: answer.arn, user_id: answer.user_id }, expire))
        })
        .await
}
