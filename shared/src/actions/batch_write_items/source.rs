//! The elements of a batch as the event gives them.

use crate::{
    error::Error,
    input::{FromJson, Shape},
    json::Json,
    path::Path,
};

/// An item or a key as the event gives it: its JSON until it is read, and its text from then on, because it may be handed
/// back. For thousands of elements, both take too much memory.
#[derive(Debug)]
pub(super) enum Source {
    /// It was not read yet.
    Json(Json),
    /// Its compact JSON text.
    Text(Box<str>),
}

impl Source {
    /// The compact JSON text. `null` if the element was not read.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Json(_) => "null",
            Self::Text(text) => text,
        }
    }

    /// The JSON. The element has its text afterwards.
    ///
    /// # Errors
    /// Returns [`Error::Internal`] if the text is not JSON.
    pub(super) fn take(&mut self) -> Result<Json, Error> {
        match self {
            Self::Json(json) => {
                let text = Self::Text(json.to_string().into());
                match std::mem::replace(self, text) {
                    Self::Json(json) => Ok(json),
                    Self::Text(_) => Err(Error::Internal("an element without JSON".to_owned())),
                }
            }
            Self::Text(text) => Json::parse(text).map_err(|error| Error::Internal(format!("our own JSON: {error}"))),
        }
    }
}

impl FromJson for Source {
    fn from_json(json: Json, _path: &Path<'_>) -> Result<Self, Error> {
        Ok(Self::Json(json))
    }

    fn shape() -> Shape {
        Json::shape()
    }
}
