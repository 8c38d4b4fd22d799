//! A DynamoDB that sends prepared answers, over plain HTTP and over TLS.
//!
//! It counts the calls, keeps the last request of each operation, and can delay its answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use local::{
    dynamodb::wire::{Answer, operation},
    server::{self, Server},
};

use super::tls::Tls;

#[derive(Debug)]
pub(crate) struct DynamoDb {
    plain: Server,
    tls: Server,
    authority: PathBuf,
    state: Arc<Prepared>,
}

/// What the server knows.
#[derive(Debug, Default)]
struct Prepared {
    /// The answers of each operation: of a query, one for each page.
    answers: Mutex<BTreeMap<String, Arc<[Answer]>>>,
    /// The operations whose answer has an item for each key of the request.
    of_keys: Mutex<BTreeSet<String>>,
    last_requests: Mutex<BTreeMap<String, Bytes>>,
    calls: AtomicUsize,
    /// In microseconds.
    delay: AtomicU64,
}

impl DynamoDb {
    /// Starts the server without answers. The certificate of the TLS server's authority is written to `store`.
    pub(super) async fn start(store: &Path) -> Result<Self, String> {
        let state = Arc::<Prepared>::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let started = Server::start(server::loopback(0), router.clone()).await;
        let plain = started.map_err(|error| error.to_string())?;

        let (listener, address) = server::bind(server::loopback(0)).await.map_err(|error| error.to_string())?;
        let tls = Tls::new(&address.ip().to_string()).map_err(|error| format!("no certificate: {error}"))?;
        let authority = store.join("authority.pem");
        fs::write(&authority, &tls.authority).map_err(|error| format!("{}: {error}", authority.display()))?;
        let tls = Server::with_listener(tls.listener(listener), address, router);
        Ok(Self { plain, tls, authority, state })
    }

    /// The endpoint.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.plain.address())
    }

    /// The endpoint with TLS.
    pub(crate) fn tls_url(&self) -> String {
        format!("https://{}", self.tls.address())
    }

    /// The file with the certificate of the authority that a client of [`Self::tls_url`] must trust.
    pub(crate) fn authority(&self) -> &Path {
        &self.authority
    }

    /// Answers an operation with this body from now on.
    pub(crate) fn answer(&self, operation: &str, body: &str) {
        self.pages(operation, &[body.to_owned()]);
    }

    /// Answers an operation with one of these pages from now on: the one whose [`page_key`] the request holds, or the
    /// first.
    pub(crate) fn pages(&self, operation: &str, bodies: &[String]) {
        let answers = bodies.iter().map(|body| Answer::success(body.clone())).collect();
        lock(&self.state.answers).insert(operation.to_owned(), answers);
    }

    /// Answers an operation with an item for each key that the request holds.
    pub(crate) fn answer_keys(&self, operation: &str) {
        lock(&self.state.of_keys).insert(operation.to_owned());
    }

    /// Sets how long each answer is delayed.
    pub(crate) fn delay(&self, delay: Duration) {
        self.state.delay.store(u64::try_from(delay.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The number of calls since the last time.
    pub(super) fn take_calls(&self) -> usize {
        self.state.calls.swap(0, Ordering::Relaxed)
    }

    /// The body of the last request of an operation.
    pub(crate) fn last_request(&self, operation: &str) -> Bytes {
        lock(&self.state.last_requests).get(operation).cloned().unwrap_or_default()
    }
}

async fn answer(State(state): State<Arc<Prepared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return StatusCode::BAD_REQUEST.into_response() };
    let operation = operation(&parts.headers).unwrap_or_default();
    state.calls.fetch_add(1, Ordering::Relaxed);
    let answers = lock(&state.answers).get(operation).cloned();
    let answer = answers.as_ref().and_then(|answers| answers.get(page_number(&body)));
    let answer = if lock(&state.of_keys).contains(operation) {
        Some(Answer::success(items_of_keys(&body)))
    } else {
        answer.cloned()
    };
    let answer = answer.unwrap_or_else(|| {
        Answer::error(StatusCode::BAD_REQUEST, "UnknownOperationException", &format!("no answer to {operation}"))
    });
    keep(&mut lock(&state.last_requests), operation, body);
    let delay = state.delay.load(Ordering::Relaxed);
    if delay > 0 {
        // The timers of tokio are exact to a millisecond only.
        let _ = tokio::task::spawn_blocking(move || thread::sleep(Duration::from_micros(delay))).await;
    }
    answer.into_response()
}

fn keep(requests: &mut BTreeMap<String, Bytes>, operation: &str, body: Bytes) {
    match requests.get_mut(operation) {
        Some(last) => *last = body,
        None => drop(requests.insert(operation.to_owned(), body)),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The answer to a `BatchGetItem` of the table `Customers`: an item for each key.
fn items_of_keys(request: &[u8]) -> String {
    let request = String::from_utf8_lossy(request);
    let keys = request.split(r#"{"customerId":{"S":""#).skip(1).filter_map(|rest| rest.split('"').next());
    let items: Vec<String> = keys
        .map(|key| {
            format!(
                r#"{{"customerId":{{"S":"{key}"}},"name":{{"S":"Ann Andersen"}},"age":{{"N":"33"}},"balance":{{"N":"1203.55"}},"active":{{"BOOL":true}},"address":{{"M":{{"street":{{"S":"Storgata 1"}},"city":{{"S":"Bergen"}}}}}},"tags":{{"L":[{{"S":"new"}},{{"S":"vip"}}]}}}}"#
            )
        })
        .collect();
    format!(r#"{{"Responses":{{"Customers":[{}]}},"UnprocessedKeys":{{}}}}"#, items.join(","))
}

/// The key that a page ends with and that a request for the page of this number starts with.
pub(crate) fn page_key(number: usize) -> String {
    format!(r#"{{"customerId":{{"S":"C-1"}},"page":{{"N":"{number}"}}}}"#)
}

/// The number of the page that a request asks for: 0 without an `ExclusiveStartKey`.
fn page_number(request: &[u8]) -> usize {
    let mark: &[u8] = br#""page":{"N":""#;
    let Some(at) = request.windows(mark.len()).position(|window| window == mark) else { return 0 };
    let digits = request[at + mark.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_gets_its_item() {
        let request =
            br#"{"RequestItems":{"Customers":{"Keys":[{"customerId":{"S":"C-1"}},{"customerId":{"S":"C-2"}}]}}}"#;
        let answer: serde_json::Value = serde_json::from_str(&items_of_keys(request)).unwrap();
        assert_eq!(answer["Responses"]["Customers"][1]["customerId"]["S"], "C-2");
        assert_eq!(answer["Responses"]["Customers"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn a_request_is_answered_with_the_page_of_its_start_key() {
        assert_eq!(page_number(b"{}"), 0);
        assert_eq!(page_number(format!(r#"{{"ExclusiveStartKey":{}}}"#, page_key(17)).as_bytes()), 17);
    }
}
