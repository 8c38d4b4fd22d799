//! `createTable`: creates a table with its indexes.
//!
//! API: [`CreateTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html). With
//! `waitUntilActive`, also `DescribeTable` until the table is active.

use std::sync::Arc;

use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Context, Event,
    definition::{AnswerShape, Definition, EventType, Member, MemberKind},
    table_settings::{
        AttributeDefinition, BillingMode, Capacity, GlobalIndex, KeyElement, LocalIndex, OnDemand, Sse, Stream,
        TableClass, Tags, Warm,
    },
    waiting::Pauses,
};
use crate::{
    answer::Answer,
    dynamodb::{Calls, Operation, Reply},
    error::{Error, code},
    input::{FromJson, Shape, from_text, is_empty_structure},
    inputs,
    json::Json,
    path::Path,
    value::Format,
};

/// The catalog's entry for `createTable`.
pub const DEFINITION: Definition = Definition {
    name: "create-table",
    action: "createTable",
    label: "Create Table",
    summary: "Creates a table with its indexes",
    operations: &[Operation::CreateTable, Operation::DescribeTable],
    event: EventType::of::<Event<Input>>(),
    output_format: None,
    answer: AnswerShape::Data(&[Member::required("TableDescription", MemberKind::Table)]),
};

inputs! {
    /// The inputs of `createTable`. Structures use AWS's member names.
    pub struct Input {
        /// The table's name.
        table_name: String = ["tableName"] { example: "Customers" },
        /// The name and type of every attribute that is part of a key.
        attribute_definitions: Vec<AttributeDefinition> = ["attributeDefinitions", "attributeDefinition"] {
            example: [{"AttributeName": "customerId", "AttributeType": "S"}]
        },
        /// The attributes of the key: the hash key and, optionally, the range key.
        key_schema: Vec<KeyElement> = ["keySchema"] { example: [{"AttributeName": "customerId", "KeyType": "HASH"}] },
        /// How AWS bills the table's capacity.
        billing_mode: Option<BillingMode> = ["billingMode"] { default: "PROVISIONED" },
        capacity: Capacity = group,
        /// The maximum on-demand throughput, with `PAY_PER_REQUEST`. If it is left out, there is no maximum.
        on_demand_throughput: Option<OnDemand> = ["onDemandThroughput"] { example: {"MaxReadRequestUnits": 100} },
        /// The reads and writes that the table can serve immediately, in units for each second.
        warm_throughput: Option<Warm> = ["warmThroughput"] { example: {"ReadUnitsPerSecond": 15_000} },
        /// The global secondary indexes.
        global_secondary_indexes: Option<Vec<GlobalIndex>> = ["globalSecondaryIndexes"],
        /// The local secondary indexes.
        local_secondary_indexes: Option<Vec<LocalIndex>> = ["localSecondaryIndexes"],
        /// The table's stream.
        stream_specification: Option<Stream> = ["streamSpecification"],
        /// The table's encryption at rest.
        sse_specification: Option<Sse> = ["sseSpecification"],
        /// The storage class of the table.
        table_class: Option<TableClass> = ["tableClass"] { default: "STANDARD" },
        /// Whether the table is protected against deletion.
        deletion_protection_enabled: Option<bool> = ["deletionProtectionEnabled"] { default: false },
        /// The tags: an object, or AWS's list of `{"Key", "Value"}`.
        tags: Option<Tags> = ["tags"] { example: {"team": "sales"} },
        /// The table's resource-based policy: an IAM policy document, as an object or as text.
        resource_policy: Option<PolicyDocument> = ["resourcePolicy"],
        /// Whether to answer only once the table is active.
        wait_until_active: Option<bool> = ["waitUntilActive"] { default: false },
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with. Returns [`Error::Timeout`] if
/// the table is not active by the invocation's deadline.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let table = input.table_name.clone();
    let wait = input.wait_until_active.unwrap_or(false);
    let mut reply = context.calls.send(request(&context, input)?).await?;
    if wait {
        reply = until_active(&context.calls, &table).await?;
    }
    Answer::data(&reply, Format::Typed)
}

fn request(context: &Context, input: Input) -> Result<CreateTableFluentBuilder, Error> {
    let billing_mode = input.billing_mode.unwrap_or(BillingMode::Provisioned);
    // DynamoDB refuses a provisioned throughput with PAY_PER_REQUEST.
    let throughput = match billing_mode {
        BillingMode::Provisioned => Some(input.capacity.throughput()?),
        BillingMode::PayPerRequest => None,
    };
    let definitions = all(input.attribute_definitions, AttributeDefinition::build)?;
    let key_schema = all(input.key_schema, KeyElement::build)?;
    let indexes = Path::Input("globalSecondaryIndexes");
    let global =
        optional(input.global_secondary_indexes, |at, index| index.build(&indexes.element(at), throughput.as_ref()))?;
    let local = optional(input.local_secondary_indexes, |_, index| index.build())?;
    Ok(context
        .dynamodb()
        .create_table()
        .table_name(input.table_name)
        .set_attribute_definitions(Some(definitions))
        .set_key_schema(Some(key_schema))
        .billing_mode(billing_mode.into())
        .set_provisioned_throughput(throughput)
        .set_global_secondary_indexes(global)
        .set_local_secondary_indexes(local)
        .set_stream_specification(input.stream_specification.map(Stream::build).transpose()?)
        .set_sse_specification(input.sse_specification.map(Sse::build))
        .set_table_class(input.table_class.map(Into::into))
        .set_deletion_protection_enabled(input.deletion_protection_enabled)
        .set_tags(input.tags.map(Tags::build).transpose()?)
        .set_on_demand_throughput(input.on_demand_throughput.map(OnDemand::build))
        .set_warm_throughput(input.warm_throughput.map(Warm::build))
        .set_resource_policy(input.resource_policy.map(|PolicyDocument(text)| text)))
}

fn all<T, S>(inputs: Vec<T>, build: impl Fn(T) -> Result<S, Error>) -> Result<Vec<S>, Error> {
    inputs.into_iter().map(build).collect()
}

/// `build` also takes the index of an input in its list.
fn optional<T, S>(
    inputs: Option<Vec<T>>,
    build: impl Fn(usize, T) -> Result<S, Error>,
) -> Result<Option<Vec<S>>, Error> {
    let each = |inputs: Vec<T>| inputs.into_iter().enumerate().map(|(at, input)| build(at, input)).collect();
    inputs.map(each).transpose()
}

/// An IAM policy document, as the text that the API takes.
#[derive(Debug)]
struct PolicyDocument(String);

impl FromJson for PolicyDocument {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match from_text(json, path)? {
            policy @ Json::Object(_) => Ok(Self(policy.to_string())),
            other => Err(Error::invalid(path, &other, "a policy document: an object, or text that holds one")),
        }
    }

    fn shape() -> Shape {
        Shape::Document
    }

    fn is_empty(json: &Json) -> bool {
        is_empty_structure(json)
    }
}

/// Describes the table until it is active. Returns the last description in the form of a `CreateTable` answer.
async fn until_active(calls: &Calls, table: &str) -> Result<Reply, Error> {
    #[derive(Deserialize)]
    struct Description<'a> {
        #[serde(borrow, rename = "Table")]
        table: &'a RawValue,
    }
    #[derive(Deserialize)]
    struct Status {
        #[serde(rename = "TableStatus")]
        status: String,
    }

    let mut pauses = Pauses::default();
    loop {
        match calls.describe_table(table).await {
            Ok(reply) => {
                let description: Description<'_> = serde_json::from_slice(&reply.body).map_err(Error::broken_answer)?;
                let Status { status } = serde_json::from_str(description.table.get()).map_err(Error::broken_answer)?;
                if status == "ACTIVE" {
                    let body = format!(r#"{{"TableDescription":{}}}"#, description.table.get()).into_bytes();
                    return Ok(Reply { body, ..reply });
                }
            }
            // DescribeTable is eventually consistent, so it may not find a new table yet.
            Err(error) if error.is_refusal(code::RESOURCE_NOT_FOUND) => {}
            Err(error) => return Err(error),
        }
        pauses.next().await;
    }
}
