//! The item that a write gives back: before the write, after it, or the one that made its condition fail.

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

use crate::{answer, error::Error, value::Format, words};

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
pub fn on_condition_failure(wanted: Option<bool>) -> Option<ReturnValuesOnConditionCheckFailure> {
    wanted.unwrap_or(false).then_some(ReturnValuesOnConditionCheckFailure::AllOld)
}

/// How much of the item an error holds, in bytes.
const LARGEST_ITEM: usize = 32 * 1024;

/// Puts the item that made a condition fail, which DynamoDB sends along with the refusal, at the end of the message.
#[must_use]
pub fn with_item(error: Error, format: Format) -> Error {
    match error {
        Error::Service(mut refusal) if refusal.code == "ConditionalCheckFailedException" => {
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
