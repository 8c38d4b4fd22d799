//! STS: the AWS Query protocol, a form in and XML out.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>. A session policy, tags and MFA are not here, and
//! asking for one is refused: a session would have more rights than its user thinks.

use std::{
    ops::RangeInclusive,
    time::{Duration, SystemTime},
};

use aws_smithy_types::DateTime;

use super::{
    caller::{Caller, user_id},
    directory::Directory,
    refusal::Fault,
    server::Input,
};

pub(super) const CONTENT_TYPE: &str = "text/xml";
pub(super) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The longest session of a role that was assumed by a session of a role.
const CHAINED: Duration = Duration::from_hours(1);

/// The inputs that every operation has.
const COMMON: [&str; 2] = ["Action", "Version"];

/// Answers `GetCallerIdentity`.
pub(super) fn get_caller_identity(caller: &Caller) -> String {
    members(&[("Arn", &caller.arn), ("UserId", &caller.user_id()), ("Account", caller.account())])
}

/// Answers `AssumeRole`, or says why not.
pub(super) fn assume_role(
    directory: &mut Directory,
    caller: &Caller,
    input: &Input,
    now: SystemTime,
) -> Result<String, Fault> {
    const INPUTS: [&str; 4] = ["RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds"];
    if let Some(name) = input.keys().find(|name| !INPUTS.contains(&name.as_str()) && !COMMON.contains(&name.as_str())) {
        return Err(Fault::Invalid(format!("{name} is not supported here.")));
    }
    let role_arn = required(input, "RoleArn", 20..=2048)?;
    let session_name = required(input, "RoleSessionName", 2..=64)?;
    let external_id = match input.get("ExternalId") {
        Some(_) => Some(required(input, "ExternalId", 2..=1224)?),
        None => None,
    };
    let duration = duration(input)?;
    // As in AWS, a role that is not there and a role that is closed look the same.
    let role = directory.roles.get(role_arn).filter(|role| role.trusts(caller, external_id)).ok_or_else(|| {
        let who = &caller.arn;
        Fault::AccessDenied(format!("User: {who} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"))
    })?;
    let exceeds = |limit: &str| Err(Fault::Invalid(format!("The requested DurationSeconds exceeds the {limit}.")));
    if duration > role.max_session {
        return exceeds("MaxSessionDuration set for this role");
    }
    if caller.role_arn.is_some() && duration > CHAINED {
        return exceeds("1 hour session limit for roles assumed by role chaining");
    }
    let session = directory.start_session(role_arn, session_name, &caller.access_key_id, duration, now);
    let credentials = members(&[
        ("AccessKeyId", &session.access_key_id),
        ("SecretAccessKey", &session.secret_access_key),
        ("SessionToken", &session.token),
        ("Expiration", &DateTime::from(session.expiration).to_string()),
    ]);
    let user = members(&[("AssumedRoleId", &user_id(&session.arn)), ("Arn", &session.arn)]);
    Ok(format!("<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>"))
}

/// An input that must be there, with so many characters, and only those that STS takes.
fn required<'a>(input: &'a Input, name: &str, length: RangeInclusive<usize>) -> Result<&'a str, Fault> {
    let value = input.get(name).ok_or_else(|| constraint("null", name, "Member must not be null"))?;
    // An external ID is nobody's business, also where it is wrong.
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
    let (fits, pattern): (fn(char) -> bool, _) = match name {
        "RoleSessionName" => (|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c), r"[\w+=,.@-]*"),
        "ExternalId" => (|c| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c), r"[\w+=,.@:\/-]*"),
        _ => (|c| !c.is_control(), r"[\u0020-\uFFFF]+"),
    };
    if !value.chars().all(fits) {
        let rule = format!("Member must satisfy regular expression pattern: {pattern}");
        return Err(constraint(&shown, name, &rule));
    }
    Ok(value)
}

fn duration(input: &Input) -> Result<Duration, Fault> {
    let Some(text) = input.get("DurationSeconds") else { return Ok(Duration::from_hours(1)) };
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

/// A whole answer.
pub(super) fn answer(operation: &str, result: &str, request_id: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    )
}

fn members(members: &[(&str, &str)]) -> String {
    let member = |(name, value): &(&str, &str)| ["<", name, ">", &escape(value), "</", name, ">"].concat();
    members.iter().map(member).collect()
}

/// `text` as it can stand in XML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(members: &[(&str, &str)]) -> Input {
        members.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn inputs_are_held_against_the_limits_of_sts() {
        const ROLE: &str = "arn:aws:iam::123456789012:role/reader";
        for (members, says) in [
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
            let fault = assume_role(&mut directory, &caller, &input(&members), SystemTime::UNIX_EPOCH).unwrap_err();
            let Fault::Invalid(message) = fault else { panic!("{fault:?}") };
            assert!(message.contains(says), "{message}");
        }
    }

    #[test]
    fn escapes_what_would_be_xml() {
        assert_eq!(members(&[("A", "<b c=\"&\">")]), "<A>&lt;b c=&quot;&amp;&quot;&gt;</A>");
    }
}
