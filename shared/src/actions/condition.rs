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

/// The most bytes of an item that an error shows.
const LARGEST_ITEM: usize = 32 * 1024;

/// Appends the item that made a condition fail to the message. DynamoDB sends it with the refusal.
#[must_use]
pub fn with_item(error: Error, format: Format) -> Error {
    match error {
        Error::Service(mut refusal) if refusal.code == code::CONDITIONAL_CHECK_FAILED => {
            refusal.item = answer::item(&refusal.body, format).map(|item| cut(item, LARGEST_ITEM));
            Error::Service(refusal)
        }
        other => other,
    }
}

fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn cuts_between_characters() {
        assert_eq!(cut("ab".into(), 2), "ab");
        assert_eq!(cut("abc".into(), 2), "ab…");
        assert_eq!(cut("aé".into(), 2), "a…");
    }
}
