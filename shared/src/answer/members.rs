//! A response's members, each written by what it holds: items in the caller's format, tables with their times,
//! everything else as it came.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{Reply, broken, metadata, time, transcode::AttributeMap};
use crate::{error::Error, json::Json, value::Format};

/// Writes `{"$metadata": …, members}` and gives the members' names.
pub(super) fn write(reply: &Reply, format: Format, out: &mut Vec<u8>) -> Result<Vec<String>, Error> {
    out.push(b'{');
    out.extend_from_slice(metadata(&[reply]).as_bytes());
    let mut deserializer = serde_json::Deserializer::from_slice(&reply.body);
    let names = Members { out, format }.deserialize(&mut deserializer).map_err(broken)?;
    deserializer.end().map_err(broken)?;
    out.push(b'}');
    Ok(names)
}

struct Members<'o> {
    out: &'o mut Vec<u8>,
    format: Format,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<String>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a response")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Vec<String>, A::Error> {
        let Self { out, format } = self;
        let mut names = Vec::new();
        while let Some(name) = access.next_key::<String>()? {
            out.push(b',');
            serde_json::to_writer(&mut *out, &name).map_err(A::Error::custom)?;
            out.push(b':');
            match name.as_str() {
                "Item" | "Attributes" => access.next_value_seed(AttributeMap { out, format })?,
                "Items" => {
                    out.push(b'[');
                    access.next_value_seed(Items { out, format, ends: &mut Vec::new() })?;
                    out.push(b']');
                }
                "Table" | "TableDescription" => {
                    let mut table: Json = access.next_value()?;
                    time::rewrite(&mut table);
                    out.extend_from_slice(table.to_string().as_bytes());
                }
                _ => out.extend_from_slice(access.next_value::<&RawValue>()?.get().as_bytes()),
            }
            names.push(name);
        }
        Ok(names)
    }
}

/// Writes the items that come next, with commas between them, and notes where each one ends.
pub(super) struct Items<'o> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) format: Format,
    pub(super) ends: &'o mut Vec<usize>,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while access
            .next_element_seed(Item { out: self.out, format: self.format, first: self.ends.is_empty() })?
            .is_some()
        {
            self.ends.push(self.out.len());
        }
        Ok(())
    }
}

struct Item<'o> {
    out: &'o mut Vec<u8>,
    format: Format,
    first: bool,
}

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if !self.first {
            self.out.push(b',');
        }
        AttributeMap { out: self.out, format: self.format }.deserialize(deserializer)
    }
}
