//! What DynamoDB tells about a table besides its description: time to live, backups and tags.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    dynamodb::{Calls, Reply},
    error::Error,
};

/// `DescribeTimeToLive`.
///
/// # Errors
/// As [`Calls::send`].
pub(super) async fn time_to_live(calls: &Calls, table: &str) -> Result<Reply, Error> {
    calls.send(calls.dynamodb().describe_time_to_live().table_name(table)).await
}

/// `DescribeContinuousBackups`.
///
/// # Errors
/// As [`Calls::send`].
pub(super) async fn continuous_backups(calls: &Calls, table: &str) -> Result<Reply, Error> {
    calls.send(calls.dynamodb().describe_continuous_backups().table_name(table)).await
}

/// All pages of `ListTagsOfResource`, as one reply with the member `Tags`. The operation takes only an ARN.
///
/// # Errors
/// As [`Calls::send`].
pub(super) async fn tags(calls: &Calls, arn: &str) -> Result<Reply, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Page<'a> {
        #[serde(borrow, default)]
        tags: Vec<&'a RawValue>,
        next_token: Option<String>,
    }

    let mut tags: Vec<String> = Vec::new();
    let mut last = Reply::default();
    let mut token = None;
    loop {
        let request = calls.dynamodb().list_tags_of_resource().resource_arn(arn).set_next_token(token);
        let reply = calls.send(request).await?.after(&last);
        let page: Page<'_> = serde_json::from_slice(&reply.body).map_err(Error::broken_answer)?;
        tags.extend(page.tags.into_iter().map(|tag| tag.get().to_owned()));
        token = page.next_token;
        if token.is_none() {
            let body = format!(r#"{{"Tags":[{}]}}"#, tags.join(",")).into_bytes();
            return Ok(Reply { body, ..reply });
        }
        last = reply;
    }
}

/// `reply` with the members of `more` behind its own, and with the attempts of both.
///
/// # Errors
/// Returns [`Error::ConnectionFailed`] if one of the bodies is not an object.
pub(super) fn joined(reply: Reply, more: &Reply) -> Result<Reply, Error> {
    let is_no_object = || Error::broken_answer("a body that is no object");
    let first = reply.body.trim_ascii().strip_suffix(b"}").ok_or_else(is_no_object)?.trim_ascii_end();
    let second = more.body.trim_ascii().strip_prefix(b"{").ok_or_else(is_no_object)?.trim_ascii_start();
    let comma: &[u8] = if first.ends_with(b"{") || second.starts_with(b"}") { b"" } else { b"," };
    let body = [first, comma, second].concat();
    Ok(Reply { body, ..reply.after(more) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_the_members_of_two_objects() {
        let join = |first: &str, second: &str| {
            let reply = |body: &str| Reply { body: body.into(), attempts: 1, ..Reply::default() };
            joined(reply(first), &reply(second)).map(|reply| {
                assert_eq!(reply.attempts, 2);
                String::from_utf8(reply.body).unwrap()
            })
        };
        assert_eq!(join(r#"{"a":1}"#, r#"{"b":2}"#).unwrap(), r#"{"a":1,"b":2}"#);
        assert_eq!(join(" { } ", r#"{"b":2}"#).unwrap(), r#"{"b":2}"#);
        assert_eq!(join(r#"{"a":1}"#, "{ }").unwrap(), r#"{"a":1}"#);
        assert!(join("[]", "{}").is_err() && join("{}", "").is_err());
    }
}
