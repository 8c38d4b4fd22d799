//! What the writes share: the condition that must hold, and the item that comes back, before the write or because it
//! made the condition fail.

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
    /// What must hold of the item that is there, for a write to take place.
    pub struct Condition {
        /// What must hold of the item that is there, for the write to take place.
        expression: Option<String> = ["conditionExpression"] { example: "attribute_not_exists(customerId)" },
        /// Whether the error for a failed condition holds the item that is there.
        return_item: Option<bool> = ["returnItemOnConditionFailure"] { default: false },
    }
}

impl Condition {
    /// The expression as it is sent.
    ///
    /// # Errors
    /// As [`Placeholders::rewrite`].
    pub fn rewrite<V>(&self, placeholders: &mut Placeholders<V>) -> Result<Option<String>, Error> {
        placeholders.rewrite_if_given("conditionExpression", Kind::Condition, self.expression.as_deref())
    }

    /// Whether there is one.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.expression.is_some()
    }

    /// What comes back when it does not hold.
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
        /// The item as it was before.
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

/// `returnItemOnConditionFailure`, as the API has it.
#[must_use]
pub fn on_failure(wanted: Option<bool>) -> Option<ReturnValuesOnConditionCheckFailure> {
    wanted.unwrap_or(false).then_some(ReturnValuesOnConditionCheckFailure::AllOld)
}

/// How much of the item an error holds, in bytes.
const LARGEST_ITEM: usize = 32 * 1024;

/// Puts the item that made a condition fail, which DynamoDB sends along with the refusal, at the end of the message.
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
