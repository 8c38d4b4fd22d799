//! The table in the module's page, as tables of tests.

mod key;
mod plain;
mod typed;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::Blob;

use super::*;
use crate::input::FromJson;

fn json(text: &str) -> Json {
    Json::parse(text).unwrap()
}

fn plain(value: &str, types: &str) -> Result<AttributeValue, String> {
    let types = (!types.is_empty()).then(|| Types::from_json(json(types), &Path::Input("itemTypes")).unwrap());
    from_plain(json(value), types.as_ref(), &Path::Input("v")).map_err(|error| error.to_string())
}

fn typed(value: &str) -> Result<AttributeValue, String> {
    from_typed(json(value), &Path::Input("v")).map_err(|error| error.to_string())
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.into())
}

fn b(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

fn m<const N: usize>(members: [(&str, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
