//! The identity of a role that STS assumes.
//!
//! API: [`AssumeRole`](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html), in the action's
//! region. The access key pair next to the role signs the call, or else the function's own role. The limits of the
//! inputs are those of the API.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_smithy_async::time::SharedTimeSource;

use super::{
    AccessKey, Region, Sensitive,
    renewal::{Load, Loaded},
};
use crate::{
    error::{CallSite, Error},
    input::{FromJson, Shape, Whole},
    json::Json,
    path::Path,
};

/// The default name of the session. It shows in `CloudTrail` that this component assumed the role.
const SESSION_NAME: &str = "dynamodb-component";

/// A role, and the identity that assumes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub(super) arn: RoleArn,
    pub(super) external_id: Option<ExternalId>,
    pub(super) session_name: Option<SessionName>,
    pub(super) duration_seconds: Option<Whole<900, 43_200>>,
    /// The access key pair that assumes the role. `None` means the function's own role.
    pub(super) assumed_by: Option<AccessKey>,
}

/// The ARN of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoleArn(String);

/// The external ID that a role's trust policy requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExternalId(Sensitive);

/// The name of a role's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SessionName(String);

impl FromJson for RoleArn {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let arn = String::from_json(json, path)?;
        if partition_of(&arn).is_none() {
            let rule = "the ARN of a role, such as `arn:aws:iam::123456789012:role/name`,";
            return Err(Error::invalid(path, &Json::String(arn), rule));
        }
        Ok(Self(arn))
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl FromJson for ExternalId {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let id = Sensitive::from_json(json, path)?;
        if !(2..=1224).contains(&id.reveal().len()) {
            return Err(Error::invalid(path, &Json::Null, "a text of 2 to 1224 characters"));
        }
        Ok(Self(id))
    }

    fn shape() -> Shape {
        Shape::Secret
    }
}

impl FromJson for SessionName {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let name = String::from_json(json, path)?;
        if !is_session_name(&name) {
            let rule = "a name of 2 to 64 letters, digits and characters of _+=,.@-";
            return Err(Error::invalid(path, &Json::String(name), rule));
        }
        Ok(Self(name))
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl Role {
    /// The access key pair that assumes the role. `None` means the function's own role.
    pub(super) fn assumed_by(&self) -> Option<&AccessKey> {
        self.assumed_by.as_ref()
    }

    /// All values that distinguish this identity from others.
    pub(super) fn parts(&self) -> Vec<Option<Cow<'_, str>>> {
        let mut parts = vec![
            Some("role".into()),
            Some(self.arn.0.as_str().into()),
            self.external_id.as_ref().map(|ExternalId(id)| id.reveal().into()),
            self.session_name.as_ref().map(|SessionName(name)| name.as_str().into()),
            self.duration_seconds.map(|seconds| seconds.get().to_string().into()),
        ];
        if let Some(pair) = &self.assumed_by {
            parts.extend(pair.parts());
        }
        parts
    }

    /// Checks the partition: a role's credentials can only be used in the role's own partition.
    pub(super) fn check_region(&self, region: &Region) -> Result<(), Error> {
        match partition_of(&self.arn.0) {
            Some(partition) if partition != region.partition() => Err(Error::InvalidConnection(format!(
                "the role is in the partition `{partition}`, the region {} in `{}`; give a region of the role's partition",
                region.as_str(),
                region.partition()
            ))),
            _ => Ok(()),
        }
    }
}

/// `arn:aws:iam::123456789012:role/path/name` → `aws`.
fn partition_of(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    let (scheme, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = scheme == "arn"
        && partition.starts_with("aws")
        && partition.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && service == "iam"
        && region.is_empty()
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && resource
            .strip_prefix("role/")
            .is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()))
        && arn.len() <= 2_048;
    fits.then_some(partition)
}

fn is_session_name(name: &str) -> bool {
    (2..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

/// A source of credentials that assumes the role.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) role: Role,
    /// The STS client. It signs as the identity that assumes the role.
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) region: Region,
    pub(super) time: SharedTimeSource,
}

impl Load for Source {
    fn site(&self) -> CallSite {
        CallSite { service: "STS", operation: "AssumeRole", table: None, region: self.region.as_str().to_owned() }
    }

    async fn load(&self) -> Result<Loaded, Error> {
        let Role { arn, external_id, session_name, duration_seconds, .. } = &self.role;
        let site = self.site();
        let answer = self
            .sts
            .assume_role()
            .role_arn(&arn.0)
            .role_session_name(session_name.as_ref().map_or(SESSION_NAME, |SessionName(name)| name))
            .set_external_id(external_id.as_ref().map(|ExternalId(id)| id.reveal().to_owned()))
            .set_duration_seconds(duration_seconds.map(Whole::to_limit))
            .send()
            .await
            .map_err(|error| Error::from_sdk(&error, site.clone()))?;
        let credentials = answer
            .credentials
            .ok_or_else(|| Error::ConnectionFailed(format!("the answer has no credentials ({site})")))?;
        let good_until =
            SystemTime::try_from(credentials.expiration).unwrap_or_else(|_| self.time.now() + Duration::from_mins(15));
        Ok(Loaded {
            credentials: Credentials::new(
                credentials.access_key_id,
                credentials.secret_access_key,
                Some(credentials.session_token),
                Some(good_until),
                "AssumeRole",
            ),
            good_until,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_partition_of_a_roles_arn() {
        for (arn, partition) in [
            ("arn:aws:iam::123456789012:role/name", Some("aws")),
            ("arn:aws-cn:iam::123456789012:role/path/to/name+=,.@-_", Some("aws-cn")),
            ("arn:aws-us-gov:iam::123456789012:role/name", Some("aws-us-gov")),
            ("arn:aws:iam::123456789012:user/name", None),
            ("arn:aws:iam::12345678901:role/name", None),
            ("arn:aws:sts::123456789012:role/name", None),
            ("arn:aws:iam::123456789012:role/", None),
            ("arn:evil:iam::123456789012:role/name", None),
            ("name", None),
        ] {
            assert_eq!(partition_of(arn), partition, "{arn}");
        }
    }

    #[test]
    fn accepts_the_session_names_that_sts_accepts() {
        for (name, fits) in
            [("ab", true), ("a", false), ("a b", false), ("A_z0+=,.@-", true), (&"x".repeat(65), false), ("é1", false)]
        {
            assert_eq!(is_session_name(name), fits, "{name}");
        }
    }
}
