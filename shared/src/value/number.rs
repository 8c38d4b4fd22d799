//! Numbers as decimal text. They never pass through a float.
//!
//! DynamoDB holds 38 significant digits and magnitudes from 1E-130 to 9.99…E+125, of both signs, and zero:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types-number>.

use std::{borrow::Cow, fmt};

/// The most significant digits that DynamoDB holds.
const MOST_DIGITS: usize = 38;
/// The exponents of the smallest and the largest magnitude, with one digit before the point.
const EXPONENTS: std::ops::RangeInclusive<i64> = -130..=125;

/// A decimal number, compared by value: `1`, `1.0` and `1e0` are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    /// The significant digits, without zeros at either end; none for zero.
    digits: String,
    /// The exponent of the first digit: 2 for `123`, -1 for `0.1`; 0 for zero.
    exponent: i64,
}

/// Why a text is not a number that DynamoDB holds. `Display` is the rule that the text breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// The text is not a decimal number.
    NotANumber,
    /// It has this many significant digits, more than 38.
    TooManyDigits(usize),
    /// Larger than 9.99…E+125.
    TooLarge,
    /// Closer to zero than 1E-130.
    TooSmall,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber => f.write_str("a number"),
            Self::TooManyDigits(digits) => {
                write!(
                    f,
                    "a number that DynamoDB holds: it has {digits} significant digits, at most {MOST_DIGITS} are kept; give it as a string (S)"
                )
            }
            Self::TooLarge => f.write_str("a number that DynamoDB holds: the largest magnitude is 9.99…E+125"),
            Self::TooSmall => f.write_str("a number that DynamoDB holds: the smallest magnitude is 1E-130"),
        }
    }
}

impl Number {
    /// Reads a decimal number: sign, digits with at most one point, exponent.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (coefficient, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((coefficient, exponent)) => (coefficient, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = coefficient.split_once('.').unwrap_or((coefficient, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if all().next().is_none() || !all().all(|byte| byte.is_ascii_digit()) {
            return Err(NumberError::NotANumber);
        }
        let leading_zeros = all().take_while(|byte| *byte == b'0').count();
        let mut digits: String = all().skip(leading_zeros).map(char::from).collect();
        digits.truncate(digits.trim_end_matches('0').len());
        if digits.is_empty() {
            return Ok(Self { negative: false, digits, exponent: 0 });
        }
        let before_point = i64::try_from(whole.len()).unwrap_or(i64::MAX);
        let skipped = i64::try_from(leading_zeros).unwrap_or(i64::MAX);
        let exponent = exponent.saturating_add(before_point - 1).saturating_sub(skipped);
        if exponent > *EXPONENTS.end() {
            return Err(NumberError::TooLarge);
        }
        if exponent < *EXPONENTS.start() {
            return Err(NumberError::TooSmall);
        }
        if digits.len() > MOST_DIGITS {
            return Err(NumberError::TooManyDigits(digits.len()));
        }
        Ok(Self { negative, digits, exponent })
    }

    /// The number of bytes that DynamoDB counts for the number in an item.
    ///
    /// That is one byte, one for each pair of digits, and one for a minus sign. Pairs are counted from the point, so `1.2`
    /// and `0.012` have two each. Pairs of zeros at either end do not count.
    #[must_use]
    pub fn size(&self) -> usize {
        let Some(rest) = self.digits.len().checked_sub(1) else { return 1 };
        let pair = |place: i64| place.div_euclid(2);
        let last = self.exponent.saturating_sub(i64::try_from(rest).unwrap_or(i64::MAX));
        let pairs = usize::try_from(pair(self.exponent) - pair(last) + 1).unwrap_or(usize::MAX);
        1 + pairs + usize::from(self.negative)
    }
}

/// An exponent of any length. One that does not fit is replaced by the nearest number that does.
fn parse_exponent(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let end = if text.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    Ok(text.parse().unwrap_or(end).clamp(i64::MIN / 2, i64::MAX / 2))
}

/// The text of a number that DynamoDB returned, as JSON.
///
/// DynamoDB writes numbers as JSON does, so they are returned as they are. Other engines may write `+1`, `.5` or `007`, which
/// are not JSON. These become the nearest JSON spelling with the same digits. Text that is not a number becomes a string.
#[must_use]
pub fn to_json(text: &str) -> Cow<'_, str> {
    if is_json(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    if Number::parse(text) == Err(NumberError::NotANumber) {
        return Cow::Owned(serde_json::Value::from(text).to_string());
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    let (coefficient, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => unsigned.split_at(at),
        None => (unsigned, ""),
    };
    let (whole, fraction) = coefficient.split_once('.').unwrap_or((coefficient, ""));
    let whole = whole.trim_start_matches('0');
    let mut json = String::with_capacity(text.len() + 2);
    json.push_str(if text.starts_with('-') { "-" } else { "" });
    json.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        json.push('.');
        json.push_str(fraction);
    }
    json.push_str(exponent);
    Cow::Owned(json)
}

/// Whether a text is a number by JSON's grammar.
pub(crate) fn is_json(text: &[u8]) -> bool {
    fn digits(text: &[u8]) -> usize {
        text.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }
    let rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{Number, NumberError, to_json};

    #[test]
    fn takes_what_dynamodb_holds() {
        let nines = "9".repeat(38);
        for text in [
            "0",
            "-0",
            "0.0",
            "0e999999999999999999999",
            "1",
            "-1",
            "+1",
            "007",
            ".5",
            "5.",
            "1e5",
            "1E+5",
            "1E-130",
            "9.9999999999999999999999999999999999999E+125",
            "-1E-130",
            "0.00000000000000000000000000000000000001",
            &nines,
            &format!("{nines}00000000000000000000"),
            &format!("0.{}1", "0".repeat(129)),
        ] {
            assert!(Number::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn rejects_what_dynamodb_does_not_hold() {
        let cases = [
            ("", NumberError::NotANumber),
            (".", NumberError::NotANumber),
            ("-", NumberError::NotANumber),
            ("1e", NumberError::NotANumber),
            ("1e+", NumberError::NotANumber),
            ("1.2.3", NumberError::NotANumber),
            ("--1", NumberError::NotANumber),
            ("1 000", NumberError::NotANumber),
            ("0x10", NumberError::NotANumber),
            ("NaN", NumberError::NotANumber),
            ("Infinity", NumberError::NotANumber),
            ("١", NumberError::NotANumber),
            ("123456789012345678901234567890123456789", NumberError::TooManyDigits(39)),
            ("1E126", NumberError::TooLarge),
            ("1e99999999999999999999", NumberError::TooLarge),
            ("-1E126", NumberError::TooLarge),
            ("9.9E-131", NumberError::TooSmall),
            ("1e-99999999999999999999", NumberError::TooSmall),
        ];
        for (text, error) in cases {
            assert_eq!(Number::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn compares_by_value() {
        for (one, other) in
            [("1", "1.0"), ("1", "1e0"), ("10", "1e1"), ("0.1", "1E-1"), ("0", "-0.00"), ("100", "0100.0")]
        {
            assert_eq!(Number::parse(one), Number::parse(other), "{one} and {other}");
        }
        for (one, other) in [("1", "-1"), ("1", "10"), ("1", "0.1"), ("0", "1")] {
            assert_ne!(Number::parse(one), Number::parse(other), "{one} and {other}");
        }
    }

    /// The sizes were measured with AWS's DynamoDB Local, by the room that a hundred such numbers leave in an item.
    #[test]
    fn counts_bytes_as_dynamodb_does() {
        let (digits, negative) = ("1".repeat(38), format!("-{}", "1".repeat(38)));
        for (text, size) in [
            ("0", 1),
            ("1", 2),
            ("42", 2),
            ("-42", 3),
            ("123", 3),
            ("100", 2),
            ("1200", 2),
            ("1.5", 3),
            ("0.001", 2),
            ("0.012", 3),
            ("-0.012", 4),
            ("0.0012", 2),
            ("1234567.89", 6),
            ("1e20", 2),
            ("12e19", 3),
            ("12e20", 2),
            ("487224e13", 5),
            ("-98350163e-19", 7),
            ("1e-130", 2),
            (&digits, 20),
            (&negative, 21),
        ] {
            assert_eq!(Number::parse(text).unwrap().size(), size, "{text}");
        }
    }

    #[test]
    fn is_written_as_json_with_the_same_digits() {
        let cases = [
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
            ("-0.5", "-0.5"),
            ("1E-130", "1E-130"),
            ("+1", "1"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("5.", "5"),
            ("007", "7"),
            ("00", "0"),
            ("+1.50E+3", "1.50E+3"),
            ("what", "\"what\""),
            ("--1", "\"--1\""),
            (".e5", "\".e5\""),
        ];
        for (text, json) in cases {
            assert_eq!(to_json(text), json, "{text}");
        }
    }
}
