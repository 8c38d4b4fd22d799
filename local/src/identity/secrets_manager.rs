//! Secrets Manager's `GetSecretValue`
//! (<https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>).
//!
//! A secret has only its newest version. Every identity of the secret's own account may read it, and no other.

use std::collections::BTreeMap;

use aws_smithy_types::DateTime;

use super::{
    caller::{Caller, account},
    directory::Directory,
    fault::Fault,
    secret::ACCOUNT,
};

/// Runs `GetSecretValue`. Returns the body of the answer.
pub(super) fn get_secret_value(
    directory: &Directory,
    caller: &Caller,
    region: &str,
    inputs: &BTreeMap<String, String>,
) -> Result<String, Fault> {
    let id = inputs.get("SecretId").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Fault::Invalid("You must provide a SecretId.".to_owned()))?;
    if account(&caller.arn) != ACCOUNT {
        return Err(Fault::AccessDenied(format!(
            "User: {} is not authorized to perform: secretsmanager:GetSecretValue on resource: {id} because no \
             resource-based policy allows the secretsmanager:GetSecretValue action",
            caller.arn
        )));
    }
    let secret = directory.secrets.iter().find(|secret| secret.region == region && secret.has_id(id));
    let secret =
        secret.ok_or_else(|| Fault::NotFound("Secrets Manager can't find the specified secret.".to_owned()))?;
    let version = secret.version.to_string();
    let not_found =
        |what| Err(Fault::NotFound(format!("Secrets Manager can't find the specified secret value for {what}")));
    if let Some(stage) = inputs.get("VersionStage").filter(|stage| *stage != "AWSCURRENT") {
        return not_found(format!("staging label: {stage}"));
    }
    if let Some(wanted) = inputs.get("VersionId").filter(|wanted| **wanted != version) {
        return not_found(format!("VersionId: {wanted}"));
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
