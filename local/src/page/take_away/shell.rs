//! Commands for a shell.

use super::{LOCAL_KEY, Target};

/// A text that a POSIX shell takes as it is.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The event on the standard input of a command. No line of JSON is the end mark.
fn with_event(command: &str, event: &str) -> String {
    format!("{command} <<'EVENT'\n{event}\nEVENT")
}

/// `aws lambda invoke`. Both versions of the AWS CLI read a payload from `fileb://`.
pub(super) fn aws_cli(target: &Target, event: &str) -> String {
    let credentials = if target.is_local {
        format!("AWS_ACCESS_KEY_ID={LOCAL_KEY} AWS_SECRET_ACCESS_KEY={LOCAL_KEY} ")
    } else {
        String::new()
    };
    let endpoint = match target.endpoint.as_str() {
        "" => String::new(),
        endpoint => format!(" --endpoint-url {}", quoted(endpoint)),
    };
    let command = format!(
        "{credentials}aws lambda invoke --region {}{endpoint} \\\n  --function-name {} --payload fileb:///dev/stdin \
         /dev/stdout",
        quoted(target.region()),
        quoted(&target.function)
    );
    with_event(&command, event)
}

/// `curl` with a signature, to the function URL or to Lambda's API.
pub(super) fn curl(target: &Target, event: &str) -> String {
    let address = if target.url.is_empty() {
        let qualifier = target.qualifier().map(|qualifier| format!("?Qualifier={qualifier}")).unwrap_or_default();
        format!("{}/2015-03-31/functions/{}/invocations{qualifier}", target.api(), target.name())
    } else {
        target.url.clone()
    };
    let identity = if target.is_local && target.url.is_empty() {
        format!("--user {LOCAL_KEY}:{LOCAL_KEY}")
    } else {
        // Without a token, curl 7.88 would sign an empty header that it does not send.
        "--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \
         ${AWS_SESSION_TOKEN:+\"-Hx-amz-security-token: $AWS_SESSION_TOKEN\"}"
            .to_owned()
    };
    let service = quoted(&format!("aws:amz:{}:lambda", target.region()));
    let command = format!(
        "curl --silent --show-error --aws-sigv4 {service} \\\n  {identity} \\\n  -H 'content-type: application/json' \
         --data-binary @- {}",
        quoted(&address)
    );
    with_event(&command, event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_one_word_of_the_shell() {
        assert_eq!(quoted("get-item"), "get-item");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a'; rm -rf $HOME #"), r"'a'\''; rm -rf $HOME #'");
    }

    #[test]
    fn a_function_on_aws_is_called_with_the_callers_credentials() {
        let target = Target {
            function: "arn:aws:lambda:eu-north-1:123456789012:function:get-item:live".to_owned(),
            endpoint: String::new(),
            url: String::new(),
            is_local: false,
        };
        let curl = curl(&target, "{}");
        let address =
            "'https://lambda.eu-north-1.amazonaws.com/2015-03-31/functions/get-item/invocations?Qualifier=live'";
        assert!(curl.contains(address) && curl.contains("$AWS_SECRET_ACCESS_KEY"), "{curl}");
        let cli = aws_cli(&target, "{}");
        assert!(
            cli.starts_with("aws lambda invoke --region eu-north-1 \\") && !cli.contains("--endpoint-url"),
            "{cli}"
        );
    }
}
