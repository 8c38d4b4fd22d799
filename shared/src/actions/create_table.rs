//! `createTable`: a new table, with its indexes.
//!
//! API: [`CreateTable`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html), and with
//! `waitUntilActive` `DescribeTable` until the table can be used.

use std::sync::Arc;

use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    table_settings::{
        AttributeDefinition, BillingMode, Capacity, GlobalIndex, KeyElement, LocalIndex, Sse, Stream, TableClass, Tags,
    },
    waiting::Pauses,
};
use crate::{
    answer::{Answer, Reply, broken},
    call::Call,
    error::Error,
    inputs,
    value::Format,
};

inputs! {
    /// What `createTable` takes. Structures have AWS's own member names.
    pub struct Input {
        table_name: String = ["tableName"],
        /// The name and type of every attribute that is part of a key.
        attribute_definitions: Vec<AttributeDefinition> = ["attributeDefinitions", "attributeDefinition"],
        key_schema: Vec<KeyElement> = ["keySchema"],
        /// Left out: `PROVISIONED`.
        billing_mode: Option<BillingMode> = ["billingMode"],
        capacity: Capacity = group,
        global_secondary_indexes: Option<Vec<GlobalIndex>> = ["globalSecondaryIndexes"],
        local_secondary_indexes: Option<Vec<LocalIndex>> = ["localSecondaryIndexes"],
        stream_specification: Option<Stream> = ["streamSpecification"],
        sse_specification: Option<Sse> = ["sseSpecification"],
        table_class: Option<TableClass> = ["tableClass"],
        deletion_protection_enabled: Option<bool> = ["deletionProtectionEnabled"],
        tags: Option<Tags> = ["tags"],
        /// Whether to answer only when the table can be used; left out: at once.
        wait_until_active: Option<bool> = ["waitUntilActive"],
    }
}

/// Runs the action.
///
/// # Errors
/// What is wrong with the input; what DynamoDB refused; [`Error::Timeout`] when the table is not active at the
/// invocation's deadline.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let table = input.table_name.clone();
    let wait = input.wait_until_active.unwrap_or(false);
    let request = request(&call, input)?;
    let mut reply =
        call.send("CreateTable", Some(&table), |tap| request.customize().config_override(tap).send()).await?;
    if wait {
        reply = until_active(&call, &table).await?;
    }
    Answer::data(&reply, Format::Typed)
}

fn request(call: &Call, input: Input) -> Result<CreateTableFluentBuilder, Error> {
    let billing_mode = input.billing_mode.unwrap_or(BillingMode::Provisioned);
    // With PAY_PER_REQUEST, DynamoDB refuses a provisioned throughput.
    let throughput = match billing_mode {
        BillingMode::Provisioned => Some(input.capacity.throughput()?),
        BillingMode::PayPerRequest => None,
    };
    let definitions = all(input.attribute_definitions, AttributeDefinition::build)?;
    let key_schema = all(input.key_schema, KeyElement::build)?;
    let global = optional(input.global_secondary_indexes, |index| index.build(throughput.as_ref()))?;
    let local = optional(input.local_secondary_indexes, LocalIndex::build)?;
    Ok(call
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
        .set_tags(input.tags.map(Tags::build).transpose()?))
}

fn all<T, S>(inputs: Vec<T>, build: impl Fn(T) -> Result<S, Error>) -> Result<Vec<S>, Error> {
    inputs.into_iter().map(build).collect()
}

fn optional<T, S>(inputs: Option<Vec<T>>, build: impl Fn(T) -> Result<S, Error>) -> Result<Option<Vec<S>>, Error> {
    inputs.map(|inputs| all(inputs, build)).transpose()
}

/// Looks until the table is active; the last look's description, as `CreateTable` would have given it.
async fn until_active(call: &Call, table: &str) -> Result<Reply, Error> {
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
        match call.describe_table(table).await {
            Ok(reply) => {
                let description: Description<'_> = serde_json::from_slice(&reply.body).map_err(broken)?;
                let Status { status } = serde_json::from_str(description.table.get()).map_err(broken)?;
                if status == "ACTIVE" {
                    let body = format!(r#"{{"TableDescription":{}}}"#, description.table.get()).into_bytes();
                    return Ok(Reply { body, ..reply });
                }
            }
            // DescribeTable is eventually consistent: a table just made may not be there yet.
            Err(error) if error.is_refusal("ResourceNotFoundException") => {}
            Err(error) => return Err(error),
        }
        pauses.next().await;
    }
}
