//! What holds for every connection: an identity or an `InvalidConnection` in one line, which shows nothing that was sent.

use proptest::prelude::*;

use super::Connection;
use crate::{input::FromJson, json::Json, path::Path};

/// Stands in every value that is sent, and in no message of our own.
const MARK: &str = "qzx7";

/// Connections of every kind and spelling. `@` is where a value is.
const KNOWN: [&str; 6] = [
    r#"{"type":"accessKey","accessKeyId":"@","secretAccessKey":"@","sessionToken":"@"}"#,
    r#"{"key":"apiKeySecret","fields":{"accessKeyId":"@","secretAccessKey":"@"}}"#,
    r#"{"type":"role","roleArn":"arn:aws:iam::123456789012:role/@","externalId":"@","sessionName":"@","durationSeconds":900}"#,
    r#"{"key":"awsAssumeRole","configVarKey":"@","fields":{"roleARN":"@","accessKeyId":"@","secretAccessKey":"@"}}"#,
    r#"{"type":"secret","secretId":"@","secretRegion":"@"}"#,
    r#"{"AWS_ACCESS_KEY_ID":"@","AWS_SECRET_ACCESS_KEY":"@","AWS_SESSION_TOKEN":"@"}"#,
];

fn read(json: Json) -> Result<Connection, String> {
    Connection::from_json(json, &Path::Input("connection")).map_err(|error| {
        let message = error.to_string();
        assert_eq!(error.error_type(), "InvalidConnection", "{message}");
        assert!(!message.is_empty() && message.len() <= 4_096 && !message.contains(char::is_control), "{message:?}");
        format!("{message} {error:?}")
    })
}

/// Texts that a value can be: printable, with control characters, or anything.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![r"[ -~]{0,40}", r"[a-z/:,\x00-\x1f\x7f]{0,20}", any::<String>()]
}

proptest! {
    #[test]
    fn any_text_is_a_connection_or_an_error_that_does_not_show_it(text in text(), number in 0..KNOWN.len(), member in "[a-zA-Z]{0,8}") {
        let value = Json::String(format!("{MARK}{text}"));
        let inside = value.to_string();
        let known = KNOWN[number].replace('@', &inside[1..inside.len() - 1]);
        let (before, _) = known.rsplit_once('}').unwrap();
        let longer = format!("{before},\"{member}\":{inside}}}");
        for connection in [known.clone(), longer, Json::String(known).to_string(), inside] {
            let Ok(json) = Json::parse(&connection) else { continue };
            if let Err(shown) = read(json) {
                prop_assert!(!shown.contains(MARK), "{shown}");
            }
        }
    }

    #[test]
    fn any_json_is_a_connection_or_an_error(text in r#"[\[\]{}:,"a-zA-Z0-9 .]{0,60}"#) {
        if let Ok(json) = Json::parse(&text) {
            let _ = read(json);
        }
    }
}
