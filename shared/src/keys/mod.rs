//! Keys: from a caller's hash and range value to a key, by the table's `KeySchema`.
//!
//! The schema gives the key's names and types, never the order of `AttributeDefinitions`. It is looked up once
//! for an identity, region and table, and remembered. When the table turns out to be another one (deleted and made
//! again), it is looked up anew and the call is made with the new key; the caller notices nothing.
//!
//! A value that is larger than DynamoDB's keys are (2,048 bytes for a hash key, 1,024 for a range key) is an error
//! before the call, where the schema is known; for a whole `key` DynamoDB says so.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::types::AttributeValue;

mod schema;

pub use self::schema::KeySchema;
use crate::{
    answer::Reply,
    call::Call,
    error::Error,
    input::Collection,
    inputs,
    json::Json,
    path::Path,
    value::{Format, Types, Values},
};

inputs! {
    /// The inputs that name one item of a table.
    pub struct KeyInputs {
        /// The table's name or ARN.
        pub table_name: String = ["tableName"],
        /// The hash key's value.
        pub hash_key_value: Option<Json> = ["hashKeyValue", "value"],
        /// The range key's value, where the table has a range key.
        pub range_key_value: Option<Json> = ["rangeKeyValue", "sortKeyValue"],
        /// The whole key instead, for callers that may not call `DescribeTable`.
        pub key: Option<Collection<Json>> = ["key"],
        /// The types of `key`.
        pub key_types: Option<Collection<Types>> = ["keyTypes"],
    }
}

/// A key, as a request carries it.
pub type Key = HashMap<String, AttributeValue>;

/// How many tables' schemas are remembered for an identity.
const REMEMBERED: usize = 1_000;

/// The key schemas that one identity has seen in one region, by table.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<String, Arc<Slot>>>);

/// The place of one table's schema. Who looks it up holds the lock meanwhile: of many calls at once, one asks and the
/// others wait for what it learns.
type Slot = tokio::sync::Mutex<Option<Arc<KeySchema>>>;

impl Memory {
    fn slot(&self, table: &str) -> Arc<Slot> {
        // No code panics while it holds the lock.
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(table) {
            return Arc::clone(slot);
        }
        if slots.len() >= REMEMBERED {
            slots.clear();
        }
        Arc::clone(slots.entry(table.to_owned()).or_default())
    }
}

/// Makes a call with the key that the inputs name; `send` is called once more where the table turned out to be
/// another one.
///
/// # Errors
/// [`Error::InvalidInput`] when the inputs make no key of this table, and as `send` and `DescribeTable`.
pub async fn with_key<F>(call: &Call, inputs: &KeyInputs, send: impl Fn(Key) -> F) -> Result<Reply, Error>
where
    F: Future<Output = Result<Reply, Error>>,
{
    if let Some(key) = inputs.whole_key(call.input_format)? {
        return send(key).await;
    }
    let slot = call.keys().slot(&inputs.table_name);
    let mut schema = slot.lock().await;
    let Some(remembered) = schema.clone() else {
        let new = look_up(call, &inputs.table_name).await?;
        *schema = Some(Arc::clone(&new));
        drop(schema);
        return send(inputs.key_by(&new, call.input_format)?).await;
    };
    drop(schema);
    let error = match inputs.key_by(&remembered, call.input_format) {
        Ok(key) => match send(key).await {
            Err(error) if does_not_fit(&error) => error,
            Err(error) if error.is_refusal("ResourceNotFoundException") => {
                slot.lock().await.take();
                return Err(error);
            }
            result => return result,
        },
        Err(error) => error,
    };
    let new = {
        let mut schema = slot.lock().await;
        // Another call may have looked meanwhile.
        if schema.as_ref().is_none_or(|schema| Arc::ptr_eq(schema, &remembered)) {
            *schema = None;
            *schema = match look_up(call, &inputs.table_name).await {
                Ok(new) => Some(new),
                Err(gone) if gone.is_refusal("ResourceNotFoundException") => return Err(gone),
                // What was wrong in the first place says more than that it could not be looked into.
                Err(_) => return Err(error),
            };
        }
        schema.clone()
    };
    match new {
        Some(new) if new != remembered => send(inputs.key_by(&new, call.input_format)?).await,
        _ => Err(error),
    }
}

/// Whether DynamoDB refused the key rather than anything else; such a call had no effect.
fn does_not_fit(error: &Error) -> bool {
    matches!(error, Error::Service(refusal)
        if refusal.code == "ValidationException" && refusal.message.to_ascii_lowercase().contains("key"))
}

async fn look_up(call: &Call, table: &str) -> Result<Arc<KeySchema>, Error> {
    let reply = call.describe_table(table).await.map_err(with_remedy)?;
    KeySchema::from_description(&reply.body).map(Arc::new)
}

/// Tells a caller who may not describe the table that there is a way without.
fn with_remedy(error: Error) -> Error {
    match error {
        Error::Service(mut refusal) if refusal.code == "AccessDeniedException" => {
            refusal.message.push_str("; give the whole key as `key`, then the table is not looked up");
            Error::Service(refusal)
        }
        other => other,
    }
}

impl KeyInputs {
    /// The key from `key`, if that is how it is given.
    fn whole_key(&self, format: Format) -> Result<Option<Key>, Error> {
        let Some(key) = &self.key else {
            return match self.key_types {
                None => Ok(None),
                Some(_) => Err(Error::input(&Path::Input("keyTypes"), "types without a `key`; leave it out")),
            };
        };
        if self.hash_key_value.is_some() || self.range_key_value.is_some() {
            return Err(Error::input(&Path::Input("key"), "give either `key` or `hashKeyValue` and `rangeKeyValue`"));
        }
        let values =
            Values { input: "key", values: Some(key.clone()), types_input: "keyTypes", types: self.key_types.clone() };
        values.into_key(format).map(|attributes| Some(attributes.into_iter().collect()))
    }

    /// The key that the values make of this schema.
    fn key_by(&self, schema: &KeySchema, format: Format) -> Result<Key, Error> {
        let table = &self.table_name;
        let hash = self.hash_key_value.as_ref().ok_or_else(|| {
            Error::input(
                &Path::Input("hashKeyValue"),
                format_args!("required input is missing: the hash key of table `{table}` is `{}`", schema.hash.name),
            )
        })?;
        let mut key = Key::from([schema.hash.attribute(hash, format, &Path::Input("hashKeyValue"))?]);
        match (&schema.range, &self.range_key_value) {
            (Some(range), Some(value)) => {
                key.extend([range.attribute(value, format, &Path::Input("rangeKeyValue"))?]);
            }
            (None, None) => {}
            (Some(range), None) => {
                return Err(Error::InvalidInput(format!(
                    "your table has a range key, but you did not provide a range key value: table `{table}`, range key \
                     `{}`; give `rangeKeyValue`",
                    range.name
                )));
            }
            (None, Some(_)) => {
                return Err(Error::InvalidInput(format!(
                    "your table does not have a range key, but you provided one: table `{table}`, hash key `{}`; leave \
                     out `rangeKeyValue`",
                    schema.hash.name
                )));
            }
        }
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::{schema::KeyAttribute, *};
    use crate::value::Code;

    fn schema(range: Option<&str>) -> KeySchema {
        KeySchema {
            hash: KeyAttribute::hash("id".into(), Code::S),
            range: range.map(|name| KeyAttribute::range(name.into(), Code::N)),
        }
    }

    fn inputs(hash: Option<Json>, range: Option<Json>) -> KeyInputs {
        KeyInputs { table_name: "T".into(), hash_key_value: hash, range_key_value: range, key: None, key_types: None }
    }

    #[test]
    fn coerces_to_the_types_of_the_schema() {
        let key = inputs(Some(Json::Number("0".into())), Some(Json::String("07".into())))
            .key_by(&schema(Some("at")), Format::Plain)
            .unwrap();
        assert_eq!(key["id"], AttributeValue::S("0".into()));
        assert_eq!(key["at"], AttributeValue::N("07".into()));
    }

    #[test]
    fn says_when_the_range_key_does_not_fit_the_table() {
        let value = || Some(Json::String("1".into()));
        for (inputs, schema, message) in [
            (
                inputs(value(), None),
                schema(Some("at")),
                "your table has a range key, but you did not provide a range key value: table `T`, range key `at`",
            ),
            (
                inputs(value(), value()),
                schema(None),
                "your table does not have a range key, but you provided one: table `T`, hash key `id`",
            ),
            (
                inputs(None, None),
                schema(None),
                "`hashKeyValue`: required input is missing: the hash key of table `T` is `id`",
            ),
        ] {
            let error = inputs.key_by(&schema, Format::Plain).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
