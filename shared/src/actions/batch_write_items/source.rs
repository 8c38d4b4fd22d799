//! The elements of a batch as the event gives them.

use crate::{
    error::Error,
    input::{FromJson, Shape},
    json::Json,
    path::Path,
};

/// An item or a key as the event gives it. Its text is kept, because it may be handed back. Its JSON is there until it is
/// read: for thousands of elements, both take too much memory.
#[derive(Debug)]
pub(super) struct Source {
    text: Box<str>,
    json: Option<Json>,
}

impl Source {
    /// The compact JSON text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The JSON. It is made of the text if it was taken before.
    ///
    /// # Errors
    /// Returns [`Error::Internal`] if the text is not JSON.
    pub(super) fn take(&mut self) -> Result<Json, Error> {
        match self.json.take() {
            Some(json) => Ok(json),
            None => Json::parse(&self.text).map_err(|error| Error::Internal(format!("our own JSON: {error}"))),
        }
    }
}

impl FromJson for Source {
    fn from_json(json: Json, _path: &Path<'_>) -> Result<Self, Error> {
        Ok(Self { text: json.to_string().into(), json: Some(json) })
    }

    fn shape() -> Shape {
        Json::shape()
    }
}
