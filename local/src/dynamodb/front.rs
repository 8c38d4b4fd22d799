//! The front of the embedded database. It answers the operations that the engine does not have, and passes all other
//! requests on.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{net::SocketAddr, sync::Arc};

use super::{
    backups::Backups,
    wire::{self, Answer},
};

/// The largest request of DynamoDB's API, in bytes.
const LARGEST_REQUEST: usize = 16 * 1024 * 1024;

/// Answers requests before an engine.
#[derive(Debug)]
struct Front {
    engine: SocketAddr,
    client: Client<HttpConnector, Body>,
    backups: Backups,
}

/// The front of the engine at this address.
pub(super) fn router(engine: SocketAddr) -> Router {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new()).build(connector);
    Router::new().fallback(answer).with_state(Arc::new(Front { engine, client, backups: Backups::default() }))
}

async fn answer(State(front): State<Arc<Front>>, request: Request) -> Response {
    match wire::operation(request.headers()) {
        Some(operation) if Backups::has(operation) => {
            let operation = operation.to_owned();
            front.backups(&operation, request).await
        }
        _ => front.pass_on(request).await,
    }
}

impl Front {
    async fn backups(&self, operation: &str, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, LARGEST_REQUEST).await else {
            return Answer::error(StatusCode::BAD_REQUEST, "ValidationException", "the body is too large")
                .into_response();
        };
        match to_bytes(self.describe(parts.headers, &body).await.into_body(), LARGEST_REQUEST).await {
            Ok(described) => self.backups.answer(operation, &body, &described).into_response(),
            Err(error) => failed(&error),
        }
    }

    /// Describes the table that the request names.
    async fn describe(&self, mut headers: HeaderMap, body: &[u8]) -> Response {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let body = serde_json::json!({"TableName": body["TableName"]}).to_string();
        headers.insert("x-amz-target", HeaderValue::from_static("DynamoDB_20120810.DescribeTable"));
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        let mut request = Request::post("/").body(Body::from(Bytes::from(body))).unwrap_or_default();
        *request.headers_mut() = headers;
        self.pass_on(request).await
    }

    async fn pass_on(&self, mut request: Request) -> Response {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        match format!("http://{}{path}", self.engine).parse::<Uri>() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(error) => return failed(&error),
        }
        match self.client.request(request).await {
            Ok(response) => response.into_response(),
            Err(error) => failed(&error),
        }
    }
}

fn failed(error: &dyn std::error::Error) -> Response {
    Answer::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &error.to_string()).into_response()
}
