//! `describeTable`: returns everything that DynamoDB tells about a table.
//!
//! API: [`DescribeTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html). With
//! `include`, also
//! [`DescribeTimeToLive`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html),
//! [`DescribeContinuousBackups`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html)
//! and [`ListTagsOfResource`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html).

use std::sync::Arc;

use serde::Deserialize;

use super::{
    Context, Event,
    definition::{AnswerShape, Definition, EventType, Member, MemberKind},
    descriptions::{self, joined},
};
use crate::{answer::Answer, dynamodb::Operation, error::Error, input::List, inputs, value::Format, words};

/// The catalog's entry for `describeTable`.
pub const DEFINITION: Definition = Definition {
    name: "describe-table",
    action: "describeTable",
    label: "Describe Table",
    summary: "Returns everything that DynamoDB tells about a table",
    operations: &[
        Operation::DescribeContinuousBackups,
        Operation::DescribeTable,
        Operation::DescribeTimeToLive,
        Operation::ListTagsOfResource,
    ],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::Data(&[
        Member::required("Table", MemberKind::Table),
        Member::optional("TimeToLiveDescription", MemberKind::Description),
        Member::optional("ContinuousBackupsDescription", MemberKind::Description),
        Member::optional("Tags", MemberKind::Tags),
    ]),
};

inputs! {
    /// The inputs of `describeTable`.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers", source: "selectTable" },
        /// What the answer also describes. Each is one more call: its own permission, its own member of the answer.
        include: Option<List<Include>> = ["include"] { example: ["timeToLive", "tags"] },
    }
}

words! {
    /// What can be described besides the table.
    pub enum Include {
        /// `DescribeTimeToLive`.
        TimeToLive = "timeToLive",
        /// `DescribeContinuousBackups`.
        PointInTimeRecovery = "pointInTimeRecovery",
        /// `ListTagsOfResource`.
        Tags = "tags",
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused a request with.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let calls = &context.calls;
    let table = input.table_name.as_str();
    let included = input.include.map(|List(included)| included).unwrap_or_default();
    let mut reply = calls.describe_table(table).await?;
    if included.contains(&Include::TimeToLive) {
        reply = joined(reply, &descriptions::time_to_live(calls, table).await?)?;
    }
    if included.contains(&Include::PointInTimeRecovery) {
        reply = joined(reply, &descriptions::continuous_backups(calls, table).await?)?;
    }
    if included.contains(&Include::Tags) {
        let arn = arn(&reply.body)?;
        reply = joined(reply, &descriptions::tags(calls, &arn).await?)?;
    }
    Answer::data(&reply, Format::Typed)
}

/// The ARN in a table's description.
fn arn(body: &[u8]) -> Result<String, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Body {
        table: Table,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Table {
        table_arn: String,
    }

    let body: Body = serde_json::from_slice(body).map_err(Error::broken_answer)?;
    Ok(body.table.table_arn)
}
