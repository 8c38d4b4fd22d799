//! A client that signs with `aws-sigv4`, so that the check of signatures is tested against AWS's own code.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use local::Identity;
use serde_json::Value;

use crate::http_client::{self, Answer};

impl Answer {
    /// The text of the XML element `name`.
    pub(super) fn xml(&self, name: &str) -> &str {
        let (_, rest) = self.body.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name}: {self:?}"));
        rest.split_once(&format!("</{name}>")).unwrap().0
    }

    /// The status and the code of an error of STS.
    pub(super) fn sts_error(&self) -> (u16, &str) {
        assert!(self.body.starts_with("<ErrorResponse "), "{self:?}");
        assert_eq!(self.xml("Type"), "Sender");
        assert_eq!(self.xml("RequestId").len(), 36);
        (self.status, self.xml("Code"))
    }

    /// The status and the code of an error of Secrets Manager.
    pub(super) fn json_error(&self) -> (u16, String) {
        assert!(self.header("x-amzn-requestid").is_some(), "{self:?}");
        (self.status, self.json()["__type"].as_str().unwrap().to_owned())
    }
}

/// A client with its credentials.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) credentials: Credentials,
    pub(super) region: &'static str,
    /// Signs for this service instead of the service that is called.
    pub(super) service: Option<&'static str>,
    /// How old the signature is.
    pub(super) ago: Duration,
    /// Text that is added to the body after it was signed.
    pub(super) forged: &'static str,
}

impl Client {
    pub(super) fn new(access_key_id: &str, secret_access_key: &str) -> Self {
        Self::with(Credentials::new(access_key_id, secret_access_key, None, None, "test"))
    }

    pub(super) fn with(credentials: Credentials) -> Self {
        Self { credentials, region: "eu-west-1", service: None, ago: Duration::ZERO, forged: "" }
    }

    /// Calls STS with a form.
    pub(super) async fn sts(&self, identity: &Identity, form: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        // The last `&` separates the text that is added after signing.
        let content = ("content-type", "application/x-www-form-urlencoded");
        self.send(identity, "sts", &[content], format!("Version=2011-06-15&{form}&")).await
    }

    pub(super) async fn caller(&self, identity: &Identity) -> Answer {
        self.sts(identity, &[("Action", "GetCallerIdentity")]).await
    }

    pub(super) async fn assume(&self, identity: &Identity, role: &str, with: &[(&str, &str)]) -> Answer {
        let form = [("Action", "AssumeRole"), ("RoleArn", role), ("RoleSessionName", "one")];
        self.sts(identity, &[&form, with].concat()).await
    }

    /// Calls Secrets Manager.
    pub(super) async fn secret(&self, identity: &Identity, inputs: Value) -> Answer {
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "secretsmanager.GetSecretValue"),
            // The signature leaves out superfluous blanks.
            ("x-amz-note", "  a   b "),
        ];
        self.send(identity, "secretsmanager", &headers, inputs.to_string()).await
    }

    async fn send(&self, identity: &Identity, service: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let host = identity.url().trim_start_matches("http://");
        let headers = self.sign(host, service, headers, body.as_bytes());
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        http_client::send(host, "POST", "/", &headers, (body + self.forged).as_bytes()).await
    }

    /// The headers of a request, with the host and the signature.
    pub(super) fn sign(
        &self,
        host: &str,
        service: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Vec<(String, String)> {
        let mut headers: Vec<_> = [("host", host)].iter().chain(headers).copied().collect();
        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service.unwrap_or(service))
            .time(SystemTime::now() - self.ago)
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let url = format!("http://{host}/");
        let request = SignableRequest::new("POST", url, headers.iter().copied(), SignableBody::Bytes(body)).unwrap();
        let (signature, _) = sign(request, &params).unwrap().into_parts();
        headers.extend(signature.headers());
        headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// The headers as a server has them.
pub(super) fn header_map(headers: &[(String, String)]) -> HeaderMap {
    let headers = headers
        .iter()
        .map(|(name, value)| (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap()));
    headers.collect()
}

/// The temporary credentials in an answer to `AssumeRole`.
pub(super) fn credentials(answer: &Answer) -> Credentials {
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = |name| answer.xml(name).to_owned();
    Credentials::new(text("AccessKeyId"), text("SecretAccessKey"), Some(text("SessionToken")), None, "test")
}
