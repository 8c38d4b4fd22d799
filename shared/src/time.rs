//! Formats times as text.

use aws_smithy_types::{DateTime, date_time::Format};

/// A time in milliseconds since 1970 as ISO 8601: `1363729002358` → `2013-03-19T21:36:42.358Z`. Returns `None` if the
/// year has more than four digits.
pub(crate) fn iso_8601(milliseconds: i64) -> Option<String> {
    let whole = DateTime::from_secs(milliseconds.div_euclid(1_000)).fmt(Format::DateTime).ok()?;
    Some(format!("{}.{:03}Z", whole.trim_end_matches('Z'), milliseconds.rem_euclid(1_000)))
}
