//! Settings: numbers in the environment, each read once, when the function starts.

use std::{env, ops::RangeInclusive};

use crate::error::Error;

/// The number that the variable `name` holds, or `default` where it is not set or empty.
///
/// # Errors
/// [`Error::InvalidInput`] when it is not a number in this range.
pub(crate) fn number(name: &str, range: RangeInclusive<u64>, default: u64) -> Result<u64, Error> {
    let text = env::var(name).unwrap_or_default();
    match text.trim() {
        "" => Ok(default),
        digits => digits.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let (least, most) = range.into_inner();
            Error::InvalidInput(format!("{name}: `{text}` is not a whole number from {least} to {most}"))
        }),
    }
}
