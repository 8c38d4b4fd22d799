//! Secrets Manager: AWS JSON 1.1.
//!
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>. A secret has its newest
//! version only, every identity of its own account may read it, and none of another account.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use uuid::Uuid;

use super::{
    caller::{Caller, account},
    directory::Directory,
    random,
    refusal::Fault,
    server::Input,
};

/// The account that secrets are in.
pub(super) const ACCOUNT: &str = "123456789012";

/// A secret. No `Debug`.
pub(super) struct Secret {
    pub(super) arn: String,
    name: String,
    region: String,
    text: String,
    version: Uuid,
    created: SystemTime,
}

impl Secret {
    /// Whether this is the one that is asked for: by its name, or by its ARN with or without the six characters that
    /// AWS puts at the end.
    fn is(&self, id: &str) -> bool {
        let short = self.arn.rsplit_once('-').map(|(short, _)| short);
        id == self.name || id == self.arn || short == Some(id)
    }
}

/// Makes the secret `name`, or gives it a new text; returns its ARN.
pub(super) fn put(directory: &mut Directory, region: &str, name: &str, text: String, now: SystemTime) -> String {
    let (version, created) = (Uuid::new_v4(), now);
    let known = directory.secrets.iter_mut().find(|secret| secret.name == name && secret.region == region);
    if let Some(secret) = known {
        (secret.text, secret.version, secret.created) = (text, version, created);
        return secret.arn.clone();
    }
    let arn = format!("arn:{}:secretsmanager:{region}:{ACCOUNT}:secret:{name}-{}", partition(region), random::id(6));
    let secret = Secret { arn: arn.clone(), name: name.to_owned(), region: region.to_owned(), text, version, created };
    directory.secrets.push(secret);
    arn
}

fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// Answers `GetSecretValue`, or says why not.
pub(super) fn get_secret_value(
    directory: &Directory,
    caller: &Caller,
    region: &str,
    input: &Input,
) -> Result<String, Fault> {
    let id = input.get("SecretId").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Fault::Invalid("You must provide a SecretId.".to_owned()))?;
    if account(&caller.arn) != ACCOUNT {
        return Err(Fault::AccessDenied(format!(
            "User: {} is not authorized to perform: secretsmanager:GetSecretValue on resource: {id} because no \
             resource-based policy allows the secretsmanager:GetSecretValue action",
            caller.arn
        )));
    }
    let secret = directory.secrets.iter().find(|secret| secret.region == region && secret.is(id));
    let secret =
        secret.ok_or_else(|| Fault::NotFound("Secrets Manager can't find the specified secret.".to_owned()))?;
    let version = secret.version.to_string();
    let not_found =
        |what| Err(Fault::NotFound(format!("Secrets Manager can't find the specified secret value for {what}")));
    if let Some(stage) = input.get("VersionStage").filter(|stage| *stage != "AWSCURRENT") {
        return not_found(format!("staging label: {stage}"));
    }
    if let Some(asked) = input.get("VersionId").filter(|asked| **asked != version) {
        return not_found(format!("VersionId: {asked}"));
    }
    Ok(serde_json::json!({
        "ARN": secret.arn,
        "CreatedDate": DateTime::from(secret.created).secs(),
        "Name": secret.name,
        "SecretString": secret.text,
        "VersionId": version,
        "VersionStages": ["AWSCURRENT"],
    })
    .to_string())
}
