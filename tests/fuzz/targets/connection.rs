//! Any JSON is a connection or an error of one line. The error shows no part of the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::internals::{
    connection::{Connection, Sensitive},
    error::Error,
    input::FromJson,
    json::Json,
    path::Path,
};

/// A mark in every value of a damaged connection. None of our own messages contains it.
const MARK: &str = "qzx7";

const KNOWN: [&str; 6] = [
    r#"{"type":"accessKey","accessKeyId":"@","secretAccessKey":"@","sessionToken":"@"}"#,
    r#"{"key":"apiKeySecret","fields":{"accessKeyId":"@","secretAccessKey":"@"}}"#,
    r#"{"type":"role","roleArn":"arn:aws:iam::123456789012:role/@","externalId":"@","sessionName":"@","durationSeconds":900}"#,
    r#"{"key":"awsAssumeRole","configVarKey":"@","fields":{"roleARN":"@","accessKeyId":"@","secretAccessKey":"@"}}"#,
    r#"{"type":"secret","secretId":"@","secretRegion":"@"}"#,
    r#""{\"AWS_ACCESS_KEY_ID\":\"@\",\"AWS_SECRET_ACCESS_KEY\":\"@\",\"AWS_SESSION_TOKEN\":\"@\"}""#,
];

fn read(json: Json) -> Result<Connection, Error> {
    Connection::from_json(json, &Path::Input("connection"))
}

/// Checks that the message is one line and that the error is about a connection.
fn is_told(error: &Error) {
    let message = error.to_string();
    assert_eq!(error.error_type(), "InvalidConnection", "{message}");
    assert!(!message.is_empty() && message.len() <= 4_096 && !message.contains(char::is_control), "{message:?}");
}

fuzz_target!(|text: &str| {
    if let Ok(json) = Json::parse(text)
        && let Err(error) = read(json)
    {
        is_told(&error);
    }
    // The text replaces each value of a known connection, after the mark.
    let value = Json::String(format!("{MARK}{text}")).to_string();
    let inside = &value[1..value.len() - 1];
    for known in KNOWN {
        let known = if known.starts_with('"') {
            let Ok(Json::String(inner)) = Json::parse(known) else { unreachable!() };
            Json::String(inner.replace('@', inside)).to_string()
        } else {
            known.replace('@', inside)
        };
        let Ok(json) = Json::parse(&known) else { continue };
        match read(json) {
            Ok(connection) => {
                // An access key ID, an ARN and a secret's name are not secret. All other values are.
                let shown = format!("{connection:?}");
                assert!(shown.matches(MARK).count() <= 2, "{shown}");
            }
            Err(error) => {
                is_told(&error);
                assert!(!format!("{error} {error:?}").contains(MARK), "{error}");
            }
        }
    }
    assert!(!format!("{:?}", Sensitive::new(format!("{MARK}{text}"))).contains(MARK));
});
