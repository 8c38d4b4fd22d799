//! The type for secrets.

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    error::Error,
    input::{FromJson, Shape},
    json::Json,
    path::Path,
};

/// A secret. It cannot be printed or serialized. Its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(Zeroizing<String>);

impl Sensitive {
    /// A secret with this text.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// The secret's text, to sign with.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Reads a secret from an event. Blanks and line breaks around it are removed, because pasted keys often have them.
impl FromJson for Sensitive {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let Json::String(secret) = json else {
            return Err(Error::invalid(path, &Json::Null, "a string"));
        };
        let secret = Self::new(secret);
        let trimmed = secret.reveal().trim();
        if trimmed.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Ok(Self::new(trimmed.to_owned()));
        }
        Err(Error::invalid(path, &Json::Null, "text of printable ASCII characters"))
    }

    fn shape() -> Shape {
        Shape::Secret
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("** redacted **")
    }
}

#[cfg(test)]
mod tests {
    use super::Sensitive;

    #[test]
    fn is_not_printed() {
        assert_eq!(format!("{:?}", Some(Sensitive::new("marked".into()))), "Some(** redacted **)");
    }
}
