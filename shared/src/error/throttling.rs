//! The reasons why DynamoDB throttled a request:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-diagnosing.html>.

use std::fmt;

use serde::Deserialize;

/// One reason why a request was throttled.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ThrottlingReason {
    /// The limit that was exceeded, in DynamoDB's spelling: `IndexWriteKeyRangeThroughputExceeded`.
    pub reason: String,
    /// The ARN of the table or index.
    #[serde(default)]
    pub resource: Option<String>,
}

impl fmt::Display for ThrottlingReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match &self.resource {
            Some(resource) => write!(f, " of {resource}"),
            None => Ok(()),
        }
    }
}

/// The most reasons that are kept from one refusal. A table and its indexes have fewer.
const KEPT: usize = 8;

/// The reasons in a refusal's body, without duplicates. Empty if DynamoDB gave none.
#[must_use]
pub fn throttling_reasons(body: &[u8]) -> Vec<ThrottlingReason> {
    #[derive(Deserialize)]
    struct Refused {
        // The API's model has both spellings of the name.
        #[serde(rename = "ThrottlingReasons", alias = "throttlingReasons")]
        reasons: Vec<ThrottlingReason>,
    }

    let Ok(Refused { reasons: given }) = serde_json::from_slice(body) else { return Vec::new() };
    let mut reasons: Vec<ThrottlingReason> = Vec::new();
    for reason in given {
        if reasons.len() < KEPT && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_reasons_in_both_spellings() {
        for name in ["ThrottlingReasons", "throttlingReasons"] {
            let body = format!(
                r#"{{"__type":"x#ThrottlingException","message":"m","{name}":[{{"reason":"A","resource":"arn:t/index/I"}},{{"reason":"B"}},{{"reason":"B","resource":null}}]}}"#
            );
            let reasons = throttling_reasons(body.as_bytes());
            let texts: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            assert_eq!(texts, ["A of arn:t/index/I", "B"]);
        }
    }

    #[test]
    fn a_body_without_reasons_has_none() {
        for body in ["", "{}", "[]", r#"{"ThrottlingReasons":null}"#, r#"{"ThrottlingReasons":[1]}"#] {
            assert_eq!(throttling_reasons(body.as_bytes()), [], "{body}");
        }
    }
}
