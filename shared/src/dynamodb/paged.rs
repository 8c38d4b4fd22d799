//! Requests whose answers come in pages.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    operation::{
        execute_statement::builders::ExecuteStatementFluentBuilder, query::builders::QueryFluentBuilder,
        scan::builders::ScanFluentBuilder,
    },
    types::AttributeValue,
};

use super::Request;
use crate::{error::Error, input::Collection, json::Json, path::Path, value};

/// A request whose answers come in pages.
pub trait Paged: Request {
    /// The member of an answer that holds the position of the next page.
    const CONTINUATION: Continuation;

    /// The request for the page after `start`. DynamoDB evaluates at most `limit` items for it.
    #[must_use]
    fn page(self, limit: Option<i32>, start: Option<&Start>) -> Self;
}

/// The member of an answer that holds the position of the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuation {
    /// `LastEvaluatedKey`. It can also be built from an item.
    Key,
    /// `NextToken`. Only DynamoDB can make one.
    Token,
}

impl Continuation {
    /// The member's name in an answer.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "LastEvaluatedKey",
            Self::Token => "NextToken",
        }
    }
}

/// The start of a page: after a key, or at a token. It keeps its JSON text unchanged.
#[derive(Debug, Clone)]
pub struct Start {
    text: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    After(HashMap<String, AttributeValue>),
    At(String),
}

impl Start {
    /// After a key from the caller, in DynamoDB's JSON.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if it is not a key in DynamoDB's JSON.
    pub fn after_given(key: Collection<Json>) -> Result<Self, Error> {
        let text = Json::Object(key.0.clone()).to_string();
        let path = Path::Input("exclusiveStartKey");
        let key: HashMap<_, _> = value::page_key(key, &path)?.into_iter().collect();
        if key.is_empty() {
            return Err(Error::input(&path, "an empty key; give a `LastEvaluatedKey`, or leave it out"));
        }
        Ok(Self { text, place: Place::After(key) })
    }

    /// At a token from the caller.
    #[must_use]
    pub fn at_given(token: String) -> Self {
        Self { text: Json::String(token.clone()).to_string(), place: Place::At(token) }
    }

    /// The start of the next page, from the JSON text in an answer.
    ///
    /// # Errors
    /// Returns [`Error::ConnectionFailed`] if the text does not have DynamoDB's form.
    pub fn of_answer(text: &str) -> Result<Self, Error> {
        match Json::parse(text) {
            Ok(Json::Object(members)) => Self::after_given(Collection(members)).map_err(Error::broken_answer),
            Ok(Json::String(token)) => Ok(Self::at_given(token)),
            _ => Err(Error::broken_answer("a page key that is no object")),
        }
    }

    /// The JSON text, unchanged.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn key(&self) -> Option<HashMap<String, AttributeValue>> {
        match &self.place {
            Place::After(key) => Some(key.clone()),
            Place::At(_) => None,
        }
    }

    fn token(&self) -> Option<String> {
        match &self.place {
            Place::After(_) => None,
            Place::At(token) => Some(token.clone()),
        }
    }
}

impl Paged for QueryFluentBuilder {
    const CONTINUATION: Continuation = Continuation::Key;

    fn page(self, limit: Option<i32>, start: Option<&Start>) -> Self {
        self.set_limit(limit).set_exclusive_start_key(start.and_then(Start::key))
    }
}

impl Paged for ScanFluentBuilder {
    const CONTINUATION: Continuation = Continuation::Key;

    fn page(self, limit: Option<i32>, start: Option<&Start>) -> Self {
        self.set_limit(limit).set_exclusive_start_key(start.and_then(Start::key))
    }
}

impl Paged for ExecuteStatementFluentBuilder {
    const CONTINUATION: Continuation = Continuation::Token;

    fn page(self, limit: Option<i32>, start: Option<&Start>) -> Self {
        self.set_limit(limit).set_next_token(start.and_then(Start::token))
    }
}
