//! The one address of both services: which of them is meant, and a request's way through it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use uuid::Uuid;

use super::{
    call::{Call, Operation},
    directory::Directory,
    refusal::{Fault, Protocol, REQUEST_ID, Refusal},
    secrets_manager,
    signature::Signature,
    sts,
};

/// What an operation is asked with.
pub(super) type Input = BTreeMap<String, String>;

pub(super) fn router(directory: Arc<Mutex<Directory>>) -> Router {
    Router::new().fallback(answer).with_state(directory)
}

async fn answer(
    State(directory): State<Arc<Mutex<Directory>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // STS has no such header.
    let protocol = if headers.contains_key("x-amz-target") { Protocol::Json } else { Protocol::Query };
    let done = asked(protocol, &method, &uri, &headers, &body).and_then(|(operation, input)| {
        let mut directory = directory.lock().unwrap_or_else(PoisonError::into_inner);
        let request = Request { operation, input: &input, headers: &headers, body: &body };
        request.run(&mut directory, protocol, SystemTime::now()).map(|result| (operation, result))
    });
    match done {
        Err(refusal) => refusal.answer(protocol),
        Ok((operation, result)) => {
            let id = Uuid::new_v4().to_string();
            let (content_type, body) = match protocol {
                Protocol::Query => (sts::CONTENT_TYPE, sts::answer(&format!("{operation:?}"), &result, &id)),
                Protocol::Json => ("application/x-amz-json-1.1", result),
            };
            ([(CONTENT_TYPE, content_type.to_owned()), (REQUEST_ID, id)], body).into_response()
        }
    }
}

/// What a request asks for.
fn asked(
    protocol: Protocol,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(Operation, Input), Refusal> {
    let refuse = |fault| Refusal::new(fault, protocol);
    // Signatures are checked of such requests only.
    if method != Method::POST || uri.path() != "/" || uri.query().is_some() {
        return Err(refuse(Fault::UnknownOperation(format!("{method} {} is not here, only POST /", uri.path()))));
    }
    let unknown = |name: &str| refuse(Fault::UnknownOperation(format!("Could not find operation {name}")));
    match protocol {
        Protocol::Query => {
            let input: Input = form_urlencoded::parse(body).into_owned().collect();
            let (action, version) = (input.get("Action").map_or("", String::as_str), input.get("Version"));
            let operation = match action {
                _ if version.is_none_or(|version| version != "2011-06-15") => {
                    return Err(unknown(&format!("{action} for version {version:?}")));
                }
                "AssumeRole" => Operation::AssumeRole,
                "GetCallerIdentity" => Operation::GetCallerIdentity,
                other => return Err(unknown(other)),
            };
            Ok((operation, input))
        }
        Protocol::Json => {
            let target = headers.get("x-amz-target").map_or(b"".as_slice(), |target| target.as_bytes());
            if target != b"secretsmanager.GetSecretValue" {
                return Err(unknown(&String::from_utf8_lossy(target)));
            }
            let input = serde_json::from_slice(body)
                .map_err(|error| refuse(Fault::Malformed(format!("the inputs are no object of strings: {error}"))))?;
            Ok((Operation::GetSecretValue, input))
        }
    }
}

/// A request for an operation.
struct Request<'a> {
    operation: Operation,
    input: &'a Input,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

impl Request<'_> {
    /// Does it, and notes it down.
    fn run(&self, directory: &mut Directory, protocol: Protocol, now: SystemTime) -> Result<String, Refusal> {
        let mut call = self.call();
        let done = self.result(directory, &call.region, now).map_err(|fault| Refusal::new(fault, protocol));
        call.refused = done.as_ref().err().map(|refusal| refusal.code.clone());
        directory.calls.push(call);
        done
    }

    fn result(&self, directory: &mut Directory, region: &str, now: SystemTime) -> Result<String, Fault> {
        // A service that is too busy does not look at signatures.
        if let Some(fault) = directory.ordered(self.operation) {
            return Err(fault);
        }
        let caller = directory.authenticate(self.operation.service(), self.headers, self.body, now)?;
        match self.operation {
            Operation::AssumeRole => sts::assume_role(directory, &caller, self.input, now),
            Operation::GetCallerIdentity => Ok(sts::get_caller_identity(&caller)),
            Operation::GetSecretValue => secrets_manager::get_secret_value(directory, &caller, region, self.input),
        }
    }

    fn call(&self) -> Call {
        let input = |name| self.input.get(name).cloned();
        let signed = Signature::read(self.headers).ok();
        Call {
            operation: self.operation,
            access_key_id: signed.map_or_else(String::new, |signature| signature.access_key_id.to_owned()),
            region: signed.map_or_else(String::new, |signature| signature.region.to_owned()),
            role_arn: input("RoleArn"),
            session_name: input("RoleSessionName"),
            external_id: input("ExternalId"),
            duration: input("DurationSeconds"),
            secret_id: input("SecretId"),
            refused: None,
        }
    }
}
