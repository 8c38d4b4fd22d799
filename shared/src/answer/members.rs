//! A response's members, each written by what it holds: items in the caller's format, tables with their times,
//! everything else as it came.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{Reply, broken, metadata, time, transcode::AttributeMap};
use crate::{error::Error, json::Json, value::Format};

/// What was written of a response.
#[derive(Default)]
pub(super) struct Written {
    /// The members' names.
    pub(super) names: Vec<String>,
    pub(super) consumed_capacity: Option<f64>,
}

/// The part of `ConsumedCapacity` that sums it up.
#[derive(Deserialize)]
struct ConsumedCapacity {
    #[serde(rename = "CapacityUnits")]
    units: Option<f64>,
}

/// Writes `{"$metadata": …, members}`.
pub(super) fn write(reply: &Reply, format: Format, out: &mut Vec<u8>) -> Result<Written, Error> {
    out.push(b'{');
    out.extend_from_slice(metadata(reply).as_bytes());
    let mut deserializer = serde_json::Deserializer::from_slice(&reply.body);
    let written = Members { out, format }.deserialize(&mut deserializer).map_err(broken)?;
    deserializer.end().map_err(broken)?;
    out.push(b'}');
    Ok(written)
}

struct Members<'o> {
    out: &'o mut Vec<u8>,
    format: Format,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = Written;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Written, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a response")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Written, A::Error> {
        let Self { out, format } = self;
        let mut written = Written::default();
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
                "ConsumedCapacity" => {
                    let text = access.next_value::<&RawValue>()?.get();
                    // For the log only: one that cannot be read goes on as it came.
                    written.consumed_capacity =
                        serde_json::from_str(text).ok().and_then(|ConsumedCapacity { units }| units);
                    out.extend_from_slice(text.as_bytes());
                }
                _ => out.extend_from_slice(access.next_value::<&RawValue>()?.get().as_bytes()),
            }
            written.names.push(name);
        }
        Ok(written)
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
