//! The proxy between the functions and DynamoDB. It passes requests on, records them, and can answer in DynamoDB's
//! place. Like DynamoDB, it refuses requests that `template.yaml` does not allow for the function.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, DefaultBodyLimit, State},
    http::{HeaderMap, Response, StatusCode, Uri},
    response::IntoResponse as _,
};
use http_body_util::BodyExt as _;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use local::{Caller, Identity, Refusal};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    deployment::Deployment,
    external_engine,
    permission::{self, Permission},
    stand_ins::StandIns,
};

/// A request that a function sent.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `GetItem`
    pub(crate) operation: String,
    body: Bytes,
    /// The identity that signed the request, if signatures are checked.
    pub(crate) signed_by: Option<Result<Caller, Refusal>>,
    pub(crate) headers: HeaderMap,
    /// The connection on which the request arrived.
    pub(crate) connection: SocketAddr,
}

impl Seen {
    /// The request's body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }
}

/// An answer in DynamoDB's place.
#[derive(Debug, Clone)]
pub(crate) enum Canned {
    /// An answer with this status and body.
    Answer(u16, String),
    /// DynamoDB's own answer with a wrong checksum.
    WrongChecksum,
    /// A 200 with fewer bytes than its header announces.
    CutOff,
    /// No answer.
    Silence,
}

impl Canned {
    /// An error in DynamoDB's form.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::Answer(status, format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"canned"}}"#))
    }
}

struct ProxyState {
    upstream: String,
    client: Client<HttpConnector, Body>,
    seen: Mutex<Vec<Seen>>,
    /// The requests that functions send when they start.
    warm_ups: Mutex<Vec<Seen>>,
    /// The identities that check signatures, and the key ID that replaces the caller's on the way to DynamoDB.
    guard: OnceLock<(Arc<Identity>, String)>,
    script: Mutex<VecDeque<(String, Canned)>>,
    /// The functions that currently run.
    running: Mutex<Vec<String>>,
    stand_ins: StandIns,
}

/// Marks a function as running until this value is dropped.
pub(crate) struct Running {
    post: Arc<ProxyState>,
    function: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.post.running.lock().unwrap();
        let at = running.iter().position(|function| *function == self.function).unwrap();
        running.swap_remove(at);
    }
}

/// A proxy in front of a DynamoDB.
pub(crate) struct Proxy {
    url: String,
    post: Arc<ProxyState>,
    server: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Proxy {
    /// Starts a proxy in front of the DynamoDB at `upstream`.
    pub(crate) async fn before(upstream: &str) -> Self {
        let post = Arc::new(ProxyState {
            upstream: upstream.trim_end_matches('/').to_owned(),
            client: Client::builder(TokioExecutor::new()).build_http(),
            seen: Mutex::default(),
            warm_ups: Mutex::default(),
            guard: OnceLock::new(),
            script: Mutex::default(),
            running: Mutex::default(),
            stand_ins: StandIns::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        // DynamoDB takes requests of 16 MB.
        let router = Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(Arc::clone(&post));
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, post, server }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Checks every signature from now on, as DynamoDB does. Requests are passed on with this key ID.
    pub(crate) fn guard(&self, identity: Arc<Identity>, key: &str) {
        self.post.guard.set((identity, key.to_owned())).ok().unwrap();
    }

    /// Sets the answer to the next request for this operation. Several answers are used in order.
    pub(crate) fn next(&self, operation: &str, canned: Canned) {
        self.post.script.lock().unwrap().push_back((operation.to_owned(), canned));
    }

    /// Treats requests as this function's until the returned value is dropped.
    pub(crate) fn running(&self, function: &str) -> Running {
        self.post.running.lock().unwrap().push(function.to_owned());
        Running { post: Arc::clone(&self.post), function: function.to_owned() }
    }

    /// Takes all requests recorded so far.
    pub(crate) fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.post.seen.lock().unwrap())
    }

    /// The requests that functions sent when they started. They are not among the other requests, because no event
    /// caused them.
    pub(crate) fn warm_ups(&self) -> Vec<Seen> {
        self.post.warm_ups.lock().unwrap().clone()
    }

    /// Takes the operations of all requests recorded so far, in order.
    pub(crate) fn take_operations(&self) -> Vec<String> {
        self.take_seen().into_iter().map(|seen| seen.operation).collect()
    }

    /// Takes all requests recorded so far. Returns the body of the only request for this operation.
    pub(crate) fn take_body(&self, operation: &str) -> Value {
        let mut requests = self.take_seen();
        requests.retain(|seen| seen.operation == operation);
        assert_eq!(requests.len(), 1, "{operation}: {requests:?}");
        serde_json::from_slice(&requests[0].body).unwrap()
    }
}

async fn answer(
    State(post): State<Arc<ProxyState>>,
    ConnectInfo(connection): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Response<Body> {
    let target = headers["x-amz-target"].to_str().unwrap();
    let operation = target.rsplit('.').next().unwrap().to_owned();
    let signed_by = post.guard.get().map(|(identity, _)| identity.signed_by("dynamodb", &headers, &body));
    let refusal = signed_by.clone().and_then(Result::err);
    let seen =
        Seen { operation: operation.clone(), body: body.clone(), signed_by, headers: headers.clone(), connection };
    if operation == "DescribeEndpoints" {
        post.warm_ups.lock().unwrap().push(seen);
        let body = r#"{"__type":"com.amazon.coral.service#MissingAuthenticationTokenException"}"#;
        return Response::builder().status(400).body(Body::from(body)).unwrap();
    }
    post.seen.lock().unwrap().push(seen);
    let refusal = refusal.or_else(|| post.not_granted(&operation, &body));
    if let Some(Refusal { status, code, message }) = refusal {
        let body = serde_json::json!({"__type": code, "message": message}).to_string();
        return Response::builder().status(status).body(Body::from(body)).unwrap();
    }
    let canned = {
        let mut script = post.script.lock().unwrap();
        let at = script.iter().position(|(scripted, _)| *scripted == operation);
        at.and_then(|at| script.remove(at)).map(|(_, canned)| canned)
    };
    match canned {
        None if external_engine().is_some() && StandIns::has(&operation) => {
            post.stand_in(&operation, headers, &uri, &body).await
        }
        None => post.pass_on(headers, &uri, body).await,
        Some(Canned::Answer(status, body)) => {
            Response::builder().status(status).header("x-amzn-requestid", "CANNED").body(Body::from(body)).unwrap()
        }
        Some(Canned::WrongChecksum) => {
            let mut response = post.pass_on(headers, &uri, body).await;
            response.headers_mut().insert("x-amz-crc32", "1".parse().unwrap());
            response
        }
        Some(Canned::CutOff) => {
            let cut = Body::from_stream(futures_util::stream::iter([
                Ok(Bytes::from_static(b"{\"Item\":")),
                Err(std::io::Error::other("cut off")),
            ]));
            Response::builder().status(StatusCode::OK).body(cut).unwrap()
        }
        Some(Canned::Silence) => std::future::pending().await,
    }
}

impl ProxyState {
    /// The refusal of a request that the template does not allow for any running function. The template's parameter
    /// names the table of each permission.
    fn not_granted(&self, operation: &str, body: &[u8]) -> Option<Refusal> {
        let running = self.running.lock().unwrap().clone();
        let body = serde_json::from_slice(body).unwrap_or_default();
        let needed = permission::needed(operation, &body);
        let is_granted = |needed: &Permission| {
            let deployment = Deployment::with(&[("TablePattern", &needed.table())]);
            running
                .iter()
                .any(|function| permission::granted(&deployment, function).iter().any(|granted| granted.covers(needed)))
        };
        let missing = needed.iter().find(|needed| !is_granted(needed))?;
        // A request that outlives its invocation belongs to no running function.
        (!running.is_empty()).then(|| Refusal {
            status: 400,
            code: "com.amazon.coral.service#AccessDeniedException".to_owned(),
            message: format!("template.yaml does not let {} do {missing:?}", running.join(" or ")),
        })
    }

    /// Answers an operation that the engine does not have.
    async fn stand_in(&self, operation: &str, mut headers: HeaderMap, uri: &Uri, body: &Bytes) -> Response<Body> {
        headers.insert("x-amz-target", "DynamoDB_20120810.DescribeTable".parse().unwrap());
        let request: Value = serde_json::from_slice(body).unwrap();
        let describe = serde_json::json!({"TableName": request["TableName"]}).to_string();
        let described =
            self.pass_on(headers, uri, describe.into()).await.into_body().collect().await.unwrap().to_bytes();
        self.stand_ins.answer(operation, body, &described).into_response()
    }

    async fn pass_on(&self, headers: HeaderMap, uri: &Uri, body: Bytes) -> Response<Body> {
        let mut request = axum::http::Request::post(format!("{}{}", self.upstream, uri.path()));
        for (name, value) in &headers {
            match (name.as_str(), self.guard.get()) {
                ("host" | "content-length", _) | ("x-amz-security-token", Some(_)) => {}
                ("authorization", Some((_, key))) => {
                    let (scheme, scope) = value.to_str().unwrap().split_once("Credential=").unwrap();
                    let (_, scope) = scope.split_once('/').unwrap();
                    request = request.header(name, format!("{scheme}Credential={key}/{scope}"));
                }
                _ => request = request.header(name, value),
            }
        }
        let response = self.client.request(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (mut parts, body) = response.into_parts();
        parts.headers.remove("content-length");
        parts.headers.remove("transfer-encoding");
        let body = body.collect().await.unwrap().to_bytes();
        Response::from_parts(parts, Body::from(body))
    }
}
