//! One page as DynamoDB writes it: its figures, its items in the caller's format, the key of any of them.

use std::{collections::HashMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::super::{broken, members::Items};
use crate::{error::Error, json::Json, value::Format};

/// One page's own figures; its items are written already.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) ends: Vec<usize>,
    pub(super) count: u64,
    pub(super) scanned: u64,
    pub(super) capacity: Option<Json>,
    pub(super) last_key: Option<String>,
}

impl Page {
    /// The `Limit` (items evaluated) with which this page ends after about `kept` of its `all` items, and never
    /// after more where nothing is filtered out.
    pub(super) fn limit_for(&self, kept: usize, all: usize) -> usize {
        let scanned = usize::try_from(self.scanned).unwrap_or(usize::MAX).max(all);
        (scanned.saturating_mul(kept) / all).clamp(1, scanned.saturating_sub(1).max(1))
    }
}

pub(super) struct PageMembers<'o> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) format: Format,
    pub(super) page: &'o mut Page,
}

impl<'de> DeserializeSeed<'de> for PageMembers<'_> {
    type Value = Vec<(String, Option<Box<RawValue>>)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PageMembers<'_> {
    type Value = Vec<(String, Option<Box<RawValue>>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = access.next_key::<String>()? {
            let mut rest = None;
            match name.as_str() {
                "Items" => {
                    access.next_value_seed(Items { out: self.out, format: self.format, ends: &mut self.page.ends })?;
                }
                "Count" => self.page.count = access.next_value()?,
                "ScannedCount" => self.page.scanned = access.next_value()?,
                "ConsumedCapacity" => self.page.capacity = Some(access.next_value()?),
                "LastEvaluatedKey" => {
                    self.page.last_key = Some(access.next_value::<&RawValue>()?.get().to_owned());
                    continue;
                }
                _ => rest = Some(access.next_value()?),
            }
            members.push((name, rest));
        }
        Ok(members)
    }
}

/// A page's `LastEvaluatedKey`, where it stands after the items, as DynamoDB writes it; the items are not read.
pub(super) fn key_at_the_end(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct End<'a> {
        #[serde(borrow, rename = "LastEvaluatedKey")]
        key: &'a RawValue,
    }
    const NAME: &[u8] = br#""LastEvaluatedKey":"#;
    /// More than two keys of 2,048 and 1,024 bytes make, escaped.
    const FAR: usize = 32 * 1024;

    let near = body.len().saturating_sub(FAR);
    let at = near + body[near..].windows(NAME.len()).rposition(|window| window == NAME)?;
    // What begins here and makes an object to the body's very end is a member of the page itself: inside an item, more than
    // one brace would follow.
    let end = [b"{", &body[at..]].concat();
    serde_json::from_slice::<End<'_>>(&end).ok().map(|End { key }| key.get().to_owned())
}

/// The attribute names of a page key.
pub(super) fn key_names(key: Option<&str>) -> Result<Vec<String>, Error> {
    match key.map(Json::parse) {
        None => Ok(Vec::new()),
        Some(Ok(Json::Object(members))) => Ok(members.into_iter().map(|(name, _)| name).collect()),
        Some(_) => Err(broken("a page key that is no object")),
    }
}

/// The key of a page's item, in DynamoDB's JSON; `None` where it lacks one of the names, or there are none.
pub(super) fn key_of_item(body: &[u8], index: usize, names: &[String]) -> Result<Option<String>, Error> {
    #[derive(Deserialize)]
    struct OnlyItems<'a> {
        #[serde(borrow, rename = "Items")]
        items: Vec<&'a RawValue>,
    }
    if names.is_empty() {
        return Ok(None);
    }
    let page: OnlyItems<'_> = serde_json::from_slice(body).map_err(broken)?;
    let item: HashMap<String, &RawValue> = serde_json::from_str(page.items[index].get()).map_err(broken)?;
    let parts: Option<Vec<String>> = names
        .iter()
        .map(|name| Some(format!("{}:{}", serde_json::Value::from(name.as_str()), item.get(name)?.get())))
        .collect();
    Ok(parts.map(|parts| format!("{{{}}}", parts.join(","))))
}

/// Capacity adds up, whatever parts DynamoDB breaks it into.
pub(super) fn sum_of(sum: Json, more: Json) -> Json {
    match (sum, more) {
        (Json::Number(one), Json::Number(other)) => {
            match (one.parse::<f64>(), other.parse::<f64>()) {
                // Halves of a unit: a float adds them exactly.
                (Ok(a), Ok(b)) => Json::Number((a + b).to_string()),
                _ => Json::Number(other),
            }
        }
        (Json::Object(mut members), Json::Object(more)) => {
            for (name, value) in more {
                match members.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = sum_of(std::mem::replace(known, Json::Null), value),
                    None => members.push((name, value)),
                }
            }
            Json::Object(members)
        }
        (_, more) => more,
    }
}
