//! The HTTP server of both services. It finds the operation that a request calls, runs it and records the call.

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
    fault::Fault,
    refusal::{Protocol, REQUEST_ID, Refusal},
    secrets_manager,
    signature::Signature,
    sts, xml,
};
use crate::clock::now;

type Inputs = BTreeMap<String, String>;

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
    // Requests to STS do not have this header.
    let protocol = if headers.contains_key("x-amz-target") { Protocol::Json } else { Protocol::Query };
    let done = parse(protocol, &method, &uri, &headers, &body).and_then(|(operation, inputs)| {
        let mut directory = directory.lock().unwrap_or_else(PoisonError::into_inner);
        let request = Request { operation, inputs: &inputs, headers: &headers, body: &body };
        request.run(&mut directory, protocol, now()).map(|result| (operation, result))
    });
    match done {
        Err(refusal) => refusal.answer(protocol),
        Ok((operation, result)) => {
            let id = Uuid::new_v4().to_string();
            let (content_type, body) = match protocol {
                Protocol::Query => (xml::CONTENT_TYPE, xml::answer(&format!("{operation:?}"), &result, &id)),
                Protocol::Json => ("application/x-amz-json-1.1", result),
            };
            ([(CONTENT_TYPE, content_type.to_owned()), (REQUEST_ID, id)], body).into_response()
        }
    }
}

/// Finds the operation that a request calls, and its inputs.
fn parse(
    protocol: Protocol,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(Operation, Inputs), Refusal> {
    let refuse = |fault| Refusal::new(fault, protocol);
    // The check of signatures takes every request for one of this form.
    if method != Method::POST || uri.path() != "/" || uri.query().is_some() {
        return Err(refuse(Fault::UnknownOperation(format!("{method} {} is not supported, only POST /", uri.path()))));
    }
    let unknown = |name: &str| refuse(Fault::UnknownOperation(format!("Could not find operation {name}")));
    match protocol {
        Protocol::Query => {
            let inputs: Inputs = form_urlencoded::parse(body).into_owned().collect();
            let (action, version) = (inputs.get("Action").map_or("", String::as_str), inputs.get("Version"));
            let operation = match action {
                _ if version.is_none_or(|version| version != "2011-06-15") => {
                    return Err(unknown(&format!("{action} for version {version:?}")));
                }
                "AssumeRole" => Operation::AssumeRole,
                "GetCallerIdentity" => Operation::GetCallerIdentity,
                other => return Err(unknown(other)),
            };
            Ok((operation, inputs))
        }
        Protocol::Json => {
            let target = headers.get("x-amz-target").map_or(b"".as_slice(), |target| target.as_bytes());
            if target != b"secretsmanager.GetSecretValue" {
                return Err(unknown(&String::from_utf8_lossy(target)));
            }
            let inputs = serde_json::from_slice(body).map_err(|error| {
                refuse(Fault::Malformed(format!("the inputs are not an object of strings: {error}")))
            })?;
            Ok((Operation::GetSecretValue, inputs))
        }
    }
}

struct Request<'a> {
    operation: Operation,
    inputs: &'a Inputs,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

impl Request<'_> {
    /// Runs the operation and records the call.
    fn run(&self, directory: &mut Directory, protocol: Protocol, now: SystemTime) -> Result<String, Refusal> {
        let mut call = self.call();
        let done = self.result(directory, &call.region, now).map_err(|fault| Refusal::new(fault, protocol));
        call.refused = done.as_ref().err().map(|refusal| refusal.code.clone());
        directory.calls.push(call);
        done
    }

    fn result(&self, directory: &mut Directory, region: &str, now: SystemTime) -> Result<String, Fault> {
        // A scripted failure comes first, because an overloaded service does not check signatures.
        if let Some(fault) = directory.take_failure(self.operation) {
            return Err(fault);
        }
        let caller = directory.authenticate(self.operation.service(), self.headers, self.body, now)?;
        match self.operation {
            Operation::AssumeRole => sts::assume_role(directory, &caller, self.inputs, now),
            Operation::GetCallerIdentity => Ok(sts::get_caller_identity(&caller)),
            Operation::GetSecretValue => secrets_manager::get_secret_value(directory, &caller, region, self.inputs),
        }
    }

    fn call(&self) -> Call {
        let input = |name| self.inputs.get(name).cloned();
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
