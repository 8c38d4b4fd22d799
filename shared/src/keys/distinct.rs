//! Whether the items that one request names are different.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    Key,
    item_name::{Located, table_name},
};
use crate::{error::Error, value::number::Number};

/// What tells an item from all others: its table's name, and its key in the order of the names.
type Identity<'a> = (&'a str, Vec<(&'a str, KeyValue<'a>)>);

/// Rejects two inputs that name the same item.
pub(super) fn check_different(items: &[Located<'_>], keys: &[Key]) -> Result<(), Error> {
    let mut seen: HashMap<Identity<'_>, &str> = HashMap::new();
    for (Located { place, name }, key) in items.iter().zip(keys).filter(|(_, key)| !key.is_empty()) {
        let mut attributes: Vec<_> = key.iter().map(|(name, value)| (name.as_str(), KeyValue::of(value))).collect();
        attributes.sort_unstable_by_key(|(name, _)| *name);
        let table = name.table();
        if let Some(other) = seen.insert((table_name(table), attributes), place) {
            let message = format!("the same item of table `{table}` as `{other}`; a transaction names each item once");
            return Err(Error::event(message).within(place));
        }
    }
    Ok(())
}

/// A value of a key, as DynamoDB compares it: numbers by their value.
#[derive(PartialEq, Eq, Hash)]
enum KeyValue<'a> {
    Text(&'a str),
    Number(Number),
    Bytes(&'a [u8]),
    /// No value that a key can have.
    Other(String),
}

impl<'a> KeyValue<'a> {
    fn of(value: &'a AttributeValue) -> Self {
        match value {
            AttributeValue::S(text) => Self::Text(text),
            AttributeValue::N(digits) => Number::parse(digits).map_or_else(|_| Self::Text(digits), Self::Number),
            AttributeValue::B(bytes) => Self::Bytes(bytes.as_ref()),
            other => Self::Other(format!("{other:?}")),
        }
    }
}
