//! Answers: DynamoDB's own bytes, re-typed in one pass.
//!
//! - `scanner`: reads JSON text without building values
//! - `transcode`: writes attribute values as plain JSON, from text to text
//! - `members`: writes a response's members, each by its content
//! - `time`: writes epoch seconds as ISO 8601
//! - [`batch`]: reads the answers of several calls and joins them
//! - `capacity`: adds up reports of capacity
//! - [`responses`]: joins the responses of batches and transactions
//! - [`records`]: writes records of a stream as plain records
//! - [`page`]: joins pages of items, keeps to the size limit and finds the key to continue from
//!
//! An answer is JSON text. The runtime gives it to Lambda unchanged.

pub mod batch;
pub mod page;
pub mod records;
pub mod responses;

mod capacity;
mod members;
mod scanner;
mod time;
mod transcode;

use std::collections::HashMap;

pub use capacity::Capacities;
use scanner::Scanner;
use serde_json::value::RawValue;

use crate::{dynamodb::Reply, error::Error, value::Format};

/// An action's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The JSON text.
    text: String,
    /// The capacity units that DynamoDB reports.
    consumed_capacity: Option<f64>,
}

impl Answer {
    /// `{"data": {"$metadata": …, the reply's members}}`, with items in `format`.
    ///
    /// # Errors
    /// Returns [`Error::ConnectionFailed`] if the reply does not have DynamoDB's form.
    pub fn data(reply: &Reply, format: Format) -> Result<Self, Error> {
        let mut text = String::from(r#"{"data":"#);
        let written = members::write(reply, format, &mut text)?;
        text.push('}');
        Ok(Self { text, consumed_capacity: written.consumed_capacity })
    }

    /// `{"data": {"result": {"$metadata": …, the reply's members}, "found": …}}`. `found` computes the value of
    /// `"found"` from the names of the reply's members.
    ///
    /// # Errors
    /// As [`Answer::data`].
    pub fn result(reply: &Reply, format: Format, found: impl FnOnce(&[String]) -> bool) -> Result<Self, Error> {
        let mut text = String::from(r#"{"data":{"result":"#);
        let written = members::write(reply, format, &mut text)?;
        text.push_str(if found(&written.names) { r#","found":true}}"# } else { r#","found":false}}"# });
        Ok(Self { text, consumed_capacity: written.consumed_capacity })
    }

    /// The answer with this value as its JSON.
    ///
    /// # Errors
    /// Returns [`Error::Internal`] if the value cannot be written as JSON.
    pub fn from_serialize(value: &impl serde::Serialize) -> Result<Self, Error> {
        serde_json::to_string(value)
            .map(|text| Self { text, consumed_capacity: None })
            .map_err(|error| Error::Internal(format!("an answer that is not JSON: {error}")))
    }

    /// The length of the JSON, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// The capacity units consumed, over all pages. `None` if DynamoDB did not report them.
    #[must_use]
    pub fn consumed_capacity(&self) -> Option<f64> {
        self.consumed_capacity
    }

    /// The JSON text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

impl AsRef<str> for Answer {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// The item in a refused write's body, as JSON text.
pub(crate) fn item(body: &[u8], format: Format) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Refused<'a> {
        #[serde(borrow, rename = "Item")]
        item: &'a RawValue,
    }
    let refused: Refused<'_> = serde_json::from_slice(body).ok()?;
    let mut out = String::new();
    transcode::attribute_map(&mut Scanner::new(refused.item.get()), format, &mut out).ok()?;
    Some(out)
}

/// The key of the item in a refused write's body, as JSON text. `None` if the item lacks one of the names.
pub(crate) fn key_of_item(body: &[u8], format: Format, names: &[String]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Refused<'a> {
        #[serde(borrow, rename = "Item")]
        item: HashMap<String, &'a RawValue>,
    }
    let refused: Refused<'_> = serde_json::from_slice(body).ok()?;
    let parts: Option<Vec<String>> = names
        .iter()
        .map(|name| Some(format!("{}:{}", serde_json::Value::from(name.as_str()), refused.item.get(name)?.get())))
        .collect();
    let key = format!("{{{}}}", parts?.join(","));
    let mut out = String::new();
    transcode::attribute_map(&mut Scanner::new(&key), format, &mut out).ok()?;
    Some(out)
}

/// A reply's body as text.
fn text_of(body: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(body).map_err(Error::broken_answer)
}

/// The member `"$metadata":{…}` for a call.
fn metadata(reply: &Reply) -> String {
    let id = reply.request_id.as_deref().unwrap_or_default();
    format!(
        r#""$metadata":{{"httpStatusCode":{},"requestId":{},"attempts":{},"totalRetryDelay":{}}}"#,
        reply.status,
        // The id comes from the network, so it is quoted as JSON.
        serde_json::Value::from(id),
        reply.attempts,
        reply.waited.as_millis(),
    )
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn reply(body: &str) -> Reply {
        Reply {
            status: 200,
            request_id: Some("ID".into()),
            attempts: 2,
            waited: Duration::from_millis(51),
            body: body.into(),
        }
    }

    #[test]
    fn writes_every_member_that_came() {
        let body = r#"{"Attributes":{"a":{"N":"1"}},"New":[1.0,{"x":null}],"ConsumedCapacity":{"CapacityUnits":1.0}}"#;
        assert_eq!(
            Answer::data(&reply(body), Format::Plain).unwrap().as_ref(),
            r#"{"data":{"$metadata":{"httpStatusCode":200,"requestId":"ID","attempts":2,"totalRetryDelay":51},"Attributes":{"a":1},"New":[1.0,{"x":null}],"ConsumedCapacity":{"CapacityUnits":1.0}}}"#
        );
    }

    #[test]
    fn reports_the_consumed_capacity() {
        let capacity = |body: &str| Answer::data(&reply(body), Format::Plain).unwrap().consumed_capacity();
        assert_eq!(capacity(r#"{"ConsumedCapacity":{"TableName":"T","CapacityUnits":1.5}}"#), Some(1.5));
        assert_eq!(capacity(r#"{"ConsumedCapacity":{"TableName":"T"}}"#), None);
        assert_eq!(capacity("{}"), None);
    }

    #[test]
    fn says_whether_the_item_was_found() {
        let found = |body: &str| {
            Answer::result(&reply(body), Format::Typed, |names| names.iter().any(|name| name == "Item")).unwrap()
        };
        assert!(found(r#"{"Item":{"a":{"S":"x"}}}"#).as_ref().ends_with(r#""Item":{"a":{"S":"x"}}},"found":true}}"#));
        assert!(found("{}").as_ref().ends_with(r#""totalRetryDelay":51}},"found":false}}"#));
    }

    #[test]
    fn times_become_iso_8601() {
        let body = r#"{"Table":{"CreationDateTime":1.363729002358E9,"ItemCount":3,"X":[{"LastIncreaseDateTime":0}]}}"#;
        let answer = Answer::data(&reply(body), Format::Typed).unwrap();
        assert!(
            answer.as_ref().ends_with(
                r#""Table":{"CreationDateTime":"2013-03-19T21:36:42.358Z","ItemCount":3,"X":[{"LastIncreaseDateTime":"1970-01-01T00:00:00.000Z"}]}}}"#
            ),
            "{answer:?}"
        );
    }

    #[test]
    fn a_broken_reply_is_an_error() {
        for body in ["", "[]", r#"{"Item":"#, r#"{"Item":{"a":1}}"#] {
            let error = Answer::data(&reply(body), Format::Plain).unwrap_err();
            assert_eq!(error.error_type(), "ConnectionFailed", "{body}");
        }
    }
}
