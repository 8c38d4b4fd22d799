//! Where the function runs that a user calls with what was taken away.

/// The access key ID and the secret access key of the functions on this machine. Its services accept them.
pub(in crate::page) const LOCAL_KEY: &str = "local";

/// A deployed function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::page) struct Target {
    /// The function's name or ARN.
    pub(in crate::page) function: String,
    /// The endpoint of Lambda's API. Empty for AWS's own.
    pub(in crate::page) endpoint: String,
    /// The function URL. Empty if there is none.
    pub(in crate::page) url: String,
    /// Whether the endpoint is the one of this machine.
    pub(in crate::page) is_local: bool,
}

impl Target {
    /// The part of the function's ARN at `place`. `None` for a name.
    fn part(&self, place: usize) -> Option<&str> {
        let is_arn = self.function.starts_with("arn:");
        is_arn.then(|| self.function.split(':').nth(place))?.filter(|part| !part.is_empty())
    }

    /// The region of the function.
    pub(super) fn region(&self) -> &str {
        self.part(3).unwrap_or("us-east-1")
    }

    /// The account of the function. `*` if the function is given by its name.
    pub(super) fn account(&self) -> &str {
        self.part(4).unwrap_or("*")
    }

    /// The function's name, without a version or an alias.
    pub(super) fn name(&self) -> &str {
        self.part(6).unwrap_or(&self.function)
    }

    /// The version or the alias.
    pub(super) fn qualifier(&self) -> Option<&str> {
        self.part(7)
    }

    /// The function's ARN.
    pub(super) fn arn(&self) -> String {
        if self.function.starts_with("arn:") {
            return self.function.clone();
        }
        let region = self.region();
        format!("arn:{}:lambda:{region}:{}:function:{}", partition(region), self.account(), self.function)
    }

    /// The endpoint of Lambda's API without a slash at its end.
    pub(super) fn api(&self) -> String {
        match self.endpoint.trim_end_matches('/') {
            "" => {
                let region = self.region();
                let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
                format!("https://lambda.{region}.{domain}")
            }
            endpoint => endpoint.to_owned(),
        }
    }

    pub(super) fn curl_note(&self) -> &'static str {
        match (self.url.is_empty(), self.is_local) {
            (false, _) => "It calls the function URL.",
            (true, true) => "It calls Lambda's API on this machine. Give a function URL above to call that.",
            (true, false) => "It calls Lambda's API. Give a function URL above to call that.",
        }
    }
}

/// The partition of a region (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>).
pub(super) fn partition(region: &str) -> &'static str {
    for (prefix, partition) in [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("us-iso-", "aws-iso"),
        ("eu-isoe-", "aws-iso-e"),
        ("eusc-", "aws-eusc"),
    ] {
        if region.starts_with(prefix) {
            return partition;
        }
    }
    "aws"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(function: &str) -> Target {
        Target { function: function.to_owned(), endpoint: String::new(), url: String::new(), is_local: false }
    }

    #[test]
    fn an_arn_has_the_name_the_region_and_the_account() {
        let live = target("arn:aws-cn:lambda:cn-north-1:123456789012:function:get-item:live");
        assert_eq!((live.name(), live.region(), live.account()), ("get-item", "cn-north-1", "123456789012"));
        assert_eq!(
            (live.qualifier(), live.api().as_str()),
            (Some("live"), "https://lambda.cn-north-1.amazonaws.com.cn")
        );
        let plain = target("get-item");
        assert_eq!((plain.name(), plain.qualifier()), ("get-item", None));
        assert_eq!(plain.arn(), "arn:aws:lambda:us-east-1:*:function:get-item");
    }
}
