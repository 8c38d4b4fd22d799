//! The keys of several items that one request names, such as the actions of a transaction.
//!
//! A table is looked up only if a key needs its schema, or if two actions of the table could name the same item.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    AT_ONCE, Key, KeySchema, Schemas, another_schema,
    distinct::check_different,
    item_name::{ItemName, Located, table_name},
    look_up,
    refusals::{at, may_be_a_wrong_key, with_missing_table, with_wrong_key},
    schemas::Slot,
};
use crate::{
    dynamodb::{Calls, Reply},
    error::{Error, code},
    value::Format,
};

/// Makes the call `send` with the keys of these items, in their order. The key of a whole item is empty if the names of
/// its attributes are not known. If a table turns out to have another key schema, the call is made once more.
///
/// # Errors
/// Returns [`Error::InvalidInput`] if the inputs do not fit a table's key, or if two of them name the same item. Other
/// errors are those of `send` and `DescribeTable`.
pub async fn with_keys<F>(
    calls: &Calls,
    schemas: &Schemas,
    items: &[Located<'_>],
    format: Format,
    send: impl Fn(Vec<Key>) -> F,
) -> Result<Reply, Error>
where
    F: Future<Output = Result<Reply, Error>>,
{
    let mut tables = look_up_tables(calls, schemas, items).await?;
    let keys = keys_of(items, &tables, format);
    let result = match &keys {
        Ok(keys) => send(keys.clone()).await,
        Err(error) => Err(error.clone()),
    };
    match result {
        Err(error) if error.is_refusal(code::RESOURCE_NOT_FOUND) => {
            for table in tables.values() {
                table.slot.forget(&table.schema).await;
            }
            Err(with_missing_table(error, calls, items).await)
        }
        Err(error) if keys.is_err() || may_be_a_wrong_key(&error) => {
            if look_up_again(calls, &mut tables).await? {
                return send(keys_of(items, &tables, format)?).await;
            }
            match keys {
                Ok(keys) => Err(with_wrong_key(error, calls, schemas, items, &keys).await),
                Err(_) => Err(error),
            }
        }
        result => result,
    }
}

/// Looks up the remembered schemas again. Returns whether one of them is another one now.
///
/// # Errors
/// Returns the refusal if a table does not exist any more.
async fn look_up_again(calls: &Calls, tables: &mut Tables) -> Result<bool, Error> {
    let mut is_changed = false;
    for table in tables.values_mut().filter(|table| !table.is_new) {
        match another_schema(calls, &table.slot, &table.spelling, &table.schema).await {
            Ok(Some(another)) => {
                table.schema = another;
                is_changed = true;
            }
            Err(gone) if gone.is_refusal(code::RESOURCE_NOT_FOUND) => return Err(gone),
            // The first error is more useful than the failed look-up.
            Ok(None) | Err(_) => {}
        }
    }
    Ok(is_changed)
}

/// A table whose schema is known.
struct Table {
    /// The name or ARN as the event has it.
    spelling: String,
    slot: Arc<Slot>,
    schema: Arc<KeySchema>,
    /// Whether the schema was looked up for this call.
    is_new: bool,
}

/// Tables by name.
type Tables = BTreeMap<String, Table>;

/// Looks up the tables whose schema is needed.
async fn look_up_tables(calls: &Calls, schemas: &Schemas, items: &[Located<'_>]) -> Result<Tables, Error> {
    let mut by_table: BTreeMap<&str, Vec<&Located<'_>>> = BTreeMap::new();
    for item in items {
        by_table.entry(table_name(item.name.table())).or_default().push(item);
    }
    let mut look_ups = Vec::new();
    for items in by_table.into_values() {
        let needs = items.iter().copied().find(|item| item.name.needs_schema());
        // A whole key names its attributes.
        let has_names = items.iter().any(|item| item.name.is_whole_key());
        let may_repeat = items.len() > 1 && !has_names;
        if let Some(first) = needs.or_else(|| may_repeat.then(|| items[0])) {
            look_ups.push(look_up_table(calls, schemas, first, needs.is_some()));
        }
    }
    let tables: Vec<Option<Table>> = stream::iter(look_ups).buffered(AT_ONCE).try_collect().await?;
    Ok(tables.into_iter().flatten().map(|table| (table_name(&table.spelling).to_owned(), table)).collect())
}

/// Looks up the table of this item. Returns `None` if that fails and the schema is not needed.
async fn look_up_table(
    calls: &Calls,
    schemas: &Schemas,
    item: &Located<'_>,
    is_needed: bool,
) -> Result<Option<Table>, Error> {
    let spelling = item.name.table();
    let slot = schemas.slot(calls.client().identity, spelling);
    let is_new = slot.get().await.is_none();
    match slot.get_or_look_up(|| look_up(calls, spelling)).await {
        Ok(schema) => Ok(Some(Table { spelling: spelling.to_owned(), slot, schema, is_new })),
        Err(error) if is_needed => Err(at(error, item.place)),
        // DynamoDB itself finds two actions on one item.
        Err(_) => Ok(None),
    }
}

/// The key of each item.
fn keys_of(items: &[Located<'_>], tables: &Tables, format: Format) -> Result<Vec<Key>, Error> {
    let mut keys = Vec::with_capacity(items.len());
    // The names of a table's key, from its schema or from a whole key.
    let mut names: HashMap<&str, Vec<String>> = HashMap::new();
    for Located { place, name } in items {
        let table = table_name(name.table());
        let schema = tables.get(table).map(|table| &table.schema);
        if let Some(schema) = schema {
            names.entry(table).or_insert_with(|| schema.attribute_names());
        }
        let ItemName::Key(inputs) = name else {
            keys.push(Key::new());
            continue;
        };
        let key = match (inputs.whole_key(format).map_err(|error| error.within(place))?, schema) {
            (Some(key), _) => key,
            (None, Some(schema)) => inputs.key_by(schema, format).map_err(|error| error.within(place))?,
            (None, None) => return Err(Error::Internal(format!("no key schema for {place}"))),
        };
        names.entry(table).or_insert_with(|| key.keys().cloned().collect());
        keys.push(key);
    }
    for (Located { name, .. }, key) in items.iter().zip(&mut keys) {
        let ItemName::Item { table, item, .. } = name else { continue };
        let Some(names) = names.get(table_name(table)) else { continue };
        let part: Option<Key> =
            names.iter().map(|name| Some((name.clone(), item.as_ref()?.get(name)?.clone()))).collect();
        // DynamoDB refuses an item that lacks a part of its key.
        *key = part.unwrap_or_default();
    }
    check_different(items, &keys)?;
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;
    use crate::{input::Collection, json::Json, keys::KeyInputs};

    fn whole_key(table: &str, id: Json) -> KeyInputs {
        KeyInputs {
            table_name: table.into(),
            hash_key_value: None,
            range_key_value: None,
            key: Some(Collection(vec![("id".into(), id)])),
            key_types: None,
        }
    }

    fn repeated(first: &KeyInputs, second: &KeyInputs) -> Option<String> {
        let items = [
            Located { place: "actions[0].delete", name: ItemName::Key(first) },
            Located { place: "actions[1].update", name: ItemName::Key(second) },
        ];
        keys_of(&items, &Tables::new(), Format::Plain).err().map(|error| error.to_string())
    }

    #[test]
    fn finds_two_inputs_that_name_one_item() {
        let number = |digits: &str| Json::Number(digits.into());
        let message = "`actions[1].update`: the same item of table `T` as `actions[0].delete`; a transaction names each item \
                       once";
        for (first, second) in [("1", "1.0"), ("10", "1e1"), ("-0", "0")] {
            let found = repeated(&whole_key("T", number(first)), &whole_key("T", number(second)));
            assert_eq!(found.as_deref(), Some(message), "{first} and {second}");
        }
        let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/T";
        assert!(repeated(&whole_key("T", number("1")), &whole_key(arn, number("1"))).is_some());
        for (first, second) in [
            (whole_key("T", number("1")), whole_key("T", Json::String("1".into()))),
            (whole_key("T", number("1")), whole_key("U", number("1"))),
            (whole_key("T", number("1")), whole_key("T", number("2"))),
        ] {
            assert_eq!(repeated(&first, &second), None);
        }
    }

    #[test]
    fn a_whole_item_is_compared_by_the_names_of_another_items_key() {
        let item = HashMap::from([
            ("id".to_owned(), AttributeValue::N("1.0".into())),
            ("x".to_owned(), AttributeValue::S("y".into())),
        ]);
        let key = whole_key("T", Json::Number("1".into()));
        let put = ItemName::Item { table: "T", item: Some(&item), needs_names: false };
        let items = [
            Located { place: "actions[0].put", name: put },
            Located { place: "actions[1].delete", name: ItemName::Key(&key) },
        ];
        let error = keys_of(&items, &Tables::new(), Format::Plain).unwrap_err().to_string();
        assert!(error.starts_with("`actions[1].delete`: the same item of table `T` as `actions[0].put`"), "{error}");
    }
}
