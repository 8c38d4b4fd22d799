//! Lambda's Runtime API for one process (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).
//!
//! Each request of the process becomes a [`Call`], and the sandbox that owns the process answers them in turn. So a
//! process that asks for its next event while there is none simply waits, as it does in Lambda.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use crate::{
    error::StartError,
    invocation::error_object,
    listener::{self, Server},
};

/// The most bytes that an answer may have: 6 MB and 100 bytes.
pub(crate) const RESPONSE_LIMIT: usize = 6_291_556;

/// An event on its way to a process.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) request_id: String,
    /// Milliseconds since 1970.
    pub(crate) deadline: u128,
    pub(crate) arn: String,
    pub(crate) trace_id: String,
    pub(crate) payload: Bytes,
}

/// What a process asks or says.
#[derive(Debug)]
pub(crate) enum Call {
    /// It is idle: which event is next?
    Next(oneshot::Sender<Event>),
    /// It has an answer to the event with this id. The reply is whether that is the event that it has.
    Response { id: String, body: Bytes, reply: oneshot::Sender<bool> },
    /// It failed at the event with this id.
    Error { id: String, body: Bytes, reply: oneshot::Sender<bool> },
    /// It cannot start.
    InitError { body: Bytes, reply: oneshot::Sender<bool> },
}

/// The Runtime API of one process, until dropped.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    server: Server,
    calls: mpsc::Receiver<Call>,
}

impl RuntimeApi {
    pub(crate) async fn start() -> Result<Self, StartError> {
        let (sender, calls) = mpsc::channel(1);
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            // Too large an answer is read to its end, so that its size can be told.
            .layer(DefaultBodyLimit::disable())
            .with_state(sender);
        Ok(Self { server: Server::start(listener::loopback(0), router).await?, calls })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.server.address()
    }

    /// What the process asks or says next.
    pub(crate) async fn call(&mut self) -> Call {
        match self.calls.recv().await {
            Some(call) => call,
            // The server lives as long as this, and holds a sender.
            None => std::future::pending().await,
        }
    }
}

type Calls = State<mpsc::Sender<Call>>;

async fn next(State(calls): Calls) -> Response {
    let (reply, event) = oneshot::channel();
    if calls.send(Call::Next(reply)).await.is_err() {
        return gone();
    }
    let Ok(event) = event.await else { return gone() };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", event.request_id),
        ("lambda-runtime-deadline-ms", event.deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", event.arn),
        ("lambda-runtime-trace-id", event.trace_id),
        ("content-type", "application/json".to_owned()),
    ] {
        match HeaderValue::try_from(value) {
            Ok(value) => headers.insert(name, value),
            Err(_) => return gone(),
        };
    }
    (headers, Body::from(event.payload)).into_response()
}

async fn response(State(calls): Calls, Path(id): Path<String>, body: Bytes) -> Response {
    let too_large = body.len() > RESPONSE_LIMIT;
    let accepted = say(&calls, |reply| Call::Response { id, body, reply }).await;
    if too_large && accepted == Some(true) {
        return refuse(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            &format!("Exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."),
        );
    }
    answer(accepted)
}

async fn error(State(calls): Calls, Path(id): Path<String>, body: Bytes) -> Response {
    answer(say(&calls, |reply| Call::Error { id, body, reply }).await)
}

async fn init_error(State(calls): Calls, body: Bytes) -> Response {
    answer(say(&calls, |reply| Call::InitError { body, reply }).await)
}

/// Passes a call on; `None` where the sandbox is gone.
async fn say(calls: &mpsc::Sender<Call>, call: impl FnOnce(oneshot::Sender<bool>) -> Call) -> Option<bool> {
    let (reply, accepted) = oneshot::channel();
    calls.send(call(reply)).await.ok()?;
    accepted.await.ok()
}

fn answer(accepted: Option<bool>) -> Response {
    match accepted {
        Some(true) => {
            (StatusCode::ACCEPTED, [("content-type", "application/json")], "{\"status\":\"OK\"}\n").into_response()
        }
        Some(false) => refuse(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
        None => gone(),
    }
}

fn gone() -> Response {
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "The sandbox of this process has ended")
}

fn refuse(status: StatusCode, error_type: &str, message: &str) -> Response {
    (status, [("content-type", "application/json")], error_object(error_type, message)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listener::tests::{header, post, send, status_and_body};

    fn event() -> Event {
        Event {
            request_id: "8476a536".into(),
            deadline: 1_542_409_706_888,
            arn: "arn:aws:lambda:us-east-1:123456789012:function:get-item".into(),
            trace_id: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1".into(),
            payload: Bytes::from_static(b"{\"n\": 1.0000000000000000000001}"),
        }
    }

    #[tokio::test]
    async fn next_waits_for_an_event_and_carries_its_headers() {
        let mut api = RuntimeApi::start().await.unwrap();
        let url = api.address().to_string();
        let function = async { send(&url, "GET", "/2018-06-01/runtime/invocation/next", &[], b"").await };
        let sandbox = async {
            let Call::Next(reply) = api.call().await else { panic!("not next") };
            reply.send(event()).unwrap();
        };
        let (answer, ()) = tokio::join!(function, sandbox);
        for (name, value) in [
            ("Lambda-Runtime-Aws-Request-Id", event().request_id),
            ("Lambda-Runtime-Deadline-Ms", "1542409706888".to_owned()),
            ("Lambda-Runtime-Invoked-Function-Arn", event().arn),
            ("Lambda-Runtime-Trace-Id", event().trace_id),
        ] {
            assert_eq!(header(&answer, name), Some(value), "{name}");
        }
        assert_eq!(status_and_body(&answer), (200, "{\"n\": 1.0000000000000000000001}".to_owned()));
    }

    #[tokio::test]
    async fn says_whether_an_answer_was_accepted() {
        for (path, accept, expected) in [
            ("/2018-06-01/runtime/invocation/a/response", true, (202, "{\"status\":\"OK\"}\n")),
            ("/2018-06-01/runtime/invocation/a/error", true, (202, "{\"status\":\"OK\"}\n")),
            ("/2018-06-01/runtime/init/error", true, (202, "{\"status\":\"OK\"}\n")),
            (
                "/2018-06-01/runtime/invocation/b/response",
                false,
                (400, "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}"),
            ),
        ] {
            let mut api = RuntimeApi::start().await.unwrap();
            let url = api.address().to_string();
            let function = async { post(&url, path, &[], b"body").await };
            let sandbox = async {
                match api.call().await {
                    Call::Next(_) => panic!("next"),
                    Call::Response { body, reply, .. }
                    | Call::Error { body, reply, .. }
                    | Call::InitError { body, reply } => {
                        assert_eq!(body, "body");
                        reply.send(accept).unwrap();
                    }
                }
            };
            let (answer, ()) = tokio::join!(function, sandbox);
            let (status, body) = status_and_body(&answer);
            assert_eq!((status, body.as_str()), expected, "{path}");
        }
    }

    #[tokio::test]
    async fn reads_too_large_an_answer_to_its_end() {
        let mut api = RuntimeApi::start().await.unwrap();
        let url = api.address().to_string();
        let body = vec![b'x'; RESPONSE_LIMIT + 1];
        let function = async { post(&url, "/2018-06-01/runtime/invocation/a/response", &[], &body).await };
        let sandbox = async {
            let Call::Response { body, reply, .. } = api.call().await else { panic!("not a response") };
            assert_eq!(body.len(), RESPONSE_LIMIT + 1);
            reply.send(true).unwrap();
        };
        let (answer, ()) = tokio::join!(function, sandbox);
        let (status, body) = status_and_body(&answer);
        assert_eq!(status, 413);
        assert!(body.contains("RequestEntityTooLarge"), "{body}");
    }
}
