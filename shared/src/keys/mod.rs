//! Builds the key of an item from the caller's hash and range values, by the table's `KeySchema`.
//!
//! The names and types of the key come from the key schema, never from the order of `AttributeDefinitions`. The schema
//! is looked up once for an identity, region and table, and then remembered. If the table was deleted and created with
//! another key, the schema is looked up again and the request is sent with the new key. The caller does not notice.
//!
//! A value above DynamoDB's size limit for keys (2,048 bytes for a hash key, 1,024 for a range key) is an error before
//! the call, if the schema is known. For a whole `key`, DynamoDB reports the error.
//!
//! - `several`: the keys of several items in one request
//! - `item_name`: how such a request names each item; `distinct`: whether the items are different; `refusals`: which of
//!   them a refusal is about
//! - `schemas`: the remembered schemas
//! - `schema`: the key of one table
//! - `item_key`: keys of items, compared as DynamoDB compares them

mod distinct;
mod item_key;
mod item_name;
mod refusals;
mod schema;
mod schemas;
mod several;

use std::{collections::HashMap, sync::Arc, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;

use self::schemas::Slot;
pub use self::{
    item_key::ItemKey,
    item_name::{ItemName, Located, table_name},
    schema::KeySchema,
    schemas::Schemas,
    several::with_keys,
};
use crate::{
    dynamodb::{Calls, Reply},
    error::{Error, code},
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
        pub table_name: String = ["tableName"] { example: "Customers", source: "selectTable" },
        /// The hash key's value. The table's key schema gives its name and type.
        pub hash_key_value: Option<Json> = ["hashKeyValue", "value"] {
            alternatives: ["key"], example: "C-1", label: "Hash / Primary Key Value"
        },
        /// The range key's value. It is required if the table has a range key, and an error otherwise.
        pub range_key_value: Option<Json> = ["rangeKeyValue", "sortKeyValue"] {
            label: "Range / Sort Key Value"
        },
        /// The whole key as named values, for callers without permission for `DescribeTable`.
        pub key: Option<Collection<Json>> = ["key"] { example: {"customerId": "C-1"} },
        /// The types of `key`.
        pub key_types: Option<Collection<Types>> = ["keyTypes"],
    }
}

/// A key in the form that a request takes.
pub type Key = HashMap<String, AttributeValue>;

/// Makes the call `send` with the key that the inputs name. If the table turns out to have another key schema, the call
/// is made once more.
///
/// # Errors
/// Returns [`Error::InvalidInput`] if the inputs do not fit the table's key. Other errors are those of `send` and
/// `DescribeTable`.
pub async fn with_key<F>(
    calls: &Calls,
    schemas: &Schemas,
    inputs: &KeyInputs,
    format: Format,
    send: impl Fn(Key) -> F,
) -> Result<Reply, Error>
where
    F: Future<Output = Result<Reply, Error>>,
{
    if let Some(key) = inputs.whole_key(format)? {
        return send(key).await;
    }
    let slot = schemas.slot(calls.client().identity, &inputs.table_name);
    let (schema, is_new) = match slot.get().await {
        Some(remembered) => (remembered, false),
        None => (slot.get_or_look_up(|| look_up(calls, &inputs.table_name)).await?, true),
    };
    let error = match inputs.key_by(&schema, format) {
        Ok(key) => match send(key).await {
            Err(error) if error.is_refusal(code::RESOURCE_NOT_FOUND) => {
                slot.forget(&schema).await;
                return Err(error);
            }
            // DynamoDB answers a wrong key with this code, which also has other causes.
            Err(error) if error.is_refusal(code::VALIDATION) => error,
            result => return result,
        },
        Err(error) => error,
    };
    if is_new {
        return Err(error);
    }
    match another_schema(calls, &slot, &inputs.table_name, &schema).await {
        Ok(Some(another)) => send(inputs.key_by(&another, format)?).await,
        Err(gone) if gone.is_refusal(code::RESOURCE_NOT_FOUND) => Err(gone),
        // The first error is more useful than the failed look-up.
        Ok(None) | Err(_) => Err(error),
    }
}

/// The key schema of a table, for many items at once.
#[derive(Debug, Clone)]
pub struct Known {
    /// The schema.
    pub schema: Arc<KeySchema>,
    /// Whether the schema was remembered, so that the table may have another one by now.
    pub is_remembered: bool,
}

/// The key schema of a table, remembered or looked up.
///
/// # Errors
/// As `DescribeTable`.
pub async fn schema(calls: &Calls, schemas: &Schemas, table: &str) -> Result<Known, Error> {
    let slot = schemas.slot(calls.client().identity, table);
    if let Some(schema) = slot.get().await {
        return Ok(Known { schema, is_remembered: true });
    }
    let schema = slot.get_or_look_up(|| look_up_plainly(calls, table)).await?;
    Ok(Known { schema, is_remembered: false })
}

/// Whether a table has another key schema than the one that is remembered. The current one is then remembered.
pub async fn has_changed(calls: &Calls, schemas: &Schemas, table: &str) -> bool {
    let slot = schemas.slot(calls.client().identity, table);
    let Some(remembered) = slot.get().await else { return false };
    matches!(another_schema(calls, &slot, table, &remembered).await, Ok(Some(_)))
}

/// Whether DynamoDB refused keys because a table has another key schema than the one that is remembered. The current ones
/// are then remembered. Those of tables that do not exist any more are forgotten.
pub async fn are_stale(calls: &Calls, schemas: &Schemas, tables: impl Iterator<Item = &str>, refusal: &Error) -> bool {
    let mut are_stale = false;
    for table in tables {
        if refusal.is_refusal(code::VALIDATION) {
            are_stale |= has_changed(calls, schemas, table).await;
        } else if refusal.is_refusal(code::RESOURCE_NOT_FOUND) {
            let slot = schemas.slot(calls.client().identity, table);
            if let Some(remembered) = slot.get().await {
                slot.forget(&remembered).await;
            }
        }
    }
    are_stale
}

/// The name of a table's hash key.
///
/// # Errors
/// As `DescribeTable`.
pub async fn hash_key_name(calls: &Calls, schemas: &Schemas, table: &str) -> Result<String, Error> {
    let slot = schemas.slot(calls.client().identity, table);
    let schema = slot.get_or_look_up(|| look_up(calls, table)).await?;
    Ok(schema.hash.name.clone())
}

/// How many tables are described at once.
const AT_ONCE: usize = 8;

/// The timeout of a look-up that only improves an error message.
const SHORT: Duration = Duration::from_secs(1);

/// The names of a table's key attributes. `None` if they are not known and cannot be looked up.
pub async fn attribute_names(calls: &Calls, schemas: &Schemas, table: &str) -> Option<Vec<String>> {
    let slot = schemas.slot(calls.client().identity, table);
    let schema = tokio::time::timeout(SHORT, slot.get_or_look_up(|| look_up(calls, table))).await.ok()?;
    schema.ok().map(|schema| schema.attribute_names())
}

/// The table's current schema, if it differs from the remembered one. A table that was found unchanged a moment ago is
/// not looked up again, because `DescribeTable` is throttled.
async fn another_schema(
    calls: &Calls,
    slot: &Slot,
    table: &str,
    remembered: &Arc<KeySchema>,
) -> Result<Option<Arc<KeySchema>>, Error> {
    let now = slot.look_up_anew(remembered, || look_up(calls, table)).await?;
    Ok(now.filter(|now| now != remembered))
}

async fn look_up(calls: &Calls, table: &str) -> Result<KeySchema, Error> {
    look_up_plainly(calls, table).await.map_err(with_remedy)
}

async fn look_up_plainly(calls: &Calls, table: &str) -> Result<KeySchema, Error> {
    KeySchema::from_description(&calls.describe_table(table).await?.body)
}

/// Adds a remedy for callers who may not describe the table.
fn with_remedy(error: Error) -> Error {
    match error {
        Error::Service(mut refusal) if refusal.code == code::ACCESS_DENIED => {
            refusal.message.push_str("; give the whole key as `key`, then the table is not looked up");
            Error::Service(refusal)
        }
        other => other,
    }
}

impl KeyInputs {
    /// The names of the key's attributes. See [`attribute_names`].
    pub async fn attribute_names(&self, calls: &Calls, schemas: &Schemas) -> Option<Vec<String>> {
        match &self.key {
            Some(Collection(key)) => Some(key.iter().map(|(name, _)| name.clone()).collect()),
            None => attribute_names(calls, schemas, &self.table_name).await,
        }
    }

    /// The key from `key`, if the inputs give it.
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

    /// The key that the inputs' values make with this schema.
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
                return Err(Error::event(format!(
                    "your table has a range key, but you did not provide a range key value: table `{table}`, range key \
                     `{}`; give `rangeKeyValue`",
                    range.name
                )));
            }
            (None, Some(_)) => {
                return Err(Error::event(format!(
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
            of_indexes: Vec::new(),
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
    fn names_a_missing_or_unneeded_range_key() {
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
