//! The identity behind an access key pair.

use std::borrow::Cow;

use aws_credential_types::Credentials;

use super::{Fields, Sensitive};
use crate::error::Error;

/// An access key pair, with the session token that temporary ones come with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Names the pair; not secret, but not logged either.
    pub access_key_id: String,
    /// Signs.
    pub secret_access_key: Sensitive,
    /// Goes along with temporary credentials.
    pub session_token: Option<Sensitive>,
}

impl AccessKey {
    /// Takes the pair out of the connection's inputs; `None` when neither half is there.
    pub(super) fn take(fields: &mut Fields) -> Result<Option<Self>, Error> {
        let id = fields.take("accessKeyId")?.map(|id| id.trim().to_owned());
        let secret = fields.take("secretAccessKey")?.map(Sensitive::new);
        let session_token = fields.take("sessionToken")?.map(Sensitive::new);
        match (id, secret) {
            (Some(access_key_id), Some(secret_access_key)) => {
                Ok(Some(Self { access_key_id, secret_access_key, session_token }))
            }
            (Some(_), None) => Err(fields.missing("secretAccessKey", "`accessKeyId` is given")),
            (None, Some(_)) => Err(fields.missing("accessKeyId", "`secretAccessKey` is given")),
            (None, None) if session_token.is_some() => Err(fields.missing("accessKeyId", "`sessionToken` is given")),
            (None, None) => Ok(None),
        }
    }

    /// Everything that tells this identity from another.
    pub(super) fn parts(&self) -> Vec<Option<Cow<'_, str>>> {
        vec![
            Some("accessKey".into()),
            Some(self.access_key_id.as_str().into()),
            Some(self.secret_access_key.reveal().into()),
            self.session_token.as_ref().map(|token| token.reveal().into()),
        ]
    }

    /// As the SDK signs with it.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        Credentials::new(
            &self.access_key_id,
            self.secret_access_key.reveal(),
            self.session_token.as_ref().map(|token| token.reveal().to_owned()),
            None,
            "connection",
        )
    }
}
