//! Why a value cannot be read.

use std::fmt;

use base64::DecodeError;

use super::{
    Code, Origin,
    limits::{DEEPEST, LARGEST_ITEM},
    number::NumberError,
};
use crate::{
    error::{Error, quote},
    input::BOOLEAN_RULE,
    json::Json,
    path::Path,
};

/// Why a value cannot be read. `Display` is what the error says after the value's path.
#[derive(Debug)]
pub(super) enum Problem {
    /// A value is not what it must be. Holds the value, as an error shows it.
    Invalid(String, Rule),
    /// A set without elements.
    EmptySet,
    /// A type for a name that no value has.
    TypeWithoutValue,
    /// A type beside a value that carries its own.
    TypeBesideTyped,
    /// Text that holds a structure, deep inside other structures.
    TextTooDeep,
    /// An item of this many bytes.
    TooLarge(usize),
    /// A value of this many levels.
    TooDeep(usize),
    /// So many names, lists and maps that they alone are too large.
    TooManyValues,
}

/// What a value must be.
#[derive(Debug)]
pub(super) enum Rule {
    String,
    /// A string, where the caller asked for the type S.
    StringNotNull,
    Number(NumberError),
    Boolean,
    Null,
    Object,
    Array,
    Bytes,
    Base64(DecodeError),
    /// The value of a key.
    Key,
    /// The value of a key, which the caller gave as a typed value without `inputFormat` `typed`.
    PlainKey,
    /// DynamoDB JSON, for the reason given.
    Typed(Origin),
    /// DynamoDB JSON, but all members are null.
    TypedWithoutValue(Origin),
    /// DynamoDB JSON, but these two members have a value.
    TypedTwice(String, String),
    /// The content of a typed value with this code.
    Content(Code),
}

impl Rule {
    /// The problem that `value` breaks this rule.
    pub(super) fn broken_by(self, value: &Json) -> Problem {
        Problem::Invalid(quote(value), self)
    }
}

impl Problem {
    /// The error for the value at `path`.
    pub(super) fn at(self, path: &Path<'_>) -> Error {
        Error::input(path, self)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(value, rule) => write!(f, "{value} is not {rule}"),
            Self::EmptySet => {
                f.write_str("an empty set: DynamoDB has none; leave the attribute out, or give a list (L)")
            }
            Self::TypeWithoutValue => {
                f.write_str("a type for a name that has no value; leave it out or give the value")
            }
            Self::TypeBesideTyped => {
                f.write_str("with `inputFormat` `typed` the values carry their types; leave this out")
            }
            Self::TextTooDeep => f.write_str("JSON as text inside too many other levels; DynamoDB holds 32 levels"),
            Self::TooLarge(size) => {
                write!(f, "the item has {size} bytes; DynamoDB holds {LARGEST_ITEM} bytes (400 KB), names included")
            }
            Self::TooDeep(levels) => write!(f, "nested {levels} levels deep; DynamoDB holds {DEEPEST} levels"),
            Self::TooManyValues => write!(
                f,
                "the names, lists and maps alone have more bytes than DynamoDB holds in an item: {LARGEST_ITEM} bytes (400 KB)"
            ),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("a string"),
            Self::StringNotNull => f.write_str("a string; for a null give the type NULL"),
            Self::Number(error) => error.fmt(f),
            Self::Boolean => f.write_str(BOOLEAN_RULE),
            Self::Null => f.write_str("null"),
            Self::Object => f.write_str("an object, or text that holds one"),
            Self::Array => f.write_str("an array, or text that holds one"),
            Self::Bytes => f.write_str(
                r#"a binary; give base64 text, {"base64": "…"}, {"utf8": "…"} or {"type": "Buffer", "data": [bytes]}"#,
            ),
            Self::Base64(error) => {
                write!(f, r#"base64 text ({error}); for the bytes of a text give {{"utf8": "…"}}"#)
            }
            Self::Key => f.write_str(
                r#"the value of a key, which is a string, a number or bytes; a typed value is written {"S": "x"} and needs `inputFormat` `typed`"#,
            ),
            Self::PlainKey => f.write_str(
                "the value of a key in plain JSON, which is a string, a number or bytes; for a typed value give `inputFormat` `typed`",
            ),
            Self::Typed(origin) => write!(f, r#"a typed value such as {{"S": "x"}}{}"#, remedy(*origin)),
            Self::TypedWithoutValue(origin) => {
                write!(f, r#"a typed value: it has no member but nulls; a typed null is {{"NULL": true}}{}"#, remedy(*origin))
            }
            Self::TypedTwice(one, other) => {
                write!(f, "a typed value: it has both `{one}` and `{other}`; give the one that it is")
            }
            Self::Content(code) => write!(f, "what DynamoDB's JSON has under {code}: {}", content(*code)),
        }
    }
}

/// How to give the value instead.
fn remedy(origin: Origin) -> &'static str {
    match origin {
        Origin::InputFormat => "; for plain JSON give `inputFormat` `plain`",
        Origin::LastEvaluatedKey => "; give the `LastEvaluatedKey` as it came",
        Origin::StreamRecord => "; give the record as DynamoDB Streams wrote it",
        Origin::QueryParameters => "; values in `queryParameters` are typed, whatever `inputFormat` is",
        // The map or list around it says so.
        Origin::TypedElements => "",
    }
}

/// What a typed value has under a code.
fn content(code: Code) -> &'static str {
    match code {
        Code::S => "a string",
        Code::N => "a string with a number",
        Code::B => "base64 text",
        Code::Bool => "a boolean",
        Code::Null => "true",
        Code::M => "an object of typed values",
        Code::L => "an array of typed values",
        Code::Ss => "an array of strings",
        Code::Ns => "an array of strings with numbers",
        Code::Bs => "an array of base64 texts",
    }
}
