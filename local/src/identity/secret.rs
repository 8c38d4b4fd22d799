//! A secret of Secrets Manager.

use std::time::SystemTime;

use uuid::Uuid;

use super::ids::random_id;

/// The account of all secrets.
pub(super) const ACCOUNT: &str = "123456789012";

/// A secret with its newest version. It has no `Debug`, because it holds the text.
pub(super) struct Secret {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) region: String,
    pub(super) text: String,
    pub(super) version: Uuid,
    pub(super) created: SystemTime,
}

impl Secret {
    pub(super) fn new(region: &str, name: &str, text: String, now: SystemTime) -> Self {
        let partition = partition(region);
        let suffix = random_id(6);
        Self {
            arn: format!("arn:{partition}:secretsmanager:{region}:{ACCOUNT}:secret:{name}-{suffix}"),
            name: name.to_owned(),
            region: region.to_owned(),
            text,
            version: Uuid::new_v4(),
            created: now,
        }
    }

    /// Replaces the text by a new version.
    pub(super) fn rotate(&mut self, text: String, now: SystemTime) {
        (self.text, self.version, self.created) = (text, Uuid::new_v4(), now);
    }

    /// Whether `id` means this secret: its name, or its ARN with or without the six characters that AWS appends.
    pub(super) fn has_id(&self, id: &str) -> bool {
        let short = self.arn.rsplit_once('-').map(|(short, _)| short);
        id == self.name || id == self.arn || short == Some(id)
    }
}

fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
