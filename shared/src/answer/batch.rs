//! Reads the answers to the calls of a batch, and writes the answer that joins them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Answer, Capacities, metadata,
    scanner::{Broken, Scanner},
    text_of, transcode,
};
use crate::{
    dynamodb::Reply,
    error::Error,
    json::Json,
    path::Path,
    value::{self, Format, Origin},
};

/// What `BatchGetItem` answered, with items and keys as DynamoDB's JSON text, by table.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchGot<'a> {
    /// The items that exist.
    #[serde(borrow, default)]
    pub responses: HashMap<String, Vec<&'a RawValue>>,
    /// The keys that were not read.
    #[serde(borrow, default)]
    pub unprocessed_keys: HashMap<String, UnprocessedKeys<'a>>,
    #[serde(borrow, default)]
    consumed_capacity: Option<&'a RawValue>,
}

/// The keys of one table that were not read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UnprocessedKeys<'a> {
    /// The keys.
    #[serde(borrow)]
    pub keys: Vec<&'a RawValue>,
}

/// What `BatchWriteItem` answered, by table.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchWritten<'a> {
    /// The writes that were not made.
    #[serde(borrow, default)]
    pub unprocessed_items: HashMap<String, Vec<WriteRequest<'a>>>,
    /// The sizes of item collections.
    #[serde(borrow, default)]
    pub item_collection_metrics: Option<HashMap<String, Vec<&'a RawValue>>>,
    #[serde(borrow, default)]
    consumed_capacity: Option<&'a RawValue>,
}

/// One write: a put or a delete.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WriteRequest<'a> {
    #[serde(borrow, default)]
    put_request: Option<Put<'a>>,
    #[serde(borrow, default)]
    delete_request: Option<Delete<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put<'a> {
    #[serde(borrow)]
    item: &'a RawValue,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete<'a> {
    #[serde(borrow)]
    key: &'a RawValue,
}

impl<'a> BatchGot<'a> {
    /// Reads the body of an answer.
    ///
    /// # Errors
    /// Returns [`Error::ConnectionFailed`] if it does not have DynamoDB's form.
    pub fn read(body: &'a [u8], capacities: &mut Capacities) -> Result<Self, Error> {
        let got: Self = serde_json::from_str(text_of(body)?).map_err(Error::broken_answer)?;
        add(capacities, got.consumed_capacity)?;
        Ok(got)
    }
}

impl<'a> BatchWritten<'a> {
    /// Reads the body of an answer.
    ///
    /// # Errors
    /// Returns [`Error::ConnectionFailed`] if it does not have DynamoDB's form.
    pub fn read(body: &'a [u8], capacities: &mut Capacities) -> Result<Self, Error> {
        let written: Self = serde_json::from_str(text_of(body)?).map_err(Error::broken_answer)?;
        add(capacities, written.consumed_capacity)?;
        Ok(written)
    }
}

impl<'a> WriteRequest<'a> {
    /// The item or the key, as DynamoDB's JSON text. `None` for a write of another kind.
    #[must_use]
    pub fn attributes(&self) -> Option<&'a str> {
        match (&self.put_request, &self.delete_request) {
            (Some(put), _) => Some(put.item.get()),
            (None, Some(delete)) => Some(delete.key.get()),
            (None, None) => None,
        }
    }
}

fn add(capacities: &mut Capacities, reports: Option<&RawValue>) -> Result<(), Error> {
    if let Some(reports) = reports {
        capacities.add(Json::parse(reports.get()).map_err(Error::broken_answer)?);
    }
    Ok(())
}

/// Reads these attributes of an item (DynamoDB's JSON text). Those that the item lacks are missing.
///
/// # Errors
/// Returns [`Error::ConnectionFailed`] if the text does not have DynamoDB's form.
pub fn attributes_of(item: &str, names: &[String]) -> Result<HashMap<String, AttributeValue>, Error> {
    let mut found = HashMap::with_capacity(names.len());
    let mut scanner = Scanner::new(item);
    scanner
        .object(|scanner, name| {
            let text = scanner.value()?;
            let name = name.decode()?;
            if names.iter().any(|known| *known == *name) {
                let json = Json::parse(text).map_err(|error| scanner.broken(error))?;
                let path = Path::Input("Item");
                let value = value::always_typed(json, Origin::LastEvaluatedKey, &path.member(&name))
                    .map_err(|error| scanner.broken(error))?;
                found.insert(name.into_owned(), value);
            }
            Ok(())
        })
        .map_err(Error::broken_answer)?;
    Ok(found)
}

/// An item (DynamoDB's JSON text) in the given format, without the attributes that only we asked for.
///
/// # Errors
/// Returns [`Error::ConnectionFailed`] if the text does not have DynamoDB's form.
pub fn item_text(item: &str, format: Format, hidden: &[String]) -> Result<String, Error> {
    let mut out = String::with_capacity(item.len());
    let written: Result<(), Broken> = if hidden.is_empty() {
        transcode::attribute_map(&mut Scanner::new(item), format, &mut out)
    } else {
        transcode::attribute_map_without(&mut Scanner::new(item), format, hidden, &mut out)
    };
    written.map_err(Error::broken_answer)?;
    Ok(out)
}

/// An answer `{"data": {"$metadata": …, members}}` that is written member by member.
#[derive(Debug)]
pub struct Joined(String);

impl Joined {
    /// The beginning of an answer. `last`: the last call, with the attempts and waits of all of them.
    #[must_use]
    pub fn new(last: &Reply) -> Self {
        Self(format!(r#"{{"data":{{{}"#, metadata(last)))
    }

    /// Adds a member. `json`: its value, as JSON text.
    pub fn member(&mut self, name: &str, json: &str) {
        self.0.extend([",", &serde_json::Value::from(name).to_string(), ":", json]);
    }

    /// Adds a list. `elements`: JSON texts.
    pub fn list<'t>(&mut self, name: &str, elements: impl Iterator<Item = &'t str>) {
        self.0.extend([",\"", name, "\":["]);
        write_elements(&mut self.0, elements);
        self.0.push(']');
    }

    /// The answer.
    #[must_use]
    pub fn finish(mut self, capacities: &Capacities) -> Answer {
        if let Some(text) = capacities.to_text() {
            self.member("ConsumedCapacity", &text);
        }
        self.0.push_str("}}");
        Answer { text: self.0, consumed_capacity: capacities.units() }
    }
}

/// Writes JSON texts with commas between them.
pub fn write_elements<'t>(out: &mut String, elements: impl Iterator<Item = &'t str>) {
    for (index, element) in elements.enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(element);
    }
}
