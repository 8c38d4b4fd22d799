//! Whether the items that one request names are different.

use std::collections::HashMap;

use super::{
    Key,
    item_key::Scalar,
    item_name::{Located, table_name},
};
use crate::error::Error;

/// What tells an item from all others: its table's name, and its key in the order of the names. A value that cannot be a
/// key is text.
type Identity<'a> = (&'a str, Vec<(&'a str, Result<Scalar, String>)>);

/// Rejects two inputs that name the same item.
pub(super) fn check_different(items: &[Located<'_>], keys: &[Key]) -> Result<(), Error> {
    let mut seen: HashMap<Identity<'_>, &str> = HashMap::new();
    for (Located { place, name }, key) in items.iter().zip(keys).filter(|(_, key)| !key.is_empty()) {
        let mut attributes: Vec<_> = key
            .iter()
            .map(|(name, value)| (name.as_str(), Scalar::of(value).ok_or_else(|| format!("{value:?}"))))
            .collect();
        attributes.sort_unstable_by_key(|(name, _)| *name);
        let table = name.table();
        if let Some(other) = seen.insert((table_name(table), attributes), place) {
            let message = format!("the same item of table `{table}` as `{other}`; a transaction names each item once");
            return Err(Error::event(message).within(place));
        }
    }
    Ok(())
}
