//! The key of a table, and a new table.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use super::{
    BulkError,
    call::{call, data, quoted},
    types::Types,
};
use crate::Lambda;

/// The key of a table: `id:S`, or `id:S,at:N` with a range key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(Types);

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let types: Types = text.parse()?;
        if types.0.len() > 2 {
            return Err("a key has a hash key and at most one range key: `id:S,at:N`".into());
        }
        match types.0.iter().find(|(_, code)| !["S", "N", "B"].contains(code)) {
            Some((name, code)) => Err(format!("`{name}` is {code}; a key is S, N or B")),
            None => Ok(Self(types)),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, code)) in self.0.0.iter().enumerate() {
            write!(f, "{}{name}:{code}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// What a load and an export need to know of a table.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) key: Key,
    /// The types of the key attributes of the table and its indexes.
    pub(super) attributes: Types,
    /// The number of items that DynamoDB reports. On AWS it is up to six hours old.
    pub(super) items: u64,
}

impl Described {
    /// The names of the key attributes, hash key first.
    pub(super) fn key_names(&self) -> impl Iterator<Item = &str> {
        self.key.0.0.iter().map(|(name, _)| name.as_str())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    table: Table,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Table {
    key_schema: Vec<KeyElement>,
    attribute_definitions: Vec<Attribute>,
    #[serde(default)]
    item_count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyElement {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    attribute_name: String,
    attribute_type: String,
}

/// Describes a table.
pub(super) async fn describe(lambda: &Lambda, table: &str) -> Result<Described, BulkError> {
    let event = format!(r#"{{"tableName":{}}}"#, quoted(table));
    let payload = call(lambda, "describe-table", event).await?.map_err(|error| {
        let is_missing = error.error_type == "ResourceNotFoundException";
        let remark = if is_missing { "; `--create id:S` makes a table when it loads a file" } else { "" };
        BulkError::Function { function: "describe-table", error, remark: remark.into() }
    })?;
    let Answer { table: described } = data("describe-table", &payload)?;
    let attributes = described.attribute_definitions.iter().map(|attribute| {
        let code = super::types::code_of(&attribute.attribute_type).unwrap_or("S");
        (attribute.attribute_name.clone(), code)
    });
    let attributes = Types(attributes.collect());
    let mut schema = described.key_schema;
    schema.sort_by_key(|element| element.key_type != "HASH");
    let key = schema.into_iter().map(|element| {
        let code = attributes.get(&element.attribute_name).unwrap_or("S");
        (element.attribute_name, code)
    });
    Ok(Described { key: Key(Types(key.collect())), items: described.item_count, attributes })
}

/// Creates a table that is billed on demand. A table that exists already is used as it is.
///
/// # Errors
/// Returns an error if there is a table of this name with another key.
pub async fn create(lambda: &Lambda, table: &str, key: &Key) -> Result<(), BulkError> {
    let member = |(at, (name, code)): (usize, &(String, &str))| {
        let role = if at == 0 { "HASH" } else { "RANGE" };
        let name = quoted(name);
        (
            format!(r#"{{"AttributeName":{name},"AttributeType":"{code}"}}"#),
            format!(r#"{{"AttributeName":{name},"KeyType":"{role}"}}"#),
        )
    };
    let (attributes, schema): (Vec<_>, Vec<_>) = key.0.0.iter().enumerate().map(member).unzip();
    let event = format!(
        r#"{{"tableName":{},"attributeDefinitions":[{}],"keySchema":[{}],"billingMode":"PAY_PER_REQUEST","waitUntilActive":true}}"#,
        quoted(table),
        attributes.join(","),
        schema.join(",")
    );
    match call(lambda, "create-table", event).await? {
        Ok(_) => Ok(()),
        Err(error) if error.error_type == "ResourceInUseException" => {
            let known = describe(lambda, table).await?.key;
            if known == *key {
                return Ok(());
            }
            Err(BulkError::table(table, format!("there is one already, with the key `{known}` and not `{key}`")))
        }
        Err(error) => Err(BulkError::Function { function: "create-table", error, remark: String::new() }),
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn a_key_has_one_or_two_attributes_of_the_types_that_keys_have() {
        for text in ["id:S", "id:S,at:N", "a:b:B"] {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), text);
        }
        for (text, part) in [("id", "NAME:TYPE"), ("a:S,b:S,c:S", "at most one range key"), ("a:SS", "S, N or B")] {
            let error = text.parse::<Key>().unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
