//! Connections: who we are to AWS.
//!
//! - [`access_key`]: an access key pair
//! - [`region`]: where to
//! - [`cache`]: one client and one memory of key schemas for each whole identity
//! - [`sensitive`]: the type that secrets live in
//! - [`client`]: DynamoDB for one identity in one region
//!
//! | `type` | inputs | also accepted |
//! |---|---|---|
//! | `accessKey` | `accessKeyId`, `secretAccessKey`, `sessionToken`? | `{"key": "apiKeySecret", "fields": {…}}` |
//! | (left out) | the function's execution role | `{}` and `null` |
//!
//! Every error here is an [`Error::InvalidConnection`] that names inputs, never their values.

pub mod access_key;
pub mod cache;
pub mod client;
pub mod region;
pub mod sensitive;

pub use access_key::AccessKey;
pub use client::{Client, Clients};
pub use region::Region;
pub use sensitive::Sensitive;

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
}

impl Connection {
    /// The kind, for a log line.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::AccessKey(_) => "accessKey",
        }
    }

    /// Everything that tells this identity from another, for [`cache::Cache::identity`].
    fn parts(&self) -> Vec<Option<&str>> {
        match self {
            Self::Own => vec![Some("own")],
            Self::AccessKey(AccessKey { access_key_id, secret_access_key, session_token }) => vec![
                Some("accessKey"),
                Some(access_key_id),
                Some(secret_access_key.reveal()),
                session_token.as_ref().map(Sensitive::reveal),
            ],
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
        let kind = fields.take("type")?.or(fields.key.take());
        let connection = match kind.as_deref() {
            Some("accessKey" | "apiKeySecret") => match AccessKey::take(&mut fields)? {
                Some(pair) => Self::AccessKey(pair),
                None => return Err(fields.missing("accessKeyId", "the type is `accessKey`")),
            },
            Some("role" | "awsAssumeRole" | "secret") => {
                return Err(invalid("this version signs with an access key pair or the function's own role only"));
            }
            Some(_) => return Err(invalid("`type` is not one of accessKey, role, secret")),
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
            Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                Err(Error::InvalidConnection(format!("`{}.{name}`: a string is expected", self.path)))
            }
        }
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
