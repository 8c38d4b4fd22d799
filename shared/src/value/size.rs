//! DynamoDB's limits for the size and depth of values, checked before the call.
//!
//! An item has at most 400 KB, names included. Its values are nested at most 32 levels deep:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items>. Sizes are counted as
//! in <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    budget::{CONTAINER, ELEMENT},
    limits::{DEEPEST, LARGEST_ITEM},
    number::Number,
    problem::Problem,
};
use crate::{error::Error, path::Path};

/// Checks the size of a whole item.
///
/// # Errors
/// [`Error::InvalidInput`] with the size.
pub fn check_item(item: &[(String, AttributeValue)], path: &Path<'_>) -> Result<(), Error> {
    let size: usize = item.iter().map(|(name, value)| name.len() + size(value)).sum();
    if size > LARGEST_ITEM { Err(Problem::TooLarge(size).at(path)) } else { Ok(()) }
}

/// Checks the depth of one value.
///
/// # Errors
/// [`Error::InvalidInput`] with the depth.
pub fn check_depth(value: &AttributeValue, path: &Path<'_>) -> Result<(), Error> {
    let levels = depth(value);
    if levels > DEEPEST { Err(Problem::TooDeep(levels).at(path)) } else { Ok(()) }
}

/// The number of levels. DynamoDB counts an empty list or map as if it held a scalar.
fn depth(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::L(elements) => 1 + elements.iter().map(depth).max().unwrap_or(1),
        AttributeValue::M(members) => 1 + members.values().map(depth).max().unwrap_or(1),
        _ => 1,
    }
}

/// The number of bytes that DynamoDB counts for named values.
pub(crate) fn size_of_all(values: &HashMap<String, AttributeValue>) -> usize {
    values.iter().map(|(name, value)| name.len() + size(value)).sum()
}

/// The number of bytes that DynamoDB counts for one value.
pub(crate) fn size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => number_size(digits),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(numbers) => numbers.iter().map(|digits| number_size(digits)).sum(),
        AttributeValue::Bs(binaries) => binaries.iter().map(|bytes| bytes.as_ref().len()).sum(),
        AttributeValue::L(elements) => CONTAINER + elements.iter().map(|value| ELEMENT + size(value)).sum::<usize>(),
        AttributeValue::M(members) => {
            CONTAINER + members.iter().map(|(name, value)| ELEMENT + name.len() + size(value)).sum::<usize>()
        }
        // Bool and Null; the SDK's enum is open.
        _ => 1,
    }
}

fn number_size(digits: &str) -> usize {
    Number::parse(digits).map_or(1, |number| number.size())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> AttributeValue {
        (1..levels).fold(AttributeValue::Bool(true), |inner, _| AttributeValue::L(vec![inner]))
    }

    #[test]
    fn takes_32_levels_and_no_more() {
        let path = Path::Input("item");
        let path = path.member("a");
        assert!(check_depth(&nested(32), &path).is_ok());
        let error = check_depth(&nested(33), &path).unwrap_err();
        assert_eq!(error.to_string(), "`item.a`: nested 33 levels deep; DynamoDB holds 32 levels");
    }

    #[test]
    fn takes_400_kb_and_no_more() {
        let path = Path::Input("item");
        let text = |length| vec![("a".to_owned(), AttributeValue::S("x".repeat(length)))];
        assert!(check_item(&text(LARGEST_ITEM - 1), &path).is_ok());
        let error = check_item(&text(LARGEST_ITEM), &path).unwrap_err();
        assert!(error.to_string().starts_with("`item`: the item has 409601 bytes"), "{error}");
    }

    #[test]
    fn counts_as_the_developer_guide_does() {
        let list = AttributeValue::L(vec![AttributeValue::N("42".into()), AttributeValue::Null(true)]);
        assert_eq!(size(&list), 3 + (1 + 2) + (1 + 1));
        let map = AttributeValue::M([("né".to_owned(), AttributeValue::S("é".into()))].into());
        assert_eq!(size(&map), 3 + 1 + 3 + 2);
    }
}
