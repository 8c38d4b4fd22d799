//! The refusal of a transaction: the reason of each part, and the items that made conditions fail.
//!
//! DynamoDB answers `TransactionCanceledException` with a list of reasons, one for each part
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors>).

use super::{condition::LARGEST_ITEM, indexes::Indexes};
use crate::{
    answer,
    dynamodb::{Reason, cancellation_reasons},
    error::{Error, code},
    value::Format,
};

/// The most bytes of all reasons in a message. A longer list has the codes only.
const LONGEST: usize = 1_900;

/// The most bytes of one reason's message.
const LONGEST_REASON: usize = 300;

/// A refusal that names each part of the transaction by its index in the input `list`, with its reason and, if the
/// event asked for it, its item. `key_names` returns the names of a part's key. If all reasons are conflicts with other
/// transactions, the error is DynamoDB's `TransactionConflictException`, which a repetition helps.
pub(super) fn explain(
    error: Error,
    list: &'static str,
    format: Format,
    key_names: impl Fn(usize) -> Vec<String>,
) -> Error {
    let Error::Service(mut refusal) = error else { return error };
    if refusal.code != code::TRANSACTION_CANCELED {
        return Error::Service(refusal);
    }
    let reasons = cancellation_reasons(&refusal.body);
    if reasons.is_empty() {
        return Error::Service(refusal);
    }
    let (item, remarks) = items(&reasons, list, format, key_names);
    let message =
        format!("the transaction was canceled and nothing was changed: {}{remarks}", describe(&reasons, list));
    if reasons.iter().all(|reason| reason.code == "TransactionConflict") {
        code::TRANSACTION_CONFLICT.clone_into(&mut refusal.code);
    }
    refusal.message = message;
    refusal.item = item;
    Error::Service(refusal)
}

/// The reasons as text. Parts with the same reason stand together.
fn describe(reasons: &[Reason<'_>], list: &'static str) -> String {
    let grouped = |text: &dyn Fn(&Reason<'_>) -> String| {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for reason in reasons {
            let text = text(reason);
            match groups.iter_mut().find(|(known, _)| *known == text) {
                Some((_, indexes)) => indexes.push(reason.index),
                None => groups.push((text, vec![reason.index])),
            }
        }
        let groups = groups.iter().map(|(text, indexes)| format!("{}: {text}", Indexes { list, indexes }));
        groups.collect::<Vec<_>>().join("; ")
    };
    let whole = grouped(&|Reason { code, message, .. }| match message {
        Some(message) => format!("{code} ({})", &message[..message.floor_char_boundary(LONGEST_REASON)]),
        None => code.clone(),
    });
    if whole.len() <= LONGEST { whole } else { grouped(&|reason| reason.code.clone()) }
}

/// The items that made conditions fail, as one JSON object by part, and remarks on those that are too large. Together
/// they keep to the largest item that an error shows.
fn items(
    reasons: &[Reason<'_>],
    list: &'static str,
    format: Format,
    key_names: impl Fn(usize) -> Vec<String>,
) -> (Option<String>, String) {
    let mut out = String::new();
    let (mut only_key, mut not_shown) = (Vec::new(), Vec::new());
    for Reason { index, item, .. } in reasons {
        let Some(item) = item else { continue };
        let body = format!(r#"{{"Item":{}}}"#, item.get()).into_bytes();
        let name = format!(r#""{list}[{index}]":"#);
        // The braces, or a brace and a comma.
        let fits = |text: &String| out.len() + name.len() + text.len() + 2 <= LARGEST_ITEM;
        let mut shown = answer::item(&body, format).filter(|text| fits(text));
        if shown.is_none() {
            shown = answer::key_of_item(&body, format, &key_names(*index)).filter(|text| fits(text));
            let too_large = if shown.is_some() { &mut only_key } else { &mut not_shown };
            too_large.push(*index);
        }
        let Some(shown) = shown else { continue };
        out.push(if out.is_empty() { '{' } else { ',' });
        out.push_str(&name);
        out.push_str(&shown);
    }
    let remarks = [(only_key, "only the key is shown"), (not_shown, "it is not shown")];
    let remarks = remarks.iter().filter(|(indexes, _)| !indexes.is_empty()).map(|(indexes, what)| {
        format!("; the item of {} is too large for this message, so {what}", Indexes { list, indexes })
    });
    let remarks: String = remarks.collect();
    if out.is_empty() {
        return (None, remarks);
    }
    out.push('}');
    (Some(out), remarks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{CallSite, Refusal};

    fn explained(reasons: &str) -> Error {
        let refusal = Refusal {
            code: code::TRANSACTION_CANCELED.into(),
            message: "Transaction cancelled, please refer cancellation reasons for specific reasons [None]".into(),
            call: CallSite { service: "DynamoDB", operation: "TransactWriteItems", table: None, region: "r".into() },
            request_id: None,
            body: format!(r#"{{"CancellationReasons":[{reasons}]}}"#).into_bytes(),
            item: None,
        };
        explain(Error::Service(Box::new(refusal)), "actions", Format::Plain, |_| vec!["id".to_owned()])
    }

    const NONE: &str = r#"{"Code":"None"}"#;
    const FAILED: &str = r#"{"Code":"ConditionalCheckFailed","Message":"The conditional request failed"}"#;
    const CONFLICT: &str = r#"{"Code":"TransactionConflict","Message":"ongoing"}"#;

    #[test]
    fn names_each_part_by_its_index_with_its_reason() {
        let error = explained(&[NONE, FAILED, FAILED, CONFLICT, NONE, FAILED].join(","));
        assert_eq!(error.error_type(), "TransactionCanceledException");
        assert_eq!(
            error.to_string(),
            "the transaction was canceled and nothing was changed: `actions[1]` to `actions[2]`, `actions[5]`: \
             ConditionalCheckFailed (The conditional request failed); `actions[3]`: TransactionConflict (ongoing) (DynamoDB \
             TransactWriteItems, region r)"
        );
    }

    #[test]
    fn only_conflicts_are_a_conflict() {
        assert_eq!(explained(&[CONFLICT, NONE, CONFLICT].join(",")).error_type(), "TransactionConflictException");
        assert_eq!(explained(&[CONFLICT, FAILED].join(",")).error_type(), "TransactionCanceledException");
        for reasons in ["", NONE] {
            let error = explained(reasons);
            assert_eq!(error.error_type(), "TransactionCanceledException");
            assert!(error.to_string().starts_with("Transaction cancelled, please refer"), "{error}");
        }
    }

    #[test]
    fn names_all_of_a_hundred_parts_however_long_their_messages_are() {
        let reasons: Vec<String> = (0..100)
            .map(|number| {
                let code = ["ValidationError", "ThrottlingError", "TransactionConflict"][number % 3];
                format!(r#"{{"Code":"{code}","Message":"{number}{}"}}"#, "é".repeat(200))
            })
            .collect();
        let message = explained(&reasons.join(",")).to_string();
        assert!(message.len() <= 4_096 && message.ends_with("(DynamoDB TransactWriteItems, region r)"), "{message}");
        for index in 0..100 {
            assert!(message.contains(&format!("`actions[{index}]`")), "{index}: {message}");
        }
    }

    #[test]
    fn shows_items_up_to_the_limit_and_the_keys_of_larger_ones() {
        let failed = |id: &str, bytes: usize| {
            let text = "x".repeat(bytes);
            format!(r#"{{"Code":"ConditionalCheckFailed","Item":{{"id":{{"S":"{id}"}},"text":{{"S":"{text}"}}}}}}"#)
        };
        let small = explained(&[NONE, &failed("a", 1), &failed("b", 2)].join(",")).to_string();
        assert!(
            small.ends_with(r#", the item: {"actions[1]":{"id":"a","text":"x"},"actions[2]":{"id":"b","text":"xx"}}"#),
            "{small}"
        );
        let large = explained(&[&*failed("a", 24_000), &failed("b", 24_000), &failed("c", 10)].join(",")).to_string();
        let (message, item) = large.split_once(", the item: ").unwrap();
        assert!(
            item.len() <= LARGEST_ITEM && item.contains(r#""actions[1]":{"id":"b"},"actions[2]":{"#),
            "{}",
            item.len()
        );
        assert!(message.contains("the item of `actions[1]` is too large for this message, so only the key is shown"));
        let unknown = explained(&failed(&"k".repeat(30_000), 1)).to_string();
        assert!(unknown.contains("so it is not shown") && !unknown.contains("the item: "), "{}", unknown.len());
    }
}
