//! Connections: who we are to AWS.
//!
//! | `type` | inputs | also accepted |
//! |---|---|---|
//! | `accessKey` | `accessKeyId`, `secretAccessKey`, `sessionToken`? | `{"key": "apiKeySecret", "fields": {…}}` |
//! | `role` | `roleArn` (also `roleARN`), `externalId`?, `sessionName`?, `durationSeconds`?, and optionally an access key pair: the identity that assumes the role | `{"key": "awsAssumeRole", "fields": {…}}` |
//! | `secret` | `secretId`, `secretRegion`? | |
//! | (left out) | the function's execution role | `{}` and `null` |
//!
//! - [`access_key`], [`role`], [`secret`]: one kind each
//! - [`renewal`]: temporary credentials, kept while they last
//! - [`region`]: where to
//! - [`cache`]: one client for each whole identity
//! - [`client`]: DynamoDB for one identity in one region
//! - `sdk`: the SDK's configuration: endpoints, retries, the function's own credentials
//! - `trust`: whose certificates TLS accepts, and the SDK's HTTP clients
//! - `warm_up`: a connection before the first event
//! - [`sensitive`]: the type that secrets live in
//!
//! Every error about the inputs is an [`Error::InvalidConnection`] that names them, never their values.

pub mod access_key;
pub mod cache;
pub mod client;
pub mod region;
pub mod renewal;
pub mod role;
pub mod secret;
pub mod sensitive;

mod sdk;
mod trust;
mod warm_up;

pub use access_key::AccessKey;
pub use client::{Client, Clients};
pub use region::Region;
pub use role::Role;
pub use secret::SecretReference;
pub use sensitive::Sensitive;

use std::borrow::Cow;

use crate::{
    error::Error,
    input::{FromJson, from_text},
    json::Json,
    path::Path,
};

/// An identity, as the event gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The function's execution role.
    Own,
    /// An access key pair.
    AccessKey(AccessKey),
    /// A role to be assumed.
    Role(Role),
    /// One of the two above, in a secret.
    Secret(SecretReference),
}

/// The kinds that an event can name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    AccessKey,
    Role,
    Secret,
}

impl Connection {
    /// The kind, for a log line.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::AccessKey(_) => "accessKey",
            Self::Role(_) => "role",
            Self::Secret(_) => "secret",
        }
    }

    /// Everything that tells this identity from another, for [`cache::Cache::identity`].
    fn parts(&self) -> Vec<Option<Cow<'_, str>>> {
        match self {
            Self::Own => vec![Some("own".into())],
            Self::AccessKey(pair) => pair.parts(),
            Self::Role(role) => role.parts(),
            Self::Secret(reference) => reference.parts(),
        }
    }
}

impl FromJson for Connection {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let invalid = |message: &str| Error::InvalidConnection(format!("`{path}`: {message}"));
        let Ok(Json::Object(members)) = from_text(json, path) else {
            return Err(invalid("an object such as {\"accessKeyId\", \"secretAccessKey\"} is expected"));
        };
        let mut fields = Fields::read(members, path)?;
        let named = fields.take("type")?.or(fields.key.take());
        let kind = match named.as_deref().map(str::trim) {
            Some("accessKey" | "apiKeySecret") => Some(Kind::AccessKey),
            Some("role" | "awsAssumeRole") => Some(Kind::Role),
            Some("secret") => Some(Kind::Secret),
            Some(_) => return Err(invalid("`type` is not one of accessKey, role, secret")),
            None if fields.has("secretId") => Some(Kind::Secret),
            None if fields.has("roleArn") || fields.has("roleARN") => Some(Kind::Role),
            None => None,
        };
        let of_type = |name: &str| format!("the type is `{name}`");
        let connection = match kind {
            Some(Kind::Secret) => SecretReference::take(&mut fields)?
                .map(Self::Secret)
                .ok_or_else(|| fields.missing("secretId", &of_type("secret")))?,
            Some(Kind::Role) => {
                Role::take(&mut fields)?.map(Self::Role).ok_or_else(|| fields.missing("roleArn", &of_type("role")))?
            }
            Some(Kind::AccessKey) => AccessKey::take(&mut fields)?
                .map(Self::AccessKey)
                .ok_or_else(|| fields.missing("accessKeyId", &of_type("accessKey")))?,
            None => AccessKey::take(&mut fields)?.map_or(Self::Own, Self::AccessKey),
        };
        fields.finish()?;
        Ok(connection)
    }

    fn left_out(_path: &Path<'_>) -> Result<Self, Error> {
        Ok(Self::Own)
    }
}

/// The connection's inputs that are still to be read; errors name them, never their values.
struct Fields {
    path: String,
    key: Option<String>,
    members: Vec<(String, Json)>,
}

impl Fields {
    /// The inputs themselves, or those in the component's `{"key", "fields"}`.
    fn read(mut members: Vec<(String, Json)>, path: &Path<'_>) -> Result<Self, Error> {
        let path = path.to_string();
        let Some(at) = members.iter().position(|(name, _)| name == "fields") else {
            return Ok(Self { path, key: None, members });
        };
        let (_, fields) = members.swap_remove(at);
        let mut outer = Self { path, key: None, members };
        let key = outer.take("key")?;
        outer.finish()?;
        let path = format!("{}.fields", outer.path);
        match fields {
            Json::Object(members) => Ok(Self { path, key, members }),
            Json::Null => Ok(Self { path, key, members: Vec::new() }),
            Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                Err(Error::InvalidConnection(format!("`{path}`: an object is expected")))
            }
        }
    }

    /// A text input; blank ones count as left out, as forms send them.
    fn take(&mut self, name: &str) -> Result<Option<String>, Error> {
        let Some(at) = self.members.iter().position(|(given, _)| given == name) else {
            return Ok(None);
        };
        match self.members.swap_remove(at).1 {
            Json::Null => Ok(None),
            Json::String(text) if text.trim().is_empty() => Ok(None),
            Json::String(text) => Ok(Some(text)),
            Json::Number(digits) if name == "durationSeconds" => Ok(Some(digits)),
            Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                Err(Error::InvalidConnection(format!("`{}.{name}`: a string is expected", self.path)))
            }
        }
    }

    /// An input that has two spellings.
    fn take_either(&mut self, name: &str, other: &str) -> Result<Option<String>, Error> {
        match (self.take(name)?, self.take(other)?) {
            (Some(_), Some(_)) => Err(Error::InvalidConnection(format!(
                "`{}.{other}`: the same input as `{name}`; give one of them",
                self.path
            ))),
            (text, other) => Ok(text.or(other)),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(given, json)| given == name && !json.is_left_out())
    }

    fn invalid(&self, name: &str, rule: &str) -> Error {
        Error::InvalidConnection(format!("`{}.{name}`: {rule} is expected", self.path))
    }

    fn missing(&self, name: &str, because: &str) -> Error {
        Error::InvalidConnection(format!("`{}.{name}`: required input is missing: {because}", self.path))
    }

    /// Nothing may be left: an input that this kind of connection does not have would go unheeded.
    fn finish(&self) -> Result<(), Error> {
        match self.members.iter().find(|(_, json)| !json.is_left_out()) {
            None => Ok(()),
            Some((name, _)) => Err(Error::InvalidConnection(format!(
                "`{}.{}`: this kind of connection has no such input",
                self.path,
                name.escape_debug()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Connection, Error> {
        Connection::from_json(Json::parse(text).unwrap(), &Path::Input("connection"))
    }

    fn pair(session_token: Option<&str>) -> Connection {
        Connection::AccessKey(AccessKey {
            access_key_id: "KEY".into(),
            secret_access_key: Sensitive::new("marked".into()),
            session_token: session_token.map(|token| Sensitive::new(token.into())),
        })
    }

    fn role(external_id: Option<&str>, pair: Option<(&str, &str)>) -> Connection {
        let mut members = vec![("roleArn".to_owned(), Json::String("arn:aws:iam::123456789012:role/R".into()))];
        members.extend(external_id.map(|id| ("externalId".to_owned(), Json::String(id.into()))));
        if let Some((id, secret)) = pair {
            members.push(("accessKeyId".to_owned(), Json::String(id.into())));
            members.push(("secretAccessKey".to_owned(), Json::String(secret.into())));
        }
        let mut fields = Fields { path: String::new(), key: None, members };
        Connection::Role(Role::take(&mut fields).unwrap().unwrap())
    }

    fn secret(id: &str, region: Option<&str>) -> Connection {
        let mut members = vec![("secretId".to_owned(), Json::String(id.into()))];
        members.extend(region.map(|name| ("secretRegion".to_owned(), Json::String(name.into()))));
        let mut fields = Fields { path: String::new(), key: None, members };
        Connection::Secret(SecretReference::take(&mut fields).unwrap().unwrap())
    }

    #[test]
    fn reads_every_spelling() {
        for (text, connection) in [
            ("{}", Connection::Own),
            (r#"{"accessKeyId": "", "secretAccessKey": null}"#, Connection::Own),
            (r#"{"accessKeyId": " KEY ", "secretAccessKey": "marked"}"#, pair(None)),
            (
                r#"{"type": "accessKey", "accessKeyId": "KEY", "secretAccessKey": "marked", "sessionToken": "t"}"#,
                pair(Some("t")),
            ),
            (r#"{"key": "apiKeySecret", "fields": {"accessKeyId": "KEY", "secretAccessKey": "marked"}}"#, pair(None)),
            (r#"{"type": "role", "roleArn": "arn:aws:iam::123456789012:role/R"}"#, role(None, None)),
            (
                r#"{"roleARN": " arn:aws:iam::123456789012:role/R ", "externalId": "marked"}"#,
                role(Some("marked"), None),
            ),
            (
                r#"{"key": "awsAssumeRole", "fields": {"roleARN": "arn:aws:iam::123456789012:role/R", "accessKeyId": "KEY", "secretAccessKey": "marked", "externalId": ""}}"#,
                role(None, Some(("KEY", "marked"))),
            ),
            (r#"{"secretId": "name", "secretRegion": "eu-west-1"}"#, secret("name", Some("eu-west-1"))),
            (r#"{"type": "secret", "secretId": "name", "secretRegion": ""}"#, secret("name", None)),
            (r#""{\"accessKeyId\": \"KEY\", \"secretAccessKey\": \"marked\"}""#, pair(None)),
        ] {
            assert_eq!(read(text), Ok(connection), "{text}");
        }
    }

    #[test]
    fn says_which_input_is_missing_or_too_many_and_shows_no_value() {
        for (text, message) in [
            (
                r#"{"accessKeyId": "marked"}"#,
                "`connection.secretAccessKey`: required input is missing: `accessKeyId` is given",
            ),
            (r#"{"secretAccessKey": "marked"}"#, "`connection.accessKeyId`: required input is missing"),
            (r#"{"sessionToken": "marked"}"#, "`connection.accessKeyId`: required input is missing"),
            (r#"{"type": "accessKey"}"#, "`connection.accessKeyId`: required input is missing"),
            (r#"{"type": "marked"}"#, "`type` is not one of"),
            (
                r#"{"accessKeyId": "marked", "secretAccessKey": "marked", "externalId": "marked"}"#,
                "`connection.externalId`: this kind of connection has no such input",
            ),
            (
                r#"{"key": "apiKeySecret", "fields": {"accessKeyId": 7}}"#,
                "`connection.fields.accessKeyId`: a string is expected",
            ),
            (r#"{"key": "apiKeySecret", "fields": "marked"}"#, "`connection.fields`: an object is expected"),
            (r#""marked""#, "`connection`: an object such as"),
            ("[]", "`connection`: an object such as"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.error_type(), "InvalidConnection", "{text}");
            assert!(error.to_string().contains(message), "{text}: {error}");
            assert!(!format!("{error} {error:?}").contains("marked"), "{text}: {error}");
        }
    }

    #[test]
    fn no_secret_is_printed() {
        assert!(!format!("{:?}", pair(Some("marked"))).contains("marked"));
    }
}
