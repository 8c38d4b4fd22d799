//! A member of a payload as a deserializer, for the types of `aws_lambda_events` to read from.

use serde::{
    Deserializer,
    de::{
        Error as _, IntoDeserializer, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, value::RawValue};

use super::{Kind, Member, Selection};

/// The members of an object that are read.
pub(super) type Parts<'de> = MapDeserializer<'de, std::vec::IntoIter<(&'static str, Part<'de>)>, Error>;

/// The parts for these members, from their texts in the same order.
pub(super) fn parts<'de>(members: &[Member], given: Vec<Option<&'de RawValue>>) -> Result<Parts<'de>, Error> {
    let mut parts = Vec::with_capacity(members.len());
    for (member, given) in members.iter().zip(given) {
        parts.extend(member.part(given)?.map(|part| (member.name, part)));
    }
    Ok(MapDeserializer::new(parts.into_iter()))
}

/// The text of a member, as a deserializer that skips what is not read.
pub(super) struct Part<'de> {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) text: &'de RawValue,
}

impl<'de> IntoDeserializer<'de, Error> for Part<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Part<'de> {
    fn string(&self) -> Result<String, Error> {
        serde_json::from_str(self.text.get())
    }

    /// The elements of a list. Only headers are read from lists: any other list has no elements.
    fn elements(&self) -> Result<Vec<Self>, Error> {
        let elements: Vec<&RawValue> = match self.kind {
            Kind::Metadata => serde_json::from_str(self.text.get())?,
            Kind::Event | Kind::Object(_) | Kind::Headers(_) | Kind::Unread => Vec::new(),
        };
        Ok(elements.into_iter().map(|text| Part { text, ..*self }).collect())
    }

    /// The members of an object that are read.
    fn members(&self) -> Result<Parts<'de>, Error> {
        let (members, ignores_case) = match self.kind {
            Kind::Event | Kind::Metadata | Kind::Unread => (&[][..], false),
            Kind::Object(members) => (members, false),
            Kind::Headers(members) => (members, true),
        };
        let position = |name: &str| {
            members.iter().position(|member| {
                if ignores_case { member.name.eq_ignore_ascii_case(name) } else { member.name == name }
            })
        };
        parts(members, self.text.deserialize_map(Selection { position, found: vec![None; members.len()] })?)
    }

    fn json(&self) -> Json {
        match self.text.get().as_bytes().first() {
            Some(b'"') => Json::String,
            Some(b'[') => Json::Array,
            Some(b'{') => Json::Object,
            Some(b't') => Json::Bool(true),
            Some(b'f') => Json::Bool(false),
            Some(b'n') => Json::Null,
            _ => Json::Number,
        }
    }

    fn is_not(&self, expected: &str) -> Error {
        let found = match self.json() {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number => "a number",
            Json::String => "a string",
            Json::Array => "a list",
            Json::Object => "an object",
        };
        Error::custom(format_args!("`{}` is {found}, not {expected}", self.name))
    }
}

/// A kind of JSON, as its first character says.
enum Json {
    Null,
    Bool(bool),
    Number,
    String,
    Array,
    Object,
}

/// Each method asks a visitor only for what its type can be. That keeps the generated code of the types small: it would be twice as
/// large if all went through `deserialize_any`.
impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.json() {
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(value),
            Json::Number => self.deserialize_i64(visitor),
            Json::String => visitor.visit_string(self.string()?),
            Json::Array => SeqDeserializer::new(self.elements()?.into_iter()).deserialize_any(visitor),
            Json::Object => self.members()?.deserialize_any(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.json() {
            Json::Bool(value) => visitor.visit_bool(value),
            _ => Err(self.is_not("a boolean")),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text.get().parse() {
            Ok(number) => visitor.visit_i64(number),
            Err(_) => Err(self.is_not("a whole number")),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.json() {
            Json::String => visitor.visit_string(self.string()?),
            _ => Err(self.is_not("a string")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.json() {
            Json::Array => SeqDeserializer::new(self.elements()?.into_iter()).deserialize_any(visitor),
            _ => Err(self.is_not("a list")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.json() {
            Json::Object => self.members()?.deserialize_any(visitor),
            _ => Err(self.is_not("an object")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    /// A `null` is not a part: it counts as missing.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    /// `RawValue` asks for its text by the name of a newtype.
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.text.deserialize_newtype_struct(name, visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
        ignored_any
    }
}
