//! The inputs that all writes share: the condition on the current item, and whether the answer or the error returns the
//! item.

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

use crate::{
    answer,
    error::{Error, code},
    expression::{Kind, Placeholders},
    inputs,
    value::Format,
    words,
};

inputs! {
    /// The condition of a write.
    pub struct Condition {
        /// The condition on the current item. The write happens only if it holds.
        expression: Option<String> = ["conditionExpression"] { example: "attribute_not_exists(customerId)" },
        /// Whether the error for a failed condition includes the current item.
        return_item: Option<bool> = ["returnItemOnConditionFailure"] { default: false },
    }
}

impl Condition {
    /// Rewrites the expression for the request. Returns `None` if there is no condition.
    ///
    /// # Errors
    /// As [`Placeholders::rewrite`].
    pub fn rewrite<V>(&self, placeholders: &mut Placeholders<V>) -> Result<Option<String>, Error> {
        placeholders.rewrite_if_given("conditionExpression", Kind::Condition, self.expression.as_deref())
    }

    /// Whether the event has a condition.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.expression.is_some()
    }

    /// What DynamoDB returns if the condition does not hold.
    #[must_use]
    pub fn on_failure(&self) -> Option<ReturnValuesOnConditionCheckFailure> {
        on_failure(self.return_item)
    }
}

words! {
    /// What `createItem` and `deleteItem` can return.
    pub enum OldOrNone {
        /// Nothing.
        None = "NONE",
        /// The item as it was before the write.
        AllOld = "ALL_OLD",
    }
}

impl From<OldOrNone> for ReturnValue {
    fn from(word: OldOrNone) -> Self {
        match word {
            OldOrNone::None => Self::None,
            OldOrNone::AllOld => Self::AllOld,
        }
    }
}

/// `returnItemOnConditionFailure` as the member of the API's request.
#[must_use]
pub fn on_failure(wanted: Option<bool>) -> Option<ReturnValuesOnConditionCheckFailure> {
    wanted.unwrap_or(false).then_some(ReturnValuesOnConditionCheckFailure::AllOld)
}

/// The largest item that an error shows, in bytes. The `Cause` of Step Functions holds 32 KB.
pub const LARGEST_ITEM: usize = 24_576;

/// Appends the item that made a condition fail to the message. DynamoDB sends it with the refusal. If the item is too
/// large, the message shows its key instead, provided that the key's names can be found.
pub async fn with_item(error: Error, format: Format, key_names: impl Future<Output = Option<Vec<String>>>) -> Error {
    let Error::Service(mut refusal) = error else { return error };
    if refusal.code != code::CONDITIONAL_CHECK_FAILED {
        return Error::Service(refusal);
    }
    let item = answer::item(&refusal.body, format);
    refusal.item = match item {
        Some(item) if item.len() > LARGEST_ITEM => {
            let key = key_names.await.and_then(|names| answer::key_of_item(&refusal.body, format, &names));
            let remark = if key.is_some() { "only its key is shown" } else { "it is not shown" };
            refusal.message = format!("{}; the item has {} bytes, so {remark}", refusal.message, item.len());
            key
        }
        item => item,
    };
    Error::Service(refusal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{CallSite, Refusal};

    async fn failed(text: &str, names: Option<Vec<String>>) -> String {
        let body = format!(r#"{{"Item":{{"text":{{"S":"{text}"}},"id":{{"N":"1"}},"at":{{"S":"é"}}}}}}"#);
        let refusal = Refusal {
            code: code::CONDITIONAL_CHECK_FAILED.into(),
            message: "failed".into(),
            call: CallSite { service: "DynamoDB", operation: "PutItem", table: None, region: "r".into() },
            request_id: None,
            body: body.into_bytes(),
            item: None,
        };
        with_item(Error::Service(Box::new(refusal)), Format::Plain, async { names }).await.to_string()
    }

    #[tokio::test]
    async fn shows_an_item_up_to_the_limit_and_only_the_key_of_a_larger_one() {
        let fits = LARGEST_ITEM - r#"{"text":"","id":1,"at":"é"}"#.len();
        let names = || Some(vec!["id".to_owned(), "at".to_owned()]);
        let whole = failed(&"x".repeat(fits), names()).await;
        assert!(
            whole.ends_with(r#"x","id":1,"at":"é"}"#) && whole.starts_with("failed (DynamoDB PutItem, region r), ")
        );
        let long = "x".repeat(fits + 1);
        assert_eq!(
            failed(&long, names()).await,
            "failed; the item has 24577 bytes, so only its key is shown (DynamoDB PutItem, region r), the item: \
             {\"id\":1,\"at\":\"é\"}"
        );
        for names in [None, Some(vec!["other".to_owned()])] {
            assert_eq!(
                failed(&long, names).await,
                "failed; the item has 24577 bytes, so it is not shown (DynamoDB PutItem, region r)"
            );
        }
    }
}
