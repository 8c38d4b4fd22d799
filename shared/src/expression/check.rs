//! Checks of what DynamoDB limits, before it is read.

use super::{
    limits::{LARGEST_EXPRESSION, MOST_PLACEHOLDERS},
    problem::Problem,
};
use crate::{error::Error, path::Path};

/// Checks the size of an expression.
///
/// # Errors
/// [`Error::InvalidInput`] at `input` with the size and the limit.
pub(super) fn check_size(input: &str, bytes: usize) -> Result<(), Error> {
    if bytes > LARGEST_EXPRESSION { Err(Problem::TooLong(bytes).at(&Path::Input(input))) } else { Ok(()) }
}

/// Checks the number of names or values that an event gives for its expressions, before they are read.
///
/// # Errors
/// [`Error::InvalidInput`] at `input` with the number and the limit.
pub fn check_placeholder_count(input: &str, count: usize) -> Result<(), Error> {
    if count > MOST_PLACEHOLDERS { Err(Problem::TooManyPlaceholders(count).at(&Path::Input(input))) } else { Ok(()) }
}
