//! The identity of an access key pair.

use std::borrow::Cow;

use aws_credential_types::Credentials;

use super::Sensitive;
use crate::{
    error::Error,
    input::{FromJson, Shape},
    json::Json,
    path::Path,
};

#[expect(clippy::struct_field_names, reason = "AWS's own names")]
/// An access key pair. Temporary pairs also have a session token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// The ID of the pair. It is not secret, but it is not logged either.
    pub(super) access_key_id: AccessKeyId,
    pub(super) secret_access_key: Sensitive,
    pub(super) session_token: Option<Sensitive>,
}

/// An access key ID. It holds only characters that an `Authorization` header allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AccessKeyId(pub(super) String);

impl FromJson for AccessKeyId {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let id = String::from_json(json, path)?;
        // In the header, the ID stands before a slash or comma: `Credential=ID/date/…, SignedHeaders=…`.
        if id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/' && byte != b',') {
            return Ok(Self(id));
        }
        Err(Error::invalid(path, &Json::String(id), "an access key ID of letters and digits"))
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl AccessKey {
    /// All values that distinguish this identity from others.
    pub(super) fn parts(&self) -> Vec<Option<Cow<'_, str>>> {
        vec![
            Some("accessKey".into()),
            Some(self.access_key_id.0.as_str().into()),
            Some(self.secret_access_key.reveal().into()),
            self.session_token.as_ref().map(|token| token.reveal().into()),
        ]
    }

    /// The credentials that the SDK signs with.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        Credentials::new(
            &self.access_key_id.0,
            self.secret_access_key.reveal(),
            self.session_token.as_ref().map(|token| token.reveal().to_owned()),
            None,
            "connection",
        )
    }
}
