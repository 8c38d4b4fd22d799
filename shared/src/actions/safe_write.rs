//! Safe writes: a token that identifies repetitions, and an expected version of the item.

use aws_sdk_dynamodb::types::AttributeValue;

use super::Context;
use crate::{
    error::Error,
    expression::Placeholders,
    input::{FromJson, Shape, Whole, is_blank},
    inputs,
    json::Json,
    path::Path,
    value::number::Number,
};

inputs! {
    /// The inputs that make a write safe to repeat.
    pub(super) struct SafeWriteInputs {
        /// A token of 1 to 36 characters. Within ten minutes, the same event with the same token takes effect once. The
        /// write becomes a transaction of one: it costs twice the capacity and returns no `Attributes`. `auto` uses the
        /// id of the message, notification or bus event, or else of the invocation.
        request_token: Option<RequestToken> = ["requestToken"] { example: "order-1001-paid" },
        /// The version that the item must have. The write adds one to it. `null` means that no item may exist.
        expected_version: Option<ExpectedVersion> = ["expectedVersion"] { example: 3 },
        /// The name of the attribute that holds the version.
        version_attribute: Option<String> = ["versionAttribute"] { default: "version" },
    }
}

/// A token, or `auto`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestToken(String);

impl RequestToken {
    /// The token to send. `auto` is the id that stays the same when the event is sent again.
    pub(super) fn for_request(&self, context: &Context) -> String {
        match self.0.as_str() {
            "auto" => context.id.clone(),
            token => token.to_owned(),
        }
    }
}

impl FromJson for RequestToken {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let token = String::from_json(json, path)?;
        if token.chars().count() > 36 {
            return Err(Error::invalid(path, &Json::String(token), "a token of 1 to 36 characters"));
        }
        Ok(Self(token))
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

/// The version that the item must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExpectedVersion {
    /// No item may exist.
    NoItem,
    Number(i64),
}

/// A version that can be incremented.
type Version = Whole<0, { i64::MAX - 1 }>;

impl FromJson for ExpectedVersion {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::Null => Ok(Self::NoItem),
            json => Version::from_json(json, path).map(|version| Self::Number(version.get())),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Version::shape(), Shape::Value])
    }

    /// `null` is a value here: it means that no item may exist.
    fn is_left_out(json: &Json) -> bool {
        *json != Json::Null && is_blank(json)
    }
}

/// The condition of a write with an expected version.
#[derive(Debug)]
pub(super) struct VersionCondition {
    /// The whole condition, including the caller's own.
    pub(super) expression: Option<String>,
    /// The placeholder for the name of a key attribute, if the condition uses one.
    pub(super) key_placeholder: Option<String>,
}

impl SafeWriteInputs {
    /// The token to send with the write.
    pub(super) fn token(&self, context: &Context) -> Option<String> {
        self.request_token.as_ref().map(|token| token.for_request(context))
    }

    /// Rejects a request to return attributes: a write with a token cannot return them.
    pub(super) fn check_returned(&self, is_asked_for: bool) -> Result<(), Error> {
        if is_asked_for && self.request_token.is_some() {
            let message = "a write with a `requestToken` returns no attributes; leave it out, or give NONE";
            return Err(Error::input(&Path::Input("returnValues"), message));
        }
        Ok(())
    }

    /// Rejects a token of an action in a transaction, and a request to return attributes.
    pub(super) fn check_in_transaction(&self, asks_for_attributes: bool) -> Result<(), Error> {
        if self.request_token.is_some() {
            let message = "a transaction has one token for all of its actions; give it beside `actions`";
            return Err(Error::input(&Path::Input("requestToken"), message));
        }
        if asks_for_attributes {
            let message = "a transaction returns no attributes; leave it out, or give NONE";
            return Err(Error::input(&Path::Input("returnValues"), message));
        }
        Ok(())
    }

    /// Whether the event has an expected version.
    pub(super) fn has_version(&self) -> bool {
        self.expected_version.is_some()
    }

    fn attribute(&self) -> &str {
        self.version_attribute.as_deref().unwrap_or("version")
    }

    /// The version that the item has after the write.
    fn next(&self) -> Option<AttributeValue> {
        let next = match self.expected_version? {
            ExpectedVersion::NoItem => 1,
            ExpectedVersion::Number(number) => number + 1,
        };
        Some(AttributeValue::N(next.to_string()))
    }

    /// Combines the caller's condition with the condition on the version.
    pub(super) fn condition(
        &self,
        given: Option<String>,
        placeholders: &mut Placeholders<AttributeValue>,
    ) -> VersionCondition {
        let (version, key_placeholder) = match self.expected_version {
            None => return VersionCondition { expression: given, key_placeholder: None },
            Some(ExpectedVersion::Number(number)) => {
                let name = placeholders.name(self.attribute());
                let value = placeholders.value("expectedVersion", AttributeValue::N(number.to_string()));
                (format!("{name} = {value}"), None)
            }
            Some(ExpectedVersion::NoItem) => {
                let key = placeholders.reserve_name("key");
                (format!("attribute_not_exists({key})"), Some(key))
            }
        };
        let expression = match given {
            None => version,
            Some(given) => format!("({given}) AND {version}"),
        };
        VersionCondition { expression: Some(expression), key_placeholder }
    }

    /// The assignment of the next version, for an update expression.
    pub(super) fn assignment(&self, placeholders: &mut Placeholders<AttributeValue>) -> Option<String> {
        let next = self.next()?;
        let name = placeholders.name(self.attribute());
        let value = placeholders.value("nextVersion", next);
        Some(format!("{name} = {value}"))
    }

    /// Puts the next version into a whole item.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if the item already has a version that is neither the expected one nor the next.
    pub(super) fn put_version(&self, item: &mut Vec<(String, AttributeValue)>) -> Result<(), Error> {
        let Some(next) = self.next() else { return Ok(()) };
        let attribute = self.attribute();
        let Some((_, given)) = item.iter_mut().find(|(name, _)| name == attribute) else {
            item.push((attribute.to_owned(), next));
            return Ok(());
        };
        if !self.is_expected(given, &next) {
            let message = "the item has another version than `expectedVersion`; leave it out, it is set with the write";
            return Err(Error::input(&Path::Input("item").member(attribute), message));
        }
        *given = next;
        Ok(())
    }

    /// Whether the version in the item is the expected one or the next.
    fn is_expected(&self, given: &AttributeValue, next: &AttributeValue) -> bool {
        let number = |value: &AttributeValue| value.as_n().ok().and_then(|digits| Number::parse(digits).ok());
        let expected = match self.expected_version {
            Some(ExpectedVersion::Number(expected)) => Number::parse(&expected.to_string()).ok(),
            Some(ExpectedVersion::NoItem) | None => None,
        };
        let given = number(given);
        given.is_some() && (given == expected || given == number(next))
    }
}
