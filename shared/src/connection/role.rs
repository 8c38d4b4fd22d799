//! The identity of a role, assumed through STS.
//!
//! API: [`AssumeRole`](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html), in the action's region, signed
//! by the access key pair beside the role or by the function's own role. The limits are that page's.

#![expect(clippy::disallowed_methods, reason = "the wall clock, until a `TimeSource` is passed in")]

use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;

use super::{
    AccessKey, Fields, Region, Sensitive,
    renewal::{Load, Loaded},
};
use crate::error::{CallSite, Error};

/// The session's name where none is given: it says in `CloudTrail` which component this is.
const SESSION_NAME: &str = "dynamodb-component";

/// A role, and who assumes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    arn: String,
    external_id: Option<Sensitive>,
    session_name: Option<String>,
    duration_seconds: Option<i32>,
    /// Left out: the function's own role assumes it.
    assumed_by: Option<AccessKey>,
}

impl Role {
    /// Takes the role out of the connection's inputs; `None` when there is none.
    pub(super) fn take(fields: &mut Fields) -> Result<Option<Self>, Error> {
        let Some(arn) = fields.take_either("roleArn", "roleARN")? else { return Ok(None) };
        let arn = arn.trim().to_owned();
        if partition_of(&arn).is_none() {
            return Err(fields.invalid("roleArn", "the ARN of a role, such as `arn:aws:iam::123456789012:role/name`"));
        }
        let external_id = fields.take("externalId")?.map(Sensitive::new);
        if !external_id.as_ref().is_none_or(|id| (2..=1224).contains(&id.reveal().chars().count())) {
            return Err(fields.invalid("externalId", "a text of 2 to 1224 characters"));
        }
        let session_name = fields.take("sessionName")?.map(|name| name.trim().to_owned());
        if !session_name.as_deref().is_none_or(is_session_name) {
            return Err(fields.invalid("sessionName", "a name of 2 to 64 letters, digits and characters of _+=,.@-"));
        }
        let duration_seconds = match fields.take("durationSeconds")?.map(|digits| digits.trim().parse()) {
            None => None,
            Some(Ok(seconds @ 900..=43_200)) => Some(seconds),
            Some(_) => return Err(fields.invalid("durationSeconds", "a whole number from 900 to 43200")),
        };
        let assumed_by = AccessKey::take(fields)?;
        Ok(Some(Self { arn, external_id, session_name, duration_seconds, assumed_by }))
    }

    /// Who assumes the role, where it is not the function itself.
    pub(super) fn assumed_by(&self) -> Option<&AccessKey> {
        self.assumed_by.as_ref()
    }

    /// Everything that tells this identity from another.
    pub(super) fn parts(&self) -> Vec<Option<Cow<'_, str>>> {
        let mut parts = vec![
            Some("role".into()),
            Some(self.arn.as_str().into()),
            self.external_id.as_ref().map(|id| id.reveal().into()),
            self.session_name.as_deref().map(Into::into),
            self.duration_seconds.map(|seconds| seconds.to_string().into()),
        ];
        if let Some(pair) = &self.assumed_by {
            parts.extend(pair.parts());
        }
        parts
    }

    /// A role's credentials are good in its own partition only.
    pub(super) fn check_region(&self, region: &Region) -> Result<(), Error> {
        match partition_of(&self.arn) {
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

/// Assumes the role.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) role: Role,
    /// Signs as whoever assumes the role.
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) region: Region,
}

impl Load for Source {
    async fn load(&self) -> Result<Loaded, Error> {
        let Role { arn, external_id, session_name, duration_seconds, .. } = &self.role;
        let site =
            CallSite { service: "STS", operation: "AssumeRole", table: None, region: self.region.as_str().to_owned() };
        let answer = self
            .sts
            .assume_role()
            .role_arn(arn)
            .role_session_name(session_name.as_deref().unwrap_or(SESSION_NAME))
            .set_external_id(external_id.as_ref().map(|id| id.reveal().to_owned()))
            .set_duration_seconds(*duration_seconds)
            .send()
            .await
            .map_err(|error| Error::from_sdk(&error, site.clone()))?;
        let credentials = answer
            .credentials
            .ok_or_else(|| Error::ConnectionFailed(format!("the answer has no credentials ({site})")))?;
        let good_until = SystemTime::try_from(credentials.expiration)
            .unwrap_or_else(|_| SystemTime::now() + Duration::from_mins(15));
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
    fn takes_the_session_names_that_sts_takes() {
        for (name, fits) in
            [("ab", true), ("a", false), ("a b", false), ("A_z0+=,.@-", true), (&"x".repeat(65), false), ("é1", false)]
        {
            assert_eq!(is_session_name(name), fits, "{name}");
        }
    }
}
