//! The identity behind a request, and ARNs of identities.

use super::ids::id_of;

/// The identity that signed a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The access key id in the signature.
    pub access_key_id: String,
    /// The ARN that `GetCallerIdentity` returns. For a session: `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`.
    pub arn: String,
    /// The ARN of the session's role. `None` for a user.
    pub role_arn: Option<String>,
}

impl Caller {
    /// The account: twelve digits.
    #[must_use]
    pub fn account(&self) -> &str {
        account(&self.arn)
    }

    /// The unique id of the user, or of the role and the session. The same ARN always has the same id.
    #[must_use]
    pub fn user_id(&self) -> String {
        user_id(&self.arn)
    }
}

/// The account in an ARN.
pub(super) fn account(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// The ARN of a session of the role at `role_arn`. It has the role's name but not the role's path.
pub(super) fn session_arn(role_arn: &str, session_name: &str) -> String {
    let partition = role_arn.split(':').nth(1).unwrap_or("aws");
    let name = role_arn.rsplit('/').next().unwrap_or_default();
    format!("arn:{partition}:sts::{}:assumed-role/{name}/{session_name}", account(role_arn))
}

/// The unique id of the user or session with this ARN
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>).
pub(super) fn user_id(arn: &str) -> String {
    match arn.rsplit_once('/') {
        Some((role, session)) if role.contains(":assumed-role/") => {
            format!("AROA{}:{session}", id_of(role))
        }
        _ => format!("AIDA{}", id_of(arn)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_of_a_session_leaves_out_the_roles_path() {
        let role = "arn:aws-cn:iam::123456789012:role/team/reader";
        let arn = session_arn(role, "one");
        assert_eq!(arn, "arn:aws-cn:sts::123456789012:assumed-role/reader/one");
        assert_eq!(account(&arn), "123456789012");
    }

    #[test]
    fn the_sessions_of_a_role_share_the_first_half_of_their_id() {
        let id = |session| user_id(&session_arn("arn:aws:iam::123456789012:role/reader", session));
        let (role, session) = id("one").split_once(':').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert_eq!((role.len(), session.as_str()), (21, "one"));
        assert_eq!(id("two"), format!("{role}:two"));
        assert!(user_id("arn:aws:iam::123456789012:user/ada").starts_with("AIDA"));
    }
}
