//! The identity in a secret of AWS Secrets Manager: an access key pair or a role, in any spelling.
//!
//! API: [`GetSecretValue`](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html),
//! signed by the function's own role. The text is kept for five minutes (`SECRET_TTL_SECONDS`). If the service refuses
//! the identity in it, the secret is read again at once, so that a rotated secret takes effect.

use std::{
    borrow::Cow,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{
    Connection, Region, Role, Sensitive,
    base::Base,
    renewal::{Load, Loaded, Renew as _, Renewing},
    role,
};
use crate::{
    error::{CallSite, Error},
    input::{FromJson, Shape},
    json::Json,
    path::Path,
};

/// A secret's name or ARN, and its region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretReference {
    pub(super) id: SecretId,
    pub(super) region: Option<Region>,
}

/// A secret's name or ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SecretId(String);

impl FromJson for SecretId {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let id = String::from_json(json, path)?;
        if id.len() > 2_048 || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid(path, &Json::String(id), "the name or ARN of a secret"));
        }
        Ok(Self(id))
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl SecretReference {
    /// All values that distinguish this identity from others.
    pub(super) fn parts(&self) -> Vec<Option<Cow<'_, str>>> {
        let region = self.region.as_ref().map(Region::as_str);
        vec![Some("secret".into()), Some(self.id.0.as_str().into()), region.map(Into::into)]
    }

    /// The secret's region: the given one, the one in its ARN, or else the region that the action calls.
    pub(super) fn region<'a>(&'a self, action: &'a Region) -> Region {
        let in_arn = || self.id.0.strip_prefix("arn:")?.split(':').nth(2).and_then(Region::parse);
        self.region.clone().or_else(in_arn).unwrap_or_else(|| action.clone())
    }
}

/// A source of credentials that reads the secret and signs as the identity in it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) reference: SecretReference,
    /// The Secrets Manager client in the secret's region. It signs as the function itself.
    pub(super) secrets: aws_sdk_secretsmanager::Client,
    pub(super) secret_region: Region,
    /// The region that the action calls.
    pub(super) region: Region,
    /// How long the secret's text is kept.
    pub(super) time_to_live: Duration,
    pub(super) base: Base,
    /// The last role in the secret, with its credentials. They outlive the text's five minutes.
    pub(super) role: Mutex<Option<(Role, Renewing<role::Source>)>>,
}

impl Source {
    async fn read(&self) -> Result<Connection, Error> {
        let SecretReference { id, .. } = &self.reference;
        let site = self.read_site();
        let answer = self
            .secrets
            .get_secret_value()
            .secret_id(&id.0)
            .send()
            .await
            .map_err(|error| Error::from_sdk(&error, site.clone()))?;
        let path = Path::Input("secret");
        let invalid =
            |what: &str| Error::InvalidConnection(format!("the secret behind `connection.secretId` {what} ({site})"));
        let text = answer.secret_string.map(Sensitive::new).ok_or_else(|| invalid("holds no text"))?;
        let json = Json::parse(text.reveal()).map_err(|_| invalid("is not JSON"))?;
        let expected = |error| match error {
            Error::InvalidConnection(message) => Error::InvalidConnection(format!(
                "{message}; a secret holds `accessKeyId` and `secretAccessKey`, or `roleArn`, in a spelling of a connection"
            )),
            other => other,
        };
        match Connection::from_json(json, &path).map_err(expected)? {
            Connection::Secret(_) => Err(invalid("names another secret; put the access key pair or the role into it")),
            Connection::Own => Err(invalid("holds neither an access key pair nor a role")),
            connection @ (Connection::AccessKey(_) | Connection::Role(_)) => Ok(connection),
        }
    }

    fn read_site(&self) -> CallSite {
        let region = self.secret_region.as_str().to_owned();
        CallSite { service: "Secrets Manager", operation: "GetSecretValue", table: None, region }
    }

    fn of_role(&self, role: Role) -> Renewing<role::Source> {
        let mut kept = self.role.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((known, renewing)) if *known == role => renewing.clone(),
            _ => {
                let renewing = Renewing::new(self.base.role(role.clone(), &self.region), self.base.time.clone());
                *kept = Some((role, renewing.clone()));
                renewing
            }
        }
    }
}

impl Load for Source {
    async fn load(&self) -> Result<Loaded, Error> {
        let connection = self.read().await?;
        let text_until = self.base.time.now() + self.time_to_live;
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

    fn site(&self) -> CallSite {
        let role = self.role.lock().unwrap_or_else(PoisonError::into_inner);
        role.as_ref().and_then(|(_, renewing)| renewing.under_way()).unwrap_or_else(|| self.read_site())
    }

    fn refused(&self) {
        *self.role.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
