//! Whole numbers.

use super::{FromJson, Shape};
use crate::{error::Error, json::Json, path::Path};

/// A whole number from `LEAST` to `MOST`, given as a number or as its digits. `10.0` and `1e1` are 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const LEAST: i64, const MOST: i64>(i64);

/// A whole number from 1 to `MOST`.
pub type Count<const MOST: i64 = { i32::MAX as i64 }> = Whole<1, MOST>;

impl<const LEAST: i64, const MOST: i64> Whole<LEAST, MOST> {
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }

    /// The number in the SDK's type for a `Limit`.
    #[must_use]
    pub fn to_limit(self) -> i32 {
        i32::try_from(self.0).unwrap_or(i32::MAX)
    }

    /// The number as a `usize`.
    #[must_use]
    pub fn to_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl<const LEAST: i64, const MOST: i64> FromJson for Whole<LEAST, MOST> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let digits = match &json {
            Json::Number(digits) => digits.as_str(),
            Json::String(text) => text.trim(),
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => "",
        };
        match whole(digits) {
            Some(number) if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(Error::invalid(path, &json, format_args!("a whole number from {LEAST} to {MOST}"))),
        }
    }

    fn shape() -> Shape {
        Shape::Whole { least: LEAST, most: MOST }
    }
}

/// The whole number that a decimal text means. `None` if it is not whole or does not fit into an `i64`.
pub(super) fn whole(text: &str) -> Option<i64> {
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let (coefficient, exponent) = match text.split_once(['e', 'E']) {
        Some((coefficient, exponent)) => (coefficient, exponent.parse::<i16>().ok()?),
        None => (text, 0),
    };
    let (negative, unsigned) = match coefficient.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, coefficient),
    };
    let (integer, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if integer.is_empty() || !is_number(integer) || !is_number(fraction) {
        return None;
    }
    let digits = format!("{}{fraction}", integer.trim_start_matches('0'));
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    // The number is the integer of these digits times ten to this power.
    let zeros = i64::from(exponent) - i64::try_from(fraction.len()).ok()?;
    let zeros = zeros + i64::try_from(digits.len() - significant.len()).ok()?;
    let scale = 10_i128.checked_pow(u32::try_from(zeros).ok()?)?;
    let magnitude = significant.parse::<i128>().ok()?.checked_mul(scale)?;
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn reads_whole_numbers_in_every_notation() {
        for (text, number) in [
            ("10", Some(10)),
            ("10.0", Some(10)),
            ("1e1", Some(10)),
            ("1E+1", Some(10)),
            ("1.5e1", Some(15)),
            ("100e-1", Some(10)),
            ("0.0", Some(0)),
            ("-0", Some(0)),
            ("-7.000", Some(-7)),
            ("007", Some(7)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("1.5", None),
            ("15e-1", None),
            ("1e400", None),
            ("1e99999", None),
            ("", None),
            (".5", None),
            ("1_000", None),
            ("0x10", None),
            ("٣", None),
            ("NaN", None),
        ] {
            assert_eq!(whole(text), number, "{text}");
        }
    }
}
