//! Values as DynamoDB JSON, as DynamoDB writes them in an answer.
//!
//! Only tests need this. The functions pass on the text that DynamoDB wrote, and the SDK writes requests.

use std::fmt::Write as _;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// How a text is escaped. JSON allows both.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Escapes {
    /// Only what JSON requires.
    Few,
    /// Every character, as `\u`.
    All,
}

pub(crate) fn item<'v>(
    members: impl IntoIterator<Item = (&'v String, &'v AttributeValue)>,
    escapes: Escapes,
) -> String {
    let members: Vec<String> = members
        .into_iter()
        .map(|(name, value)| format!("{}:{}", text(name, escapes), typed_text(value, escapes)))
        .collect();
    format!("{{{}}}", members.join(","))
}

pub(crate) fn typed_text(value: &AttributeValue, escapes: Escapes) -> String {
    let texts = |texts: &[String]| list(texts.iter().map(|each| text(each, escapes)));
    let binary = |bytes: &[u8]| format!("\"{}\"", STANDARD.encode(bytes));
    match value {
        AttributeValue::S(string) => format!(r#"{{"S":{}}}"#, text(string, escapes)),
        AttributeValue::N(digits) => format!(r#"{{"N":"{digits}"}}"#),
        AttributeValue::B(bytes) => format!(r#"{{"B":{}}}"#, binary(bytes.as_ref())),
        AttributeValue::Bool(value) => format!(r#"{{"BOOL":{value}}}"#),
        AttributeValue::Null(value) => format!(r#"{{"NULL":{value}}}"#),
        AttributeValue::M(members) => format!(r#"{{"M":{}}}"#, item(members, escapes)),
        AttributeValue::L(values) => {
            format!(r#"{{"L":{}}}"#, list(values.iter().map(|value| typed_text(value, escapes))))
        }
        AttributeValue::Ss(strings) => format!(r#"{{"SS":{}}}"#, texts(strings)),
        AttributeValue::Ns(numbers) => format!(r#"{{"NS":{}}}"#, texts(numbers)),
        AttributeValue::Bs(binaries) => {
            format!(r#"{{"BS":{}}}"#, list(binaries.iter().map(|bytes| binary(bytes.as_ref()))))
        }
        other => panic!("a type that we never make: {other:?}"),
    }
}

fn list(texts: impl Iterator<Item = String>) -> String {
    format!("[{}]", texts.collect::<Vec<_>>().join(","))
}

fn text(string: &str, escapes: Escapes) -> String {
    match escapes {
        Escapes::Few => serde_json::to_string(string).unwrap(),
        Escapes::All => {
            let mut text = String::from("\"");
            for unit in string.encode_utf16() {
                write!(text, "\\u{unit:04x}").unwrap();
            }
            text + "\""
        }
    }
}
