//! DynamoDB's attribute values → plain JSON, in one pass from bytes to bytes.
//!
//! Strings without escapes and digits are copied as they stand; nothing is built in between. A type that this
//! version does not know stays as DynamoDB wrote it, `{"NEW": …}`: nothing is lost.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::value::{Format, number};

/// Writes the attribute map that comes next (`{"name": {"S": "x"}}`) in the given format.
pub(super) struct AttributeMap<'o> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) format: Format,
}

impl<'de> DeserializeSeed<'de> for AttributeMap<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.format {
            Format::Typed => raw(deserializer, self.out),
            Format::Plain => deserializer.deserialize_map(PlainMap(self.out)),
        }
    }
}

/// Copies whatever comes next.
fn raw<'de, D: Deserializer<'de>>(deserializer: D, out: &mut Vec<u8>) -> Result<(), D::Error> {
    out.extend_from_slice(<&RawValue>::deserialize(deserializer)?.get().as_bytes());
    Ok(())
}

struct PlainMap<'o>(&'o mut Vec<u8>);

impl<'de> Visitor<'de> for PlainMap<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of attribute values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        self.0.push(b'{');
        let mut first = true;
        while access.next_key_seed(Text { out: self.0, before: if first { "" } else { "," } })?.is_some() {
            first = false;
            self.0.push(b':');
            access.next_value_seed(Plain(self.0))?;
        }
        self.0.push(b'}');
        Ok(())
    }
}

/// Writes the string that comes next, with its quotes.
pub(super) struct Text<'o> {
    pub(super) out: &'o mut Vec<u8>,
    /// What to write before it.
    pub(super) before: &'static str,
}

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    /// Borrowed means that the source has no escape in it, so that it needs none here.
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.out.extend_from_slice(self.before.as_bytes());
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.out.extend_from_slice(self.before.as_bytes());
        serde_json::to_writer(self.out, text).map_err(E::custom)
    }
}

/// Writes the number whose text comes next.
struct Digits<'o>(&'o mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Digits<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        self.0.extend_from_slice(number::to_json(&text).as_bytes());
        Ok(())
    }
}

/// Writes the attribute value that comes next: an object of one type and its value.
struct Plain<'o>(&'o mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Plain<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Plain<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let out = self.0;
        let Some(code) = access.next_key::<Cow<str>>()? else {
            return Err(A::Error::custom("an empty attribute value"));
        };
        match code.as_ref() {
            "S" | "B" => access.next_value_seed(Text { out, before: "" })?,
            "N" => access.next_value_seed(Digits(out))?,
            "BOOL" => {
                let value: bool = access.next_value()?;
                out.extend_from_slice(if value { b"true" } else { b"false" });
            }
            "NULL" => {
                let _: bool = access.next_value()?;
                out.extend_from_slice(b"null");
            }
            "M" => access.next_value_seed(AttributeMap { out, format: Format::Plain })?,
            "L" => access.next_value_seed(List { out, of: Element::Value })?,
            "SS" | "BS" => access.next_value_seed(List { out, of: Element::Text })?,
            "NS" => access.next_value_seed(List { out, of: Element::Digits })?,
            unknown => {
                out.push(b'{');
                serde_json::to_writer(&mut *out, unknown).map_err(A::Error::custom)?;
                out.push(b':');
                out.extend_from_slice(access.next_value::<&RawValue>()?.get().as_bytes());
                out.push(b'}');
            }
        }
        match access.next_key::<Cow<str>>()? {
            None => Ok(()),
            Some(second) => Err(A::Error::custom(format_args!("an attribute value of two types, {code} and {second}"))),
        }
    }
}

/// What a list or a set holds.
#[derive(Clone, Copy)]
enum Element {
    Value,
    Text,
    Digits,
}

/// Writes the list that comes next.
struct List<'o> {
    out: &'o mut Vec<u8>,
    of: Element,
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        self.out.push(b'[');
        let mut first = true;
        while access.next_element_seed(ListElement { out: self.out, of: self.of, first })?.is_some() {
            first = false;
        }
        self.out.push(b']');
        Ok(())
    }
}

struct ListElement<'o> {
    out: &'o mut Vec<u8>,
    of: Element,
    first: bool,
}

impl<'de> DeserializeSeed<'de> for ListElement<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let out = self.out;
        if !self.first {
            out.push(b',');
        }
        match self.of {
            Element::Value => Plain(out).deserialize(deserializer),
            Element::Text => Text { out, before: "" }.deserialize(deserializer),
            Element::Digits => Digits(out).deserialize(deserializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcode(typed: &str, format: Format) -> Result<String, serde_json::Error> {
        let mut out = Vec::new();
        AttributeMap { out: &mut out, format }.deserialize(&mut serde_json::Deserializer::from_str(typed))?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn writes_every_type_as_plain_json() {
        for (typed, plain) in [
            ("{}", "{}"),
            (r#"{"a":{"S":"x"},"b":{"S":""}}"#, r#"{"a":"x","b":""}"#),
            (r#"{"a":{"S":"q\" \\ \n \u0000 é 🦀"}}"#, r#"{"a":"q\" \\ \n \u0000 é 🦀"}"#),
            (r#"{"\u00e9\t":{"S":"\ud83e\udd80"}}"#, r#"{"é\t":"🦀"}"#),
            (
                r#"{"n":{"N":"12345678901234567890123456789012345678"}}"#,
                r#"{"n":12345678901234567890123456789012345678}"#,
            ),
            (r#"{"n":{"N":"1E-130"},"m":{"N":"-0.10"}}"#, r#"{"n":1E-130,"m":-0.10}"#),
            (r#"{"b":{"B":"aGk="}}"#, r#"{"b":"aGk="}"#),
            (r#"{"t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true}}"#, r#"{"t":true,"f":false,"z":null}"#),
            (
                r#"{"m":{"M":{"$serde_json::private::Number":{"L":[]}}}}"#,
                r#"{"m":{"$serde_json::private::Number":[]}}"#,
            ),
            (r#"{"l":{"L":[{"N":"1"},{"L":[{"S":"a"}]},{"M":{}}]}}"#, r#"{"l":[1,["a"],{}]}"#),
            (
                r#"{"s":{"SS":["a","b"]},"n":{"NS":["1","2.0"]},"b":{"BS":["aGk="]}}"#,
                r#"{"s":["a","b"],"n":[1,2.0],"b":["aGk="]}"#,
            ),
            (r#"{"v":{"F32V":[1.5]}}"#, r#"{"v":{"F32V":[1.5]}}"#),
        ] {
            assert_eq!(transcode(typed, Format::Plain).unwrap(), plain);
            assert_eq!(transcode(typed, Format::Typed).unwrap(), typed);
        }
    }

    #[test]
    fn rejects_what_is_no_attribute_value() {
        for typed in
            [r#"{"a":{}}"#, r#"{"a":{"S":"x","N":"1"}}"#, r#"{"a":"x"}"#, r#"{"a":{"N":1}}"#, r#"{"a":{"S":"x"}"#]
        {
            assert!(transcode(typed, Format::Plain).is_err(), "{typed}");
        }
    }
}
