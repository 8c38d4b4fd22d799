//! The operations of STS (<https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>).
//!
//! Session policies, tags and MFA are not supported. A request for one is refused, because without it the session would
//! have more rights than the caller expects.

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    time::{Duration, SystemTime},
};

use aws_smithy_types::DateTime;

use super::{
    caller::{Caller, user_id},
    directory::Directory,
    fault::Fault,
    xml,
};

/// The longest session of a role that a session of another role assumes.
const CHAINED: Duration = Duration::from_hours(1);

/// Inputs of every operation.
const COMMON: [&str; 2] = ["Action", "Version"];

/// Runs `GetCallerIdentity`. Returns the XML of its result.
pub(super) fn get_caller_identity(caller: &Caller) -> String {
    xml::elements(&[("Arn", &caller.arn), ("UserId", &caller.user_id()), ("Account", caller.account())])
}

/// Runs `AssumeRole`. Returns the XML of its result.
pub(super) fn assume_role(
    directory: &mut Directory,
    caller: &Caller,
    inputs: &BTreeMap<String, String>,
    now: SystemTime,
) -> Result<String, Fault> {
    const KNOWN: [&str; 4] = ["RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds"];
    if let Some(name) = inputs.keys().find(|name| !KNOWN.contains(&name.as_str()) && !COMMON.contains(&name.as_str())) {
        return Err(Fault::Invalid(format!("{name} is not supported here.")));
    }
    let role_arn = required(inputs, "RoleArn", 20..=2048)?;
    let session_name = required(inputs, "RoleSessionName", 2..=64)?;
    let external_id = match inputs.get("ExternalId") {
        Some(_) => Some(required(inputs, "ExternalId", 2..=1224)?),
        None => None,
    };
    let duration = duration(inputs)?;
    // As in AWS, the error for an unknown role is the same as for a role that does not trust the caller.
    let role = directory.roles.get(role_arn).filter(|role| role.trusts(caller, external_id)).ok_or_else(|| {
        let user = &caller.arn;
        Fault::AccessDenied(format!(
            "User: {user} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
        ))
    })?;
    let exceeds = |limit: &str| Err(Fault::Invalid(format!("The requested DurationSeconds exceeds the {limit}.")));
    if duration > role.max_session {
        return exceeds("MaxSessionDuration set for this role");
    }
    if caller.role_arn.is_some() && duration > CHAINED {
        return exceeds("1 hour session limit for roles assumed by role chaining");
    }
    let session = directory.start_session(role_arn, session_name, &caller.access_key_id, duration, now);
    let credentials = xml::elements(&[
        ("AccessKeyId", &session.access_key_id),
        ("SecretAccessKey", &session.secret_access_key),
        ("SessionToken", &session.token),
        ("Expiration", &DateTime::from(session.expiration).to_string()),
    ]);
    let user = xml::elements(&[("AssumedRoleId", &user_id(&session.arn)), ("Arn", &session.arn)]);
    Ok(format!("<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>"))
}

/// Reads a required input and checks its length in characters and the characters that STS allows in it.
fn required<'a>(
    inputs: &'a BTreeMap<String, String>,
    name: &str,
    length: RangeInclusive<usize>,
) -> Result<&'a str, Fault> {
    let value = inputs.get(name).ok_or_else(|| constraint("null", name, "Member must not be null"))?;
    // An external ID is a secret even if it is invalid.
    let shown = if name == "ExternalId" { "(hidden)".to_owned() } else { format!("'{value}'") };
    let count = value.chars().count();
    if count < *length.start() {
        let rule = format!("Member must have length greater than or equal to {}", length.start());
        return Err(constraint(&shown, name, &rule));
    }
    if count > *length.end() {
        let rule = format!("Member must have length less than or equal to {}", length.end());
        return Err(constraint(&shown, name, &rule));
    }
    let (allowed, pattern): (fn(char) -> bool, _) = match name {
        "RoleSessionName" => (|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c), r"[\w+=,.@-]*"),
        "ExternalId" => (|c| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c), r"[\w+=,.@:\/-]*"),
        _ => (|c| !c.is_control(), r"[\u0020-\uFFFF]+"),
    };
    if !value.chars().all(allowed) {
        let rule = format!("Member must satisfy regular expression pattern: {pattern}");
        return Err(constraint(&shown, name, &rule));
    }
    Ok(value)
}

fn duration(inputs: &BTreeMap<String, String>) -> Result<Duration, Fault> {
    let Some(text) = inputs.get("DurationSeconds") else { return Ok(Duration::from_hours(1)) };
    let seconds: u64 =
        text.parse().map_err(|_| Fault::Malformed(format!("'{text}' at 'durationSeconds' is not a number")))?;
    let rule = match seconds {
        0..900 => "Member must have value greater than or equal to 900",
        900..=43_200 => return Ok(Duration::from_secs(seconds)),
        _ => "Member must have value less than or equal to 43200",
    };
    Err(constraint(&format!("'{seconds}'"), "DurationSeconds", rule))
}

fn constraint(value: &str, name: &str, rule: &str) -> Fault {
    let at = name[..1].to_lowercase() + &name[1..];
    Fault::Invalid(format!("1 validation error detected: Value {value} at '{at}' failed to satisfy constraint: {rule}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(members: &[(&str, &str)]) -> BTreeMap<String, String> {
        members.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn refuses_inputs_outside_the_limits_of_sts() {
        const ROLE: &str = "arn:aws:iam::123456789012:role/reader";
        for (members, message) in [
            (vec![("RoleSessionName", "one")], "Value null at 'roleArn'"),
            (vec![("RoleArn", ROLE)], "Value null at 'roleSessionName'"),
            (vec![("RoleArn", ROLE), ("RoleSessionName", "a")], "greater than or equal to 2"),
            (vec![("RoleArn", ROLE), ("RoleSessionName", "a b")], "pattern: [\\w+=,.@-]*"),
            (
                vec![("RoleArn", ROLE), ("RoleSessionName", "one"), ("ExternalId", "?")],
                "Value (hidden) at 'externalId'",
            ),
            (
                vec![("RoleArn", ROLE), ("RoleSessionName", "one"), ("DurationSeconds", "899")],
                "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater",
            ),
            (vec![("RoleArn", ROLE), ("RoleSessionName", "one"), ("DurationSeconds", "43201")], "less than or equal"),
            (vec![("RoleArn", ROLE), ("RoleSessionName", "one"), ("Policy", "{}")], "Policy is not supported here"),
        ] {
            let caller = Caller { access_key_id: String::new(), arn: String::new(), role_arn: None };
            let mut directory = Directory::default();
            let fault = assume_role(&mut directory, &caller, &inputs(&members), SystemTime::UNIX_EPOCH).unwrap_err();
            let Fault::Invalid(found) = fault else { panic!("{fault:?}") };
            assert!(found.contains(message), "{found}");
        }
    }
}
