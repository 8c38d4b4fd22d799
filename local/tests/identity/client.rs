//! A client that signs with `aws-sigv4`: what is checked here was not written by who checks it.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use local::Identity;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// An answer: the status, the headers as text, the body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The text of the XML element `name`.
    pub(crate) fn xml(&self, name: &str) -> &str {
        let (_, rest) = self.body.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name}: {self:?}"));
        rest.split_once(&format!("</{name}>")).unwrap().0
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Status and code of an error of STS.
    pub(crate) fn sts_error(&self) -> (u16, &str) {
        assert!(self.body.starts_with("<ErrorResponse "), "{self:?}");
        assert_eq!(self.xml("Type"), "Sender");
        assert_eq!(self.xml("RequestId").len(), 36);
        (self.status, self.xml("Code"))
    }

    /// Status and code of an error of Secrets Manager.
    pub(crate) fn json_error(&self) -> (u16, String) {
        assert!(self.head.contains("x-amzn-requestid: "), "{self:?}");
        (self.status, self.json()["__type"].as_str().unwrap().to_owned())
    }
}

/// Who signs, as of when, and for where.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) credentials: Credentials,
    pub(crate) region: &'static str,
    pub(crate) service: Option<&'static str>,
    pub(crate) ago: Duration,
    /// Added to the body after it was signed.
    pub(crate) forged: &'static str,
}

impl Client {
    pub(crate) fn new(access_key_id: &str, secret_access_key: &str) -> Self {
        Self::with(Credentials::new(access_key_id, secret_access_key, None, None, "test"))
    }

    pub(crate) fn with(credentials: Credentials) -> Self {
        Self { credentials, region: "eu-west-1", service: None, ago: Duration::ZERO, forged: "" }
    }

    /// Calls STS with a form.
    pub(crate) async fn sts(&self, identity: &Identity, form: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        // The last `&` keeps apart what is forged.
        let content = ("content-type", "application/x-www-form-urlencoded");
        self.send(identity, "sts", &[content], format!("Version=2011-06-15&{form}&")).await
    }

    pub(crate) async fn caller(&self, identity: &Identity) -> Answer {
        self.sts(identity, &[("Action", "GetCallerIdentity")]).await
    }

    pub(crate) async fn assume(&self, identity: &Identity, role: &str, with: &[(&str, &str)]) -> Answer {
        let form = [("Action", "AssumeRole"), ("RoleArn", role), ("RoleSessionName", "one")];
        self.sts(identity, &[&form, with].concat()).await
    }

    /// Calls Secrets Manager.
    pub(crate) async fn secret(&self, identity: &Identity, inputs: Value) -> Answer {
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "secretsmanager.GetSecretValue"),
            // Blanks that signatures leave out.
            ("x-amz-note", "  a   b "),
        ];
        self.send(identity, "secretsmanager", &headers, inputs.to_string()).await
    }

    async fn send(&self, identity: &Identity, service: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let host = identity.url().trim_start_matches("http://");
        let headers = self.sign(host, service, headers, body.as_bytes());
        let headers: String = headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
        send(host, &headers, &(body + self.forged)).await
    }

    /// All headers of a request, with the signature.
    pub(crate) fn sign(
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

/// Sends a request with these lines of headers, on a connection of its own.
pub(crate) async fn send(host: &str, headers: &str, body: &str) -> Answer {
    let length = body.len();
    let request = format!("POST / HTTP/1.1\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    let mut connection = TcpStream::connect(host).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Headers as a server has them.
pub(crate) fn header_map(headers: &[(String, String)]) -> HeaderMap {
    let headers = headers
        .iter()
        .map(|(name, value)| (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap()));
    headers.collect()
}

/// The temporary credentials in an answer to `AssumeRole`.
pub(crate) fn credentials(answer: &Answer) -> Credentials {
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = |name| answer.xml(name).to_owned();
    Credentials::new(text("AccessKeyId"), text("SecretAccessKey"), Some(text("SessionToken")), None, "test")
}
