//! Lambda's Runtime API for one process (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).
//!
//! Each request of the process becomes a [`Call`]. The owner of a [`RuntimeApi`] takes the calls one after the other and
//! answers them. A process that asks for an event waits until the owner has one, as in Lambda.
//!
//! The server runs on the Tokio runtime that starts it. On a current-thread runtime, a request and its answer never move
//! between threads, which the benches rely on.

use std::{net::SocketAddr, time::Duration};

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

use super::function_error::error_object;
use crate::{
    clock::since_epoch,
    error::StartError,
    server::{self, Server},
};

/// The largest answer in bytes: 6 MB and 100 bytes.
pub const RESPONSE_LIMIT: usize = 6_291_556;

/// An event for a process.
#[derive(Debug)]
pub struct Event {
    /// The process sends its answer under this id.
    pub request_id: String,
    /// When the process must have answered, as the time since 1970. It is sent in whole milliseconds.
    pub deadline: Duration,
    /// The ARN of the function.
    pub function_arn: String,
    /// The X-Ray trace header.
    pub trace_id: String,
    /// The event's bytes.
    pub payload: Bytes,
}

impl Event {
    /// The deadline of an event that is sent now and may take `timeout`.
    #[must_use]
    pub fn deadline_in(timeout: Duration) -> Duration {
        since_epoch() + timeout
    }
}

/// A request of the process.
#[derive(Debug)]
pub enum Call {
    /// The process is idle and asks for an event.
    Next(EventRequest),
    /// The process answered the event with this id.
    Response {
        /// The id of the event.
        id: String,
        /// The answer.
        body: Bytes,
        /// Tells the process whether the id was right.
        receipt: Receipt,
    },
    /// The process failed to handle the event with this id.
    Error {
        /// The id of the event.
        id: String,
        /// The error object.
        body: Bytes,
        /// Tells the process whether the id was right.
        receipt: Receipt,
    },
    /// The process cannot start.
    InitError {
        /// The error object.
        body: Bytes,
        /// Tells the process that its error was read.
        receipt: Receipt,
    },
}

/// The process waits for an event. Dropping this refuses the request.
#[derive(Debug)]
pub struct EventRequest(oneshot::Sender<Event>);

impl EventRequest {
    /// Whether the process has closed the connection on which it asked.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        self.0.is_closed()
    }

    /// Sends the event. If the process has gone meanwhile, the event is dropped: the owner sees the process end.
    pub fn answer(self, event: Event) {
        let _ = self.0.send(event);
    }
}

/// The process waits to hear whether its answer was accepted.
#[derive(Debug)]
pub struct Receipt(oneshot::Sender<bool>);

impl Receipt {
    /// Accepts the answer.
    pub fn accept(self) {
        // The process may have gone already.
        let _ = self.0.send(true);
    }

    /// Refuses the answer, because the process does not have an event of this id.
    pub fn refuse(self) {
        let _ = self.0.send(false);
    }
}

/// The Runtime API of one process. Dropping it stops the server.
#[derive(Debug)]
pub struct RuntimeApi {
    server: Server,
    calls: mpsc::Receiver<Call>,
}

impl RuntimeApi {
    /// Starts the server on a loopback port that the system chooses.
    pub async fn start() -> Result<Self, StartError> {
        let (sender, calls) = mpsc::channel(1);
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            // An answer that is too large is read to its end, so that the error can say its size.
            .layer(DefaultBodyLimit::disable())
            .with_state(sender);
        Ok(Self { server: Server::start(server::loopback(0), router).await?, calls })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Waits for the next request of the process. No request is lost if this is cancelled.
    pub async fn call(&mut self) -> Call {
        match self.calls.recv().await {
            Some(call) => call,
            // Not reached: the server holds a sender and lives as long as `self`.
            None => std::future::pending().await,
        }
    }
}

type Calls = State<mpsc::Sender<Call>>;

async fn next(State(calls): Calls) -> Response {
    let (sender, event) = oneshot::channel();
    if calls.send(Call::Next(EventRequest(sender))).await.is_err() {
        return ended();
    }
    let Ok(event) = event.await else { return ended() };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", event.request_id),
        ("lambda-runtime-deadline-ms", event.deadline.as_millis().to_string()),
        ("lambda-runtime-invoked-function-arn", event.function_arn),
        ("lambda-runtime-trace-id", event.trace_id),
        ("content-type", "application/json".to_owned()),
    ] {
        match HeaderValue::try_from(value) {
            Ok(value) => headers.insert(name, value),
            Err(_) => return ended(),
        };
    }
    (headers, Body::from(event.payload)).into_response()
}

async fn response(State(calls): Calls, Path(id): Path<String>, body: Bytes) -> Response {
    let too_large = body.len() > RESPONSE_LIMIT;
    let accepted = deliver(&calls, |receipt| Call::Response { id, body, receipt }).await;
    if too_large && accepted == Some(true) {
        return refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            &format!("Exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."),
        );
    }
    status(accepted)
}

async fn error(State(calls): Calls, Path(id): Path<String>, body: Bytes) -> Response {
    status(deliver(&calls, |receipt| Call::Error { id, body, receipt }).await)
}

async fn init_error(State(calls): Calls, body: Bytes) -> Response {
    status(deliver(&calls, |receipt| Call::InitError { body, receipt }).await)
}

/// Hands a call to the owner. Returns whether the owner accepted it, or `None` if the owner has gone.
async fn deliver(calls: &mpsc::Sender<Call>, call: impl FnOnce(Receipt) -> Call) -> Option<bool> {
    let (sender, accepted) = oneshot::channel();
    calls.send(call(Receipt(sender))).await.ok()?;
    accepted.await.ok()
}

fn status(accepted: Option<bool>) -> Response {
    match accepted {
        Some(true) => {
            (StatusCode::ACCEPTED, [("content-type", "application/json")], "{\"status\":\"OK\"}\n").into_response()
        }
        Some(false) => refusal(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
        None => ended(),
    }
}

fn ended() -> Response {
    refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "The sandbox of this process has ended")
}

fn refusal(status: StatusCode, error_type: &str, message: &str) -> Response {
    (status, [("content-type", "application/json")], error_object(error_type, message)).into_response()
}
