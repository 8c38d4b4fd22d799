//! Every spelling of a connection, and inputs that make no connection.

use super::{access_key::AccessKeyId, *};
use crate::{error::Error, input::FromJson, json::Json, path::Path};

const ROLE: &str = "arn:aws:iam::123456789012:role/R";

fn read(text: &str) -> Result<Connection, Error> {
    Connection::from_json(Json::parse(text).unwrap(), &Path::Input("connection"))
}

/// Reads one part of a connection from JSON text.
fn part<T: FromJson>(text: &str) -> T {
    T::from_json(Json::String(text.into()), &Path::Input("part")).unwrap()
}

fn access_key(id: &str, secret: &str, session_token: Option<&str>) -> AccessKey {
    AccessKey {
        access_key_id: AccessKeyId(id.into()),
        secret_access_key: Sensitive::new(secret.into()),
        session_token: session_token.map(|token| Sensitive::new(token.into())),
    }
}

fn pair(session_token: Option<&str>) -> Connection {
    Connection::AccessKey(access_key("KEY", "marked", session_token))
}

fn role(external_id: Option<&str>, pair: Option<(&str, &str)>) -> Connection {
    Connection::Role(Role {
        arn: part(ROLE),
        external_id: external_id.map(part),
        session_name: None,
        duration_seconds: None,
        assumed_by: pair.map(|(id, secret)| access_key(id, secret, None)),
    })
}

fn secret(id: &str, region: Option<&str>) -> Connection {
    Connection::Secret(SecretReference { id: part(id), region: region.map(part) })
}

#[test]
fn reads_every_spelling() {
    for (text, connection) in [
        ("{}", Connection::Own),
        (r#""{}""#, Connection::Own),
        (r#"{"accessKeyId": " KEY ", "secretAccessKey": "marked"}"#, pair(None)),
        (
            r#"{"type": "accessKey", "accessKeyId": "KEY", "secretAccessKey": "marked", "sessionToken": "t"}"#,
            pair(Some("t")),
        ),
        (r#"{"key": "apiKeySecret", "fields": {"accessKeyId": "KEY", "secretAccessKey": "marked"}}"#, pair(None)),
        (r#"{"type": "role", "roleArn": "arn:aws:iam::123456789012:role/R"}"#, role(None, None)),
        (r#"{"roleARN": " arn:aws:iam::123456789012:role/R ", "externalId": "marked"}"#, role(Some("marked"), None)),
        (
            r#"{"key": "awsAssumeRole", "fields": {"roleARN": "arn:aws:iam::123456789012:role/R", "accessKeyId": "KEY", "secretAccessKey": "marked", "externalId": ""}}"#,
            role(None, Some(("KEY", "marked"))),
        ),
        (r#"{"secretId": "name", "secretRegion": "eu-west-1"}"#, secret("name", Some("eu-west-1"))),
        (r#"{"type": "secret", "secretId": "name", "secretRegion": ""}"#, secret("name", None)),
        (r#""{\"accessKeyId\": \"KEY\", \"secretAccessKey\": \"marked\"}""#, pair(None)),
        (r#"{"AccessKeyId": "KEY", "SecretAccessKey": "marked", "SessionToken": "t"}"#, pair(Some("t"))),
        (
            r#"{"AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "marked", "AWS_SESSION_TOKEN": "t"}"#,
            pair(Some("t")),
        ),
        (r#"{"accessKeyId": "KEY\n", "secretAccessKey": "\tmarked\r\n", "sessionToken": " t\n"}"#, pair(Some("t"))),
        (
            r#"{"key": "apiKeySecret", "configVarKey": "AWS", "token": {"a": 1}, "context": null, "fields": {"accessKeyId": "KEY", "secretAccessKey": "marked"}}"#,
            pair(None),
        ),
        (
            r#"{"key": "awsAssumeRole", "fields": "{\"roleARN\": \"arn:aws:iam::123456789012:role/R\"}"}"#,
            role(None, None),
        ),
    ] {
        assert_eq!(read(text), Ok(connection), "{text}");
    }
}

#[test]
fn a_blank_connection_is_never_the_functions_own_role() {
    for text in [
        r#"{"roleArn": ""}"#,
        r#"{"fields": {"roleArn": ""}}"#,
        r#"{"fields": {}}"#,
        r#"{"fields": null}"#,
        r#"{"key": "apiKeySecret"}"#,
        r#"{"key": "apiKeySecret", "fields": {"accessKeyId": "", "secretAccessKey": ""}}"#,
        r#"{"accessKeyId": " ", "secretAccessKey": null}"#,
        r#"{"accessKeyId": "", "secretAccessKey": null}"#,
        r#"{"type": ""}"#,
        r#"{"secretId": "\n"}"#,
        r#"{"externalId": " "}"#,
        r#"{"durationSeconds": null}"#,
        r#"{"configVarKey": "AWS", "fields": ""}"#,
        r#""""#,
        r#"" ""#,
        "[]",
        "false",
        "0",
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(error.error_type(), "InvalidConnection", "{text}");
        assert!(error.to_string().starts_with("`connection"), "{text}: {error}");
    }
    let error = read(r#"{"fields": {"roleArn": ""}}"#).unwrap_err().to_string();
    assert!(error.starts_with("`connection.fields.roleArn`: a value is expected: "), "{error}");
}

#[test]
fn rejects_characters_that_headers_do_not_allow_and_shows_no_value() {
    for text in [
        r#"{"accessKeyId": "marked\u0000", "secretAccessKey": "marked"}"#,
        r#"{"accessKeyId": "mar\nked", "secretAccessKey": "marked"}"#,
        r#"{"accessKeyId": "markéd", "secretAccessKey": "marked"}"#,
        r#"{"accessKeyId": "KEY", "secretAccessKey": "mar\u0007ked"}"#,
        r#"{"accessKeyId": "KEY", "secretAccessKey": "marked", "sessionToken": "mar\nked"}"#,
        r#"{"roleArn": "arn:aws:iam::123456789012:role/R", "externalId": "mar\tked"}"#,
        r#"{"roleArn": "arn:aws:iam::123456789012:role/mar\nked"}"#,
        r#"{"roleArn": "arn:aws:iam::123456789012:role/R", "sessionName": "mar ked"}"#,
        r#"{"secretId": "mar\nked"}"#,
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(error.error_type(), "InvalidConnection", "{text}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("mar") && !shown.contains("ked"), "{text}: {shown}");
    }
}

#[test]
fn names_missing_and_unused_inputs_and_shows_no_value() {
    for (text, message) in [
        (
            r#"{"accessKeyId": "marked"}"#,
            "`connection.secretAccessKey`: required input is missing: `accessKeyId` is given",
        ),
        (r#"{"secretAccessKey": "marked"}"#, "`connection.accessKeyId`: required input is missing"),
        (r#"{"sessionToken": "marked"}"#, "`connection.accessKeyId`: required input is missing"),
        (r#"{"type": "accessKey"}"#, "`connection.accessKeyId`: required input is missing"),
        (r#"{"type": "marked"}"#, "`type` is not one of"),
        (
            r#"{"accessKeyId": "marked", "secretAccessKey": "marked", "password": "marked"}"#,
            "`connection.password`: this kind of connection has no such input; the nearest is `",
        ),
        (r#"{"accessKeyId": "marked", "AccessKeyId": "marked", "secretAccessKey": "marked"}"#, "the same input as `"),
        (r#"{"secretId": "s", "accessKeyId": "marked"}"#, "`connection.accessKeyId`: this kind of connection"),
        (r#"{"externalId": "marked"}"#, "`connection.roleArn`: required input is missing: `externalId` is given"),
        (r#"{"secretRegion": "eu-west-1"}"#, "`connection.secretId`: required input is missing: `secretRegion` is"),
        (
            r#"{"roleArn": "arn:aws:iam::123456789012:role/R", "durationSeconds": 60}"#,
            "`connection.durationSeconds`: a whole number from 900 to 43200 is expected",
        ),
        (
            r#"{"accessKeyId": "marked", "secretAccessKey": "marked", "externalId": "marked"}"#,
            "`connection.externalId`: this kind of connection has no such input",
        ),
        (
            r#"{"key": "apiKeySecret", "fields": {"accessKeyId": 7}}"#,
            "`connection.fields.accessKeyId`: a string is expected",
        ),
        (r#"{"key": "apiKeySecret", "fields": "marked"}"#, "`connection.fields`: an object is expected"),
        (r#""marked""#, "`connection`: an object such as"),
        ("[]", "`connection`: an object such as"),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(error.error_type(), "InvalidConnection", "{text}");
        assert!(error.to_string().contains(message), "{text}: {error}");
        assert!(!format!("{error} {error:?}").contains("marked"), "{text}: {error}");
    }
}

#[test]
fn no_secret_is_printed() {
    assert!(!format!("{:?}", pair(Some("marked"))).contains("marked"));
}
