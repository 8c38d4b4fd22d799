//! Settings: what stands in the environment, each read once, when the function starts.

use std::{env, ops::RangeInclusive};

use crate::error::Error;

/// The text that the variable `name` holds, without blanks around it; `None` where it is not set or empty.
pub(crate) fn text(name: &str) -> Option<String> {
    let text = env::var(name).ok()?;
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The number that the variable `name` holds, or `default` where it is not set or empty.
///
/// # Errors
/// [`Error::InvalidInput`] when it is not a number in this range.
pub(crate) fn number(name: &str, range: RangeInclusive<u64>, default: u64) -> Result<u64, Error> {
    let Some(digits) = text(name) else { return Ok(default) };
    digits.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
        let (least, most) = range.into_inner();
        invalid(name, &digits, &format!("a whole number from {least} to {most}"))
    })
}

/// Whether the variable `name` says `true` or `false`, in any case; `None` where it is not set or empty.
///
/// # Errors
/// [`Error::InvalidInput`] when it says something else.
pub(crate) fn flag(name: &str) -> Result<Option<bool>, Error> {
    text(name)
        .map(|word| match word.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(invalid(name, &word, "true or false")),
        })
        .transpose()
}

/// The error for a setting that is not what it must be.
pub(crate) fn invalid(name: &str, text: &str, rule: &str) -> Error {
    Error::event(format!("{name}: `{text}` is not {rule}"))
}
