//! DynamoDB's limits for items and values:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items>.

/// The most bytes that an item may have.
pub const LARGEST_ITEM: usize = 400 * 1024;
/// The most levels that a value may have. A scalar or a set has one level. A list or map has one more than what is in it.
pub(super) const DEEPEST: usize = 32;
