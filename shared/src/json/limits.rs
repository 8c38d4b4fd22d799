//! What a document may have.

/// The deepest nesting that is read.
pub(super) const DEEPEST: usize = 127;

/// The most values that are read, objects and arrays included. A value takes up to 150 bytes, so that a document takes no more
/// than 70 MB. An event of 6 MB with ordinary data has some 300,000 values.
pub(super) const MOST_VALUES: usize = 500_000;
