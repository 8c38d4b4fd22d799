//! The identity behind an access key pair.

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
/// An access key pair, with the session token that temporary ones come with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Names the pair. It is not secret, but it is not logged either.
    pub(super) access_key_id: AccessKeyId,
    pub(super) secret_access_key: Sensitive,
    pub(super) session_token: Option<Sensitive>,
}

/// An access key ID, of characters that an `Authorization` header takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AccessKeyId(pub(super) String);

impl FromJson for AccessKeyId {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let id = String::from_json(json, path)?;
        // The header has `Credential=ID/date/…, SignedHeaders=…`.
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
    /// Everything that tells this identity from another.
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
