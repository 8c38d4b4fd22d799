//! How a request that names several items names each of them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::KeyInputs;

/// An item that a request names, and the path of the input that names it: `actions[3].update`.
#[derive(Debug)]
pub struct Located<'a> {
    /// The path of the input.
    pub place: &'a str,
    /// How the input names the item.
    pub name: ItemName<'a>,
}

/// How an input names an item.
#[derive(Debug)]
pub enum ItemName<'a> {
    /// By the inputs of a key.
    Key(&'a KeyInputs),
    /// The input is the item, which holds its key.
    Item {
        /// The table's name or ARN.
        table: &'a str,
        /// The item's attributes.
        item: Option<&'a HashMap<String, AttributeValue>>,
        /// Whether the request needs the name of a key attribute.
        needs_names: bool,
    },
}

impl ItemName<'_> {
    /// The table's name or ARN.
    #[must_use]
    pub fn table(&self) -> &str {
        match self {
            Self::Key(inputs) => &inputs.table_name,
            Self::Item { table, .. } => table,
        }
    }

    /// Whether the key cannot be known without the table's schema.
    pub(super) fn needs_schema(&self) -> bool {
        match self {
            Self::Key(inputs) => inputs.key.is_none(),
            Self::Item { needs_names, .. } => *needs_names,
        }
    }

    pub(super) fn is_whole_key(&self) -> bool {
        matches!(self, Self::Key(inputs) if inputs.key.is_some())
    }
}

/// The name of a table that is given by its name or ARN. One request does not reach other accounts or regions, so the
/// name is enough.
#[must_use]
pub fn table_name(table: &str) -> &str {
    table.rsplit_once(":table/").map_or(table, |(_, name)| name)
}
