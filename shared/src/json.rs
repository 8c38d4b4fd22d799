//! JSON as it was written: every digit of a number, the order of an object's members, no member twice.
//!
//! `serde_json::Value` would not do. With `arbitrary_precision` it reads the object
//! `{"$serde_json::private::Number": "1"}`, which a user may well store, as the number 1; without it, it
//! rounds long numbers. [`Json`] reads both for what they are.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};

/// A JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as the text that stood in the document (but for its exponent: `1E5` comes as `1e+5`).
    Number(String),
    /// A string, without its escapes.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, in the document's order, each name once.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one document, which may be nested 127 levels deep.
    ///
    /// # Errors
    /// A sentence without a full stop: what is wrong, and at which line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// What kind of value this is, with its article: `a string`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Whether a form would send this for a field that nobody filled: `null` or an empty string.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        match self {
            Self::Null => true,
            Self::String(text) => text.is_empty(),
            Self::Bool(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => false,
        }
    }
}

/// Compact JSON text.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(digits) => f.write_str(digits),
            Self::String(text) => write_string(f, text),
            Self::Array(elements) => {
                f.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    write!(f, "{element}")?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    write_string(f, name)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    // Integers that a machine word holds come as one, all other numbers as their digits (see `Name`).
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element()? {
            elements.push(element);
        }
        Ok(Json::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = access.next_key()? {
            match name {
                Name::OfNumber => return Ok(Json::Number(access.next_value()?)),
                Name::Member(name) => members.push((name, access.next_value()?)),
            }
        }
        if let Some(name) = first_repeated(&members) {
            return Err(A::Error::custom(format_args!("the object names `{}` twice", name.escape_debug())));
        }
        Ok(Json::Object(members))
    }
}

/// The first name that an earlier member has, too.
#[must_use]
pub fn first_repeated<T>(members: &[(String, T)]) -> Option<&str> {
    let mut seen = HashSet::with_capacity(members.len());
    members.iter().map(|(name, _)| name.as_str()).find(|name| !seen.insert(*name))
}

/// The name of an object's member, or the mark by which `serde_json` announces a number's digits.
///
/// With `arbitrary_precision` a number comes as a map of one entry. Its name answers `deserialize_option`
/// with a plain string, the name of a real member with `visit_some`: that tells a number from an object
/// that happens to have a member of the same name.
enum Name {
    OfNumber,
    Member(String),
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, _mark: &str) -> Result<Name, E> {
        Ok(Name::OfNumber)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        String::deserialize(deserializer).map(Name::Member)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    /// Each text is read and written back as it stands.
    #[test]
    fn keeps_a_document_as_it_was_written() {
        for text in [
            "null",
            "true",
            r#""""#,
            "0",
            "-0",
            "1.50",
            "-9223372036854775809",
            "1e+5",
            "1e-130",
            "12345678901234567890123456789012345678",
            "[]",
            "{}",
            r#"[1,[2,{"a":[]}]]"#,
            r#"{"z":1,"a":2,"":3}"#,
            r#"{"$serde_json::private::Number":"1"}"#,
            r#"{"$serde_json::private::RawValue":"[1]"}"#,
            r#"{"$serde_json::private::Number":1,"b":2}"#,
            r#""quote \" slash \\ \u0000 \n 🦀""#,
        ] {
            assert_eq!(Json::parse(text).map(|json| json.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn rejects_a_member_named_twice() {
        let error = Json::parse(r#"{"a":{"b":1,"b":2}}"#).unwrap_err();
        assert!(error.starts_with("the object names `b` twice"), "{error}");
    }

    #[test]
    fn rejects_what_is_nested_without_end() {
        let error = Json::parse(&"[".repeat(1_000)).unwrap_err();
        assert!(error.starts_with("recursion limit exceeded"), "{error}");
    }
}
