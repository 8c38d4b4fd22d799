//! The identity that a secret of AWS Secrets Manager holds: an access key pair or a role, in any of their spellings.
//!
//! API: [`GetSecretValue`](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html), signed by the
//! function's own role. The text is kept for five minutes (`SECRET_TTL_SECONDS`), and read anew at once when the service
//! refuses what it holds: a rotated secret is noticed.

#![expect(clippy::disallowed_methods, reason = "the wall clock, until a `TimeSource` is passed in")]

use std::{
    borrow::Cow,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use super::{
    Connection, Fields, Region, Role, Sensitive,
    client::Base,
    renewal::{Load, Loaded, Renewing},
    role,
};
use crate::{
    error::{CallSite, Error},
    input::FromJson as _,
    json::Json,
    path::Path,
};

/// A secret's name or ARN, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretReference {
    id: String,
    region: Option<Region>,
}

impl SecretReference {
    /// Takes the reference out of the connection's inputs; `None` when there is none.
    pub(super) fn take(fields: &mut Fields) -> Result<Option<Self>, Error> {
        let Some(id) = fields.take("secretId")? else { return Ok(None) };
        let id = id.trim().to_owned();
        if id.len() > 2_048 || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(fields.invalid("secretId", "the name or ARN of a secret"));
        }
        let region = match fields.take("secretRegion")? {
            None => None,
            Some(name) => Some(
                Region::parse(name.trim())
                    .ok_or_else(|| fields.invalid("secretRegion", "the name of an AWS region"))?,
            ),
        };
        Ok(Some(Self { id, region }))
    }

    /// Everything that tells this identity from another.
    pub(super) fn parts(&self) -> Vec<Option<Cow<'_, str>>> {
        let region = self.region.as_ref().map(Region::as_str);
        vec![Some("secret".into()), Some(self.id.as_str().into()), region.map(Into::into)]
    }

    /// Where the secret is: as given, as its ARN says, or where the action calls.
    pub(super) fn region<'a>(&'a self, action: &'a Region) -> Region {
        let in_arn = || self.id.strip_prefix("arn:")?.split(':').nth(2).and_then(Region::parse);
        self.region.clone().or_else(in_arn).unwrap_or_else(|| action.clone())
    }
}

/// Reads the secret, and what it takes to sign as the identity in it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) reference: SecretReference,
    /// Signs as the function itself, in the secret's region.
    pub(super) secrets: aws_sdk_secretsmanager::Client,
    pub(super) secret_region: Region,
    /// Where the action calls.
    pub(super) region: Region,
    /// How long its text is kept.
    pub(super) time_to_live: Duration,
    pub(super) base: Base,
    /// The role that the secret held last, with its credentials: they outlive the text's five minutes.
    pub(super) role: Mutex<Option<(Role, Renewing<role::Source>)>>,
}

impl Source {
    async fn read(&self) -> Result<Connection, Error> {
        let SecretReference { id, .. } = &self.reference;
        let region = self.secret_region.as_str().to_owned();
        let site = CallSite { service: "Secrets Manager", operation: "GetSecretValue", table: None, region };
        let answer = self
            .secrets
            .get_secret_value()
            .secret_id(id)
            .send()
            .await
            .map_err(|error| Error::from_sdk(&error, site.clone()))?;
        let path = Path::Input("secret");
        let invalid =
            |what: &str| Error::InvalidConnection(format!("the secret behind `connection.secretId` {what} ({site})"));
        let text = answer.secret_string.map(Sensitive::new).ok_or_else(|| invalid("holds no text"))?;
        let json = Json::parse(text.reveal()).map_err(|_| invalid("is not JSON"))?;
        match Connection::from_json(json, &path)? {
            Connection::Secret(_) => Err(invalid("names another secret; put the access key pair or the role into it")),
            Connection::Own => Err(invalid("holds neither an access key pair nor a role")),
            connection @ (Connection::AccessKey(_) | Connection::Role(_)) => Ok(connection),
        }
    }

    fn of_role(&self, role: Role) -> Renewing<role::Source> {
        let mut kept = self.role.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((known, renewing)) if *known == role => renewing.clone(),
            _ => {
                let renewing = Renewing::new(self.base.role(role.clone(), &self.region));
                *kept = Some((role, renewing.clone()));
                renewing
            }
        }
    }
}

impl Load for Source {
    async fn load(&self) -> Result<Loaded, Error> {
        let connection = self.read().await?;
        let text_until = SystemTime::now() + self.time_to_live;
        match connection {
            Connection::Role(role) => {
                role.check_region(&self.region)?;
                let Loaded { credentials, good_until } = self.of_role(role).get().await?;
                Ok(Loaded { credentials, good_until: good_until.min(text_until) })
            }
            Connection::AccessKey(pair) => Ok(Loaded { credentials: pair.credentials(), good_until: text_until }),
            Connection::Own | Connection::Secret(_) => Err(Error::Internal("a secret that `read` let through".into())),
        }
    }

    fn refused(&self) {
        *self.role.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
