//! `updateTable`: makes a table what the inputs ask for, and sends only what differs.
//!
//! API: [`DescribeTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) tells
//! what is, then
//! [`UpdateTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html) makes one change
//! after the other. The inputs for time to live, backups and tags have operations of their own:
//! [`UpdateTimeToLive`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html),
//! [`UpdateContinuousBackups`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html),
//! [`TagResource`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html) and
//! [`UntagResource`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html).
//!
//! - `described`, `description`: what is
//! - `plan`: the changes from what is to what should be
//! - `progress`: makes the changes, each once the table takes it
//! - `request`: a change as a request

mod described;
mod description;
mod plan;
mod progress;
mod request;

use std::sync::Arc;

use serde_json::json;

use self::{described::Described, description::Table, progress::Update};
use super::{
    Context, Event,
    definition::{AnswerShape, Definition, EventType, Member, MemberKind},
    descriptions::joined,
    table_settings::{
        AttributeDefinition, BillingMode, DescribedGlobalIndex, GlobalIndex, OnDemand, Sse, Stream, TableClass, Tags,
        ThroughputInput, Units, Warm,
    },
};
use crate::{
    answer::Answer,
    dynamodb::{Operation, Reply},
    error::Error,
    input::{FromJson, List, Shape, Verbatim, Whole},
    inputs,
    json::Json,
    path::Path,
    value::Format,
};

/// The catalog's entry for `updateTable`.
pub const DEFINITION: Definition = Definition {
    name: "update-table",
    action: "updateTable",
    label: "Update Table",
    summary: "Makes a table what it should be, and sends only what differs",
    operations: &[
        Operation::DescribeContinuousBackups,
        Operation::DescribeTable,
        Operation::DescribeTimeToLive,
        Operation::ListTagsOfResource,
        Operation::TagResource,
        Operation::UntagResource,
        Operation::UpdateContinuousBackups,
        Operation::UpdateTable,
        Operation::UpdateTimeToLive,
    ],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::Data(&[
        Member::required("TableDescription", MemberKind::Table),
        Member::required("Changed", MemberKind::Texts),
    ]),
};

/// The number of days that a table can be restored to.
type Days = Whole<1, 35>;

inputs! {
    /// The inputs of `updateTable`. Structures use AWS's member names. What is left out stays as it is.
    pub struct Input {
        /// The table's name or ARN.
        table_name: String = ["tableName"] { example: "Customers", source: "selectTable" },
        /// How AWS bills the table's capacity.
        billing_mode: Option<BillingMode> = ["billingMode"] { example: "PAY_PER_REQUEST" },
        /// The provisioned read capacity units, at least 1. Required if the billing mode becomes `PROVISIONED`. With
        /// `PAY_PER_REQUEST` they are not sent, and 0 is accepted.
        read_capacity_units: Option<Units> = ["readCapacityUnits"],
        /// The provisioned write capacity units, as the read capacity units.
        write_capacity_units: Option<Units> = ["writeCapacityUnits"],
        /// The maximum on-demand throughput, with `PAY_PER_REQUEST`. -1 removes a maximum.
        on_demand_throughput: Option<OnDemand> = ["onDemandThroughput"] { example: {"MaxReadRequestUnits": 100} },
        /// The reads and writes that the table can serve immediately, in units for each second. It only grows.
        warm_throughput: Option<Warm> = ["warmThroughput"] { example: {"ReadUnitsPerSecond": 15_000} },
        /// The global secondary indexes that the table should have. Others stay.
        create_indexes: Option<Vec<GlobalIndex>> = ["createIndexes"] {
            example: [{
                "IndexName": "byEmail",
                "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }]
        },
        /// New throughputs for global secondary indexes of the table.
        update_indexes: Option<Vec<IndexUpdate>> = ["updateIndexes"] {
            example: [{
                "IndexName": "byEmail",
                "ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5},
            }]
        },
        /// The names of the global secondary indexes that the table should not have.
        delete_indexes: Option<List<String>> = ["deleteIndexes"] { example: ["byPhone"] },
        /// The name and type of every attribute that is part of a new index's key. Those that the table has may be left
        /// out.
        attribute_definitions: Option<Vec<AttributeDefinition>> = ["attributeDefinitions", "attributeDefinition"] {
            example: [{"AttributeName": "email", "AttributeType": "S"}]
        },
        /// The table's stream. Another view ends the stream and begins a new one.
        stream_specification: Option<Stream> = ["streamSpecification"] {
            example: {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        },
        /// The table's encryption at rest. The key is given by its id or ARN.
        sse_specification: Option<Sse> = ["sseSpecification"] { example: {"Enabled": true, "SSEType": "KMS"} },
        /// The storage class of the table.
        table_class: Option<TableClass> = ["tableClass"],
        /// Whether the table is protected against deletion.
        deletion_protection_enabled: Option<bool> = ["deletionProtectionEnabled"],
        /// The attribute with the time at which an item expires, in seconds since 1970. `false` switches the time to
        /// live off.
        time_to_live_attribute: Option<TimeToLiveInput> = ["timeToLiveAttribute"] { example: "expiresAt" },
        /// Whether the table can be restored to any point in time.
        point_in_time_recovery: Option<bool> = ["pointInTimeRecovery"],
        /// How many days the table can be restored to.
        recovery_period_in_days: Option<Days> = ["recoveryPeriodInDays"],
        /// The tags to add or to replace: an object, or AWS's list of `{"Key", "Value"}`. Others stay.
        tags: Option<Tags> = ["tags"] { example: {"team": "sales"} },
        /// The keys of the tags to remove.
        remove_tags: Option<List<Verbatim>> = ["removeTags"] { example: ["owner"] },
        /// Whether to answer only once the table and all its indexes are active.
        wait_until_active: Option<bool> = ["waitUntilActive"] { default: false },
    }
}

inputs! {
    /// New throughputs of an index.
    struct IndexUpdate {
        name: String = ["IndexName"],
        provisioned_throughput: Option<ThroughputInput> = ["ProvisionedThroughput"],
        on_demand_throughput: Option<OnDemand> = ["OnDemandThroughput"],
        warm_throughput: Option<Warm> = ["WarmThroughput"],
        #[expect(dead_code, reason = "read so that the names are known, and ignored")]
        described: DescribedGlobalIndex = group,
    }
}

/// The time to live of items.
#[derive(Debug, PartialEq, Eq)]
enum TimeToLiveInput {
    Off,
    /// On, with this attribute.
    On(String),
}

impl FromJson for TimeToLiveInput {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::Bool(false) => Ok(Self::Off),
            // Forms send a boolean as text.
            Json::String(text) if text.trim().eq_ignore_ascii_case("false") => Ok(Self::Off),
            text @ Json::String(_) => String::from_json(text, path).map(Self::On),
            other => Err(Error::invalid(path, &other, "the name of an attribute, or `false`")),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Text, Shape::Boolean])
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`] before anything is changed, or the error that DynamoDB refused a change with. Returns
/// [`Error::Timeout`] if a change cannot begin or, with `waitUntilActive`, has not come to its end by the invocation's
/// deadline. The errors name the changes that were made before.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let calls = &context.calls;
    let (described, reply) = Described::ask(calls, &input).await?;
    let mut update = Update::new(calls, &input.table_name, described.table.clone(), reply);
    let changes = update.planned(described, &input).await?;
    let mut done: Vec<&'static str> = Vec::new();
    for change in &changes {
        update.make(change).await?;
        calls.changed(&change.inputs);
        done.extend(&change.inputs);
    }
    if input.wait_until_active.unwrap_or(false) {
        update.wait(Table::is_settled).await?;
    }
    let mut seen = Vec::new();
    done.retain(|input| {
        !seen.contains(input) && {
            seen.push(*input);
            true
        }
    });
    let names = Reply { body: json!({"Changed": done}).to_string().into_bytes(), ..update.sent };
    Answer::data(&joined(update.reply, &names)?, Format::Typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_time_to_live() {
        let read = |json| TimeToLiveInput::from_json(json, &Path::Input("timeToLiveAttribute"));
        let text = |text: &str| read(Json::String(text.to_owned())).unwrap();
        assert_eq!(read(Json::Bool(false)).unwrap(), TimeToLiveInput::Off);
        assert_eq!(text(" False "), TimeToLiveInput::Off);
        assert_eq!(text(" no "), TimeToLiveInput::On("no".into()));
        for invalid in [Json::Bool(true), Json::Number("0".into())] {
            let error = read(invalid).unwrap_err();
            assert!(error.to_string().ends_with("is not the name of an attribute, or `false`"), "{error}");
        }
    }
}
