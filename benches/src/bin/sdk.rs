//! A function that calls the SDK in the simplest way: one client, one request, and an answer of `serde_json` values.
//!
//! `OPERATION` names the operation. With `ANSWER=dropped`, the SDK's answer is decoded and nothing is written. The function
//! sends the same request as ours for the same event. The runner checks that.

use std::{collections::HashMap, env, fs};

use aws_config::{BehaviorVersion, environment::EnvironmentVariableCredentialsProvider};
use aws_sdk_dynamodb::{
    Client,
    operation::RequestId,
    types::{AttributeValue, ConsumedCapacity, PutRequest, ReturnConsumedCapacity, ReturnValue, WriteRequest},
};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    table_name: String,
    #[serde(default)]
    key: Map<String, Value>,
    #[serde(default)]
    item: Map<String, Value>,
    #[serde(default)]
    put: Vec<Map<String, Value>>,
    key_condition_expression: Option<String>,
    #[serde(default)]
    expression_attribute_values: Map<String, Value>,
}

fn main() -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(TlsContext::builder().with_trust_store(trust_store()?).build()?)
            .build_https();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .credentials_provider(EnvironmentVariableCredentialsProvider::new())
            .load()
            .await;
        let client = Client::new(&config);
        let operation = env::var("OPERATION")?;
        let written = env::var("ANSWER")? == "written";
        lambda_runtime::run(service_fn(async |event: LambdaEvent<Event>| match operation.as_str() {
            "GetItem" => get_item(&client, event.payload, written).await,
            "PutItem" => create_item(&client, event.payload, written).await,
            "BatchWriteItem" => batch_write_items(&client, event.payload).await,
            "Query" => query_items(&client, event.payload, written).await,
            other => Err(format!("there is no {other}").into()),
        }))
        .await
    })
}

/// The machine's certificates, as the SDK has them by default, and those of `AWS_CA_BUNDLE`, which the SDK does not read.
fn trust_store() -> Result<TrustStore, Error> {
    let store = TrustStore::empty().with_native_roots(true);
    Ok(match env::var_os("AWS_CA_BUNDLE") {
        Some(file) => store.with_pem_certificate(fs::read(file)?),
        None => store,
    })
}

async fn get_item(client: &Client, event: Event, written: bool) -> Result<Value, Error> {
    let answer = client
        .get_item()
        .table_name(event.table_name)
        .set_key(Some(attributes(event.key)))
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    if !written {
        return Ok(Value::Null);
    }
    let metadata = metadata(&answer);
    let (found, capacity) = (answer.item.is_some(), capacity(answer.consumed_capacity));
    let result = json!({"$metadata": metadata, "Item": answer.item.map(plain), "ConsumedCapacity": capacity});
    Ok(json!({"data": {"result": result, "found": found}}))
}

async fn create_item(client: &Client, event: Event, written: bool) -> Result<Value, Error> {
    let answer = client
        .put_item()
        .table_name(event.table_name)
        .set_item(Some(attributes(event.item)))
        .return_values(ReturnValue::None)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    if !written {
        return Ok(Value::Null);
    }
    Ok(json!({"data": {"$metadata": metadata(&answer), "ConsumedCapacity": capacity(answer.consumed_capacity)}}))
}

/// Writes items, 25 a call.
async fn batch_write_items(client: &Client, event: Event) -> Result<Value, Error> {
    let mut items = event.put.into_iter().peekable();
    let mut written = 0;
    while items.peek().is_some() {
        let mut writes = Vec::new();
        for item in items.by_ref().take(25) {
            let put = PutRequest::builder().set_item(Some(attributes(item))).build()?;
            writes.push(WriteRequest::builder().put_request(put).build());
        }
        written += writes.len();
        let answer = client
            .batch_write_item()
            .request_items(&event.table_name, writes)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await?;
        if answer.unprocessed_items.is_some_and(|items| !items.is_empty()) {
            return Err("not all was written".into());
        }
    }
    Ok(json!({"data": {"Written": written}}))
}

async fn query_items(client: &Client, event: Event, written: bool) -> Result<Value, Error> {
    let answer = client
        .query()
        .table_name(event.table_name)
        .set_key_condition_expression(event.key_condition_expression)
        .set_expression_attribute_values(Some(attributes(event.expression_attribute_values)))
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await?;
    if !written {
        return Ok(Value::Null);
    }
    let metadata = metadata(&answer);
    let items: Vec<Value> = answer.items.unwrap_or_default().into_iter().map(plain).collect();
    Ok(json!({"data": {
        "$metadata": metadata, "Items": items, "Count": answer.count, "ScannedCount": answer.scanned_count,
        "LastEvaluatedKey": answer.last_evaluated_key.map(plain), "ConsumedCapacity": capacity(answer.consumed_capacity),
    }}))
}

fn metadata(answer: &impl RequestId) -> Value {
    json!({"httpStatusCode": 200, "requestId": answer.request_id()})
}

fn capacity(capacity: Option<ConsumedCapacity>) -> Option<Value> {
    let capacity = capacity?;
    Some(json!({"TableName": capacity.table_name, "CapacityUnits": capacity.capacity_units}))
}

fn attributes(values: Map<String, Value>) -> HashMap<String, AttributeValue> {
    values.into_iter().map(|(name, value)| (name, attribute(value))).collect()
}

fn attribute(value: Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(value) => AttributeValue::Bool(value),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text),
        Value::Array(values) => AttributeValue::L(values.into_iter().map(attribute).collect()),
        Value::Object(values) => AttributeValue::M(attributes(values)),
    }
}

fn plain(item: HashMap<String, AttributeValue>) -> Value {
    Value::Object(item.into_iter().map(|(name, value)| (name, plain_value(value))).collect())
}

fn plain_value(value: AttributeValue) -> Value {
    let texts = |texts: Vec<String>| texts.into_iter().map(Value::String).collect();
    match value {
        AttributeValue::S(text) => Value::String(text),
        AttributeValue::N(digits) => number(digits),
        AttributeValue::Bool(value) => Value::Bool(value),
        AttributeValue::L(values) => values.into_iter().map(plain_value).collect(),
        AttributeValue::M(values) => plain(values),
        AttributeValue::Ss(values) => texts(values),
        AttributeValue::Ns(values) => values.into_iter().map(number).collect(),
        AttributeValue::B(bytes) => Value::String(aws_smithy_types::base64::encode(bytes)),
        AttributeValue::Bs(values) => texts(values.into_iter().map(aws_smithy_types::base64::encode).collect()),
        // `Null`, and types that this version of the SDK does not know.
        _ => Value::Null,
    }
}

fn number(digits: String) -> Value {
    digits.parse().map_or(Value::String(digits), Value::Number)
}
