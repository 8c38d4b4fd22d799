//! DynamoDB's limits for expressions.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters>

/// The most bytes that an expression may have.
pub const LARGEST_EXPRESSION: usize = 4_096;

/// The most expressions that a request has: key condition, filter, projection.
const MOST_EXPRESSIONS: usize = 3;

/// The fewest bytes that a placeholder or a segment of a path takes in an expression: a sign, a character, and what separates
/// it from the next, as in `:a,` and `[0]`.
const FEWEST_BYTES: usize = 3;

/// The most names and the most values that a request's expressions can use.
///
/// DynamoDB documents no limit of their number. But it refuses placeholders that no expression uses.
pub const MOST_PLACEHOLDERS: usize = MOST_EXPRESSIONS * LARGEST_EXPRESSION / FEWEST_BYTES;

/// The most segments that the paths of one expression can have.
pub(super) const MOST_SEGMENTS: usize = LARGEST_EXPRESSION / FEWEST_BYTES;

/// How many placeholders an error names.
pub(super) const LISTED: usize = 10;
