//! Refusals of requests that name several items. DynamoDB does not always say which of them it is about.

use std::{collections::BTreeMap, pin::pin};

use futures_util::{StreamExt as _, stream};

use super::{
    AT_ONCE, Key, SHORT, Schemas, attribute_names,
    item_name::{ItemName, Located, table_name},
};
use crate::{
    dynamodb::Calls,
    error::{Error, code},
};

/// Adds to a refusal which input it is about.
pub(super) fn at(error: Error, place: &str) -> Error {
    prefixed(error, &format!("`{place}`"))
}

fn prefixed(error: Error, prefix: &str) -> Error {
    match error {
        Error::Service(mut refusal) => {
            refusal.message = format!("{prefix}: {}", refusal.message);
            Error::Service(refusal)
        }
        error => error,
    }
}

/// Adds the table that does not exist to DynamoDB's refusal, which does not name it.
pub(super) async fn with_missing_table(error: Error, calls: &Calls, items: &[Located<'_>]) -> Error {
    let mut tables: BTreeMap<&str, &Located<'_>> = BTreeMap::new();
    for item in items {
        tables.entry(table_name(item.name.table())).or_insert(item);
    }
    let look_ups: Vec<_> = tables.into_values().map(|item| missing_table(calls, item)).collect();
    let found = stream::iter(look_ups).buffered(AT_ONCE).filter_map(std::future::ready);
    let missing = tokio::time::timeout(SHORT, pin!(found).next()).await.ok().flatten();
    let Some(item) = missing else { return error };
    let mut error = at(error, item.place);
    if let Error::Service(refusal) = &mut error {
        refusal.call.table = Some(item.name.table().to_owned());
    }
    error
}

/// The item, if its table does not exist.
async fn missing_table<'i>(calls: &Calls, item: &'i Located<'i>) -> Option<&'i Located<'i>> {
    let described = calls.describe_table(item.name.table()).await;
    described.is_err_and(|error| error.is_refusal(code::RESOURCE_NOT_FOUND)).then_some(item)
}

/// Whether the refusal may be about a key that does not fit its table.
pub(super) fn may_be_a_wrong_key(error: &Error) -> bool {
    match error {
        Error::Service(refusal) if refusal.code == code::TRANSACTION_CANCELED => {
            !holds(&refusal.body, REASONS) || holds(&refusal.body, "ValidationError")
        }
        error => error.is_refusal(code::VALIDATION),
    }
}

/// The member of a refusal that has a reason for each part of a transaction.
const REASONS: &str = "CancellationReasons";

fn holds(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Adds the first item whose key does not fit its table to a refusal that names none.
pub(super) async fn with_wrong_key(
    error: Error,
    calls: &Calls,
    schemas: &Schemas,
    items: &[Located<'_>],
    keys: &[Key],
) -> Error {
    match &error {
        Error::Service(refusal) if !holds(&refusal.body, REASONS) => {}
        _ => return error,
    }
    for (item, key) in items.iter().zip(keys) {
        let table = item.name.table();
        let Some(names) = attribute_names(calls, schemas, table).await else { continue };
        let (fits, input) = match item.name {
            ItemName::Key(_) => (names.len() == key.len() && names.iter().all(|name| key.contains_key(name)), "key"),
            ItemName::Item { item, .. } => {
                (names.iter().all(|name| item.is_some_and(|item| item.contains_key(name))), "item")
            }
        };
        if !fits {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("the key of table `{table}` is {}", names.join(" and "));
            return prefixed(error, &format!("`{}.{input}`: {message}; DynamoDB says", item.place));
        }
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_that_may_be_about_a_key_makes_a_table_be_described_again() {
        use crate::error::{CallSite, Refusal};
        let refused = |code: &str, body: &str| {
            may_be_a_wrong_key(&Error::Service(Box::new(Refusal {
                code: code.into(),
                message: String::new(),
                call: CallSite { service: "DynamoDB", operation: "X", table: None, region: "r".into() },
                request_id: None,
                body: body.into(),
                item: None,
            })))
        };
        assert!(refused("ValidationException", ""));
        assert!(refused("TransactionCanceledException", r#"{"CancellationReasons":[{"Code":"ValidationError"}]}"#));
        assert!(!refused(
            "TransactionCanceledException",
            r#"{"CancellationReasons":[{"Code":"ConditionalCheckFailed"}]}"#
        ));
        assert!(!may_be_a_wrong_key(&Error::Timeout("late".into())));
    }
}
