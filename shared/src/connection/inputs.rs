//! Reads a connection's inputs, flat or in the component platform's wrapper.

use super::{
    AccessKey, Connection, Region, Role, SecretReference, Sensitive,
    access_key::AccessKeyId,
    role::{ExternalId, RoleArn, SessionName},
    secret::SecretId,
};
use crate::{
    error::{Error, InvalidInput, Problem},
    input::{FromJson, Ignored, Shape, Whole, from_text, object},
    inputs,
    json::Json,
    path::Path,
};

inputs! {
    /// The inputs of every kind of connection.
    pub(super) struct ConnectionInputs {
        /// The kind: `accessKey`, `role` or `secret`. It may be left out if the other inputs make it clear.
        r#type: Option<String> = ["type"] { example: "accessKey", choices: ["accessKey", "role", "secret"] },
        /// The access key ID of the pair that signs or that assumes the role.
        access_key_id: Option<AccessKeyId> = ["accessKeyId", "AccessKeyId", "AWS_ACCESS_KEY_ID"],
        /// The secret access key of that pair.
        secret_access_key: Option<Sensitive> = ["secretAccessKey", "SecretAccessKey", "AWS_SECRET_ACCESS_KEY"],
        /// The session token of a temporary pair.
        session_token: Option<Sensitive> = ["sessionToken", "SessionToken", "AWS_SESSION_TOKEN"],
        /// The ARN of the role to assume.
        role_arn: Option<RoleArn> = ["roleArn", "roleARN"] { example: "arn:aws:iam::123456789012:role/orders-reader" },
        /// The external ID that the role's trust policy requires.
        external_id: Option<ExternalId> = ["externalId"],
        /// The name of the role's session. `CloudTrail` shows it.
        session_name: Option<SessionName> = ["sessionName"] { default: "dynamodb-component" },
        /// The lifetime of the role's credentials, in seconds.
        duration_seconds: Option<Whole<900, 43_200>> = ["durationSeconds"] { default: 3600 },
        /// The name or ARN of a Secrets Manager secret. Its text is a connection of the kind `accessKey` or `role`.
        secret_id: Option<SecretId> = ["secretId"] { example: "orders/dynamodb" },
        /// The secret's region. If it is left out, the region in the secret's ARN is used, or else the action's region.
        secret_region: Option<Region> = ["secretRegion"] { source: "selectRegion" },
    }
}

inputs! {
    #[expect(dead_code, reason = "the platform's own members are read so that their names are known")]
    /// A connection as the component's platform sends it.
    struct PlatformConnection {
        /// The component's name for the kind: `apiKeySecret` or `awsAssumeRole`.
        key: Option<String> = ["key"],
        /// The inputs.
        fields: Option<Json> = ["fields"],
        /// A member that the platform adds. It is accepted and ignored.
        config_var_key: Option<Ignored> = ["configVarKey"],
        /// A member that the platform adds. It is accepted and ignored.
        token: Option<Ignored> = ["token"],
        /// A member that the platform adds. It is accepted and ignored.
        context: Option<Ignored> = ["context"],
    }
}

/// The kinds that an event can name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    AccessKey,
    Role,
    Secret,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::AccessKey => "accessKey",
            Self::Role => "role",
            Self::Secret => "secret",
        }
    }

    /// Reads the contract's name for the kind, or the component's.
    fn parse(name: &str) -> Option<Self> {
        match name.trim() {
            "accessKey" | "apiKeySecret" => Some(Self::AccessKey),
            "role" | "awsAssumeRole" => Some(Self::Role),
            "secret" => Some(Self::Secret),
            _ => None,
        }
    }
}

impl FromJson for Connection {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let Ok(Json::Object(members)) = from_text(json, path) else {
            return Err(invalid(path, "an object such as {\"accessKeyId\", \"secretAccessKey\"} is expected"));
        };
        if members.is_empty() {
            return Ok(Self::Own);
        }
        let is_wrapped = members.iter().any(|(name, _)| name == "fields" || name == "key");
        if !is_wrapped {
            return given(members, None, path);
        }
        let PlatformConnection { key, fields, .. } = read(Json::Object(members), path)?;
        let path = path.member("fields");
        let fields = fields.unwrap_or_else(|| Json::Object(Vec::new()));
        let members = object(fields, &path).map_err(|_| invalid(&path, "an object is expected"))?;
        given(members, key, &path)
    }

    fn shape() -> Shape {
        Shape::Named("connection", || Shape::OneOf(vec![ConnectionInputs::shape(), PlatformConnection::shape()]))
    }

    fn left_out(_path: &Path<'_>) -> Result<Self, Error> {
        Ok(Self::Own)
    }

    fn is_required() -> bool {
        false
    }

    /// Only `null` and `{}` mean the function's own role. It never replaces a connection that is given.
    fn is_left_out(json: &Json) -> bool {
        *json == Json::Null
    }
}

/// Reads a connection that is given. The result is never the function's own role.
fn given(members: Vec<(String, Json)>, key: Option<String>, path: &Path<'_>) -> Result<Connection, Error> {
    let first = members.first().map(|(name, _)| name.clone());
    let mut inputs: ConnectionInputs = read(Json::Object(members), path)?;
    let kind = match inputs.r#type.take().or(key) {
        None => None,
        Some(name) => match Kind::parse(&name) {
            None => return Err(invalid(path, "`type` is not one of accessKey, role, secret")),
            kind => kind,
        },
    };
    let because = |inputs: &ConnectionInputs, named: Kind| match inputs.first_given() {
        Some(given) if kind.is_none() => format!("`{given}` is given"),
        _ => format!("the type is `{}`", named.name()),
    };
    let connection = match kind.or_else(|| inputs.kind()) {
        Some(Kind::Secret) => match inputs.secret_id.take() {
            Some(id) => Connection::Secret(SecretReference { id, region: inputs.secret_region.take() }),
            None => return Err(missing(path, "secretId", &because(&inputs, Kind::Secret))),
        },
        Some(Kind::Role) => match inputs.role_arn.take() {
            Some(arn) => Connection::Role(Role {
                arn,
                external_id: inputs.external_id.take(),
                session_name: inputs.session_name.take(),
                duration_seconds: inputs.duration_seconds.take(),
                assumed_by: inputs.take_pair(path)?,
            }),
            None => return Err(missing(path, "roleArn", &because(&inputs, Kind::Role))),
        },
        Some(Kind::AccessKey) => match inputs.take_pair(path)? {
            Some(pair) => Connection::AccessKey(pair),
            None => return Err(missing(path, "accessKeyId", &because(&inputs, Kind::AccessKey))),
        },
        None => match inputs.take_pair(path)? {
            Some(pair) => Connection::AccessKey(pair),
            None => return Err(blank(path, first.as_deref())),
        },
    };
    // Reject inputs that this kind of connection does not use. They would have no effect.
    match inputs.first_given() {
        None => Ok(connection),
        Some(name) => Err(invalid(&path.member(name), "this kind of connection has no such input")),
    }
}

impl ConnectionInputs {
    /// The kind that the inputs imply. `None` for an access key pair and for blank inputs.
    fn kind(&self) -> Option<Kind> {
        let of_secret = self.secret_id.is_some() || self.secret_region.is_some();
        let of_role = self.role_arn.is_some()
            || self.external_id.is_some()
            || self.session_name.is_some()
            || self.duration_seconds.is_some();
        let has_pair = self.access_key_id.is_some() || self.secret_access_key.is_some();
        match (of_secret, of_role) {
            (true, _) => Some(Kind::Secret),
            (false, true) if self.role_arn.is_some() || !has_pair => Some(Kind::Role),
            _ => None,
        }
    }

    /// Takes the access key pair. Returns `None` if no part of it is given.
    fn take_pair(&mut self, path: &Path<'_>) -> Result<Option<AccessKey>, Error> {
        match (self.access_key_id.take(), self.secret_access_key.take(), self.session_token.take()) {
            (Some(access_key_id), Some(secret_access_key), session_token) => {
                Ok(Some(AccessKey { access_key_id, secret_access_key, session_token }))
            }
            (Some(_), None, _) => Err(missing(path, "secretAccessKey", "`accessKeyId` is given")),
            (None, Some(_), _) => Err(missing(path, "accessKeyId", "`secretAccessKey` is given")),
            (None, None, Some(_)) => Err(missing(path, "accessKeyId", "`sessionToken` is given")),
            (None, None, None) => Ok(None),
        }
    }

    /// The first input that is given and not taken.
    fn first_given(&self) -> Option<&'static str> {
        let given = [
            (self.access_key_id.is_some(), "accessKeyId"),
            (self.secret_access_key.is_some(), "secretAccessKey"),
            (self.session_token.is_some(), "sessionToken"),
            (self.role_arn.is_some(), "roleArn"),
            (self.external_id.is_some(), "externalId"),
            (self.session_name.is_some(), "sessionName"),
            (self.duration_seconds.is_some(), "durationSeconds"),
            (self.secret_id.is_some(), "secretId"),
            (self.secret_region.is_some(), "secretRegion"),
        ];
        given.into_iter().find_map(|(given, name)| given.then_some(name))
    }
}

/// Reads a structure. Its errors never show a value.
fn read<T: FromJson>(json: Json, path: &Path<'_>) -> Result<T, Error> {
    T::from_json(json, path).map_err(without_value)
}

fn without_value(error: Error) -> Error {
    match error {
        Error::InvalidInput(invalid) => Error::InvalidConnection(described(&invalid)),
        other => other,
    }
}

fn described(invalid: &InvalidInput) -> String {
    match invalid.problem() {
        Problem::Unknown { nearest } => {
            let nearest = nearest.map(|nearest| format!("; the nearest is `{nearest}`")).unwrap_or_default();
            invalid.located(&format!("this kind of connection has no such input{nearest}"))
        }
        Problem::Missing | Problem::SameAs(_) | Problem::NotA { .. } | Problem::Other(_) => invalid.without_value(),
    }
}

fn invalid(path: &Path<'_>, problem: &str) -> Error {
    Error::InvalidConnection(format!("`{path}`: {problem}"))
}

fn missing(path: &Path<'_>, name: &str, because: &str) -> Error {
    invalid(&path.member(name), &format!("required input is missing: {because}"))
}

/// The error for blank inputs: the function's own role must not sign in their place.
fn blank(path: &Path<'_>, first: Option<&str>) -> Error {
    let expected = "give an access key pair, a role or a secret; for the function's own role leave the connection out";
    match first {
        Some(name) => invalid(
            &path.member(name),
            &format!("a value is expected: all inputs of the connection are blank; {expected}"),
        ),
        None => invalid(path, &format!("the connection has no inputs; {expected}")),
    }
}
