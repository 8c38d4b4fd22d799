//! Writes a response's members: items in the caller's format, tables with ISO 8601 times, and all other members
//! unchanged.

use serde::Deserialize;

use super::{
    metadata,
    scanner::{Broken, Scanner},
    text_of, time,
    transcode::attribute_map,
};
use crate::{dynamodb::Reply, error::Error, json::Json, value::Format};

/// The facts that the answer needs about the members that were written.
#[derive(Default)]
pub(super) struct Written {
    /// The members' names.
    pub(super) names: Vec<String>,
    pub(super) consumed_capacity: Option<f64>,
}

/// Writes `{"$metadata": …, members}`.
pub(super) fn write(reply: &Reply, format: Format, out: &mut String) -> Result<Written, Error> {
    let mut written = Written::default();
    let mut scanner = Scanner::new(text_of(&reply.body)?);
    out.push('{');
    out.push_str(&metadata(reply));
    scanner
        .object(|scanner, name| {
            out.push(',');
            name.write(out)?;
            out.push(':');
            let name = name.decode()?;
            match &*name {
                "Item" | "Attributes" => attribute_map(scanner, format, out)?,
                "Items" => {
                    out.push('[');
                    items(scanner, format, out, &mut Vec::new())?;
                    out.push(']');
                }
                "Table" | "TableDescription" | "ContinuousBackupsDescription" => {
                    let mut table = json(scanner)?;
                    time::rewrite(&mut table);
                    out.push_str(&table.to_string());
                }
                "ConsumedCapacity" => {
                    let text = scanner.value()?;
                    // The capacity is for the log only. The answer holds a capacity of an unexpected shape unchanged.
                    written.consumed_capacity = units_in(text);
                    out.push_str(text);
                }
                _ => out.push_str(scanner.value()?),
            }
            written.names.push(name.into_owned());
            Ok(())
        })
        .and_then(|()| scanner.end())
        .map_err(Error::broken_answer)?;
    out.push('}');
    Ok(written)
}

/// The total of `ConsumedCapacity`, which is one capacity or a list of them. `None` for any other shape, and if there
/// are no units.
pub(super) fn units_in(text: &str) -> Option<f64> {
    #[derive(Deserialize)]
    struct One {
        #[serde(rename = "CapacityUnits")]
        units: Option<f64>,
    }
    if text.starts_with('[') {
        let list: Vec<One> = serde_json::from_str(text).ok()?;
        return list.into_iter().map(|one| one.units).sum();
    }
    serde_json::from_str(text).ok().and_then(|One { units }| units)
}

/// Reads the next value.
pub(super) fn json(scanner: &mut Scanner<'_>) -> Result<Json, Broken> {
    let text = scanner.value()?;
    Json::parse(text).map_err(|error| scanner.broken(error))
}

/// Writes the next array of items with commas between them. Appends to `ends` where each item ends in `out`.
pub(super) fn items(
    scanner: &mut Scanner<'_>,
    format: Format,
    out: &mut String,
    ends: &mut Vec<usize>,
) -> Result<(), Broken> {
    scanner.array(|scanner| {
        if !ends.is_empty() {
            out.push(',');
        }
        attribute_map(scanner, format, out)?;
        ends.push(out.len());
        Ok(())
    })
}
