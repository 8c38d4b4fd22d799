//! Invokes one process through its Runtime API, and measures how long each invocation takes.

use std::{
    cell::RefCell,
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use local::runtime_api::{Call, Event, EventRequest, RuntimeApi};
use tokio::{runtime::Handle, time::timeout};

/// How long a start or a series may take.
const LIMIT: Duration = Duration::from_mins(2);

/// The Runtime API of one process. Dropping it stops the server.
#[derive(Debug)]
pub(crate) struct Invoker {
    runtime: Handle,
    address: SocketAddr,
    /// `None` after a time limit has passed.
    api: RefCell<Option<Api>>,
}

/// The result of a series of invocations.
#[derive(Debug)]
pub(crate) struct Series {
    /// How long each invocation took, from sending the event until the answer was read.
    pub(crate) times: Vec<Duration>,
    /// How long the series took.
    pub(crate) total: Duration,
    /// The last answer.
    pub(crate) answer: Bytes,
}

impl Invoker {
    /// Starts the server on the thread of `runtime`.
    pub(super) fn start(runtime: &Handle) -> Result<Self, String> {
        let api = runtime.block_on(RuntimeApi::start()).map_err(|error| error.to_string())?;
        let address = api.address();
        let api = Api { api, idle: VecDeque::new() };
        Ok(Self { runtime: runtime.clone(), address, api: RefCell::new(Some(api)) })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the process asks for its first event, and returns when it did. Call it once, before [`Self::invoke`].
    pub(crate) fn started(&self) -> Result<Instant, String> {
        self.run(Api::started)
    }

    /// Invokes the process `times` times, with each of the events in turn, with at most `at_once` under way.
    pub(crate) fn invoke(&self, events: &[&str], times: usize, at_once: usize) -> Result<Series, String> {
        let events = events.iter().map(|event| Bytes::copy_from_slice(event.as_bytes())).collect();
        self.run(move |api| api.invoke(events, times, at_once))
    }

    /// Runs `work` on the thread of the servers, so that no call of the process changes threads.
    fn run<T, F>(&self, work: impl FnOnce(Api) -> F) -> Result<T, String>
    where
        T: Send + 'static,
        F: Future<Output = (Api, Result<T, String>)> + Send + 'static,
    {
        let api = self.api.take().ok_or("it did not answer in time before")?;
        let task = self.runtime.spawn(work(api));
        match self.runtime.block_on(async { timeout(LIMIT, task).await }) {
            Ok(Ok((api, result))) => {
                *self.api.borrow_mut() = Some(api);
                result
            }
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer in {LIMIT:?}")),
        }
    }
}

#[derive(Debug)]
struct Api {
    api: RuntimeApi,
    /// The requests for an event that were not answered yet, the oldest first.
    idle: VecDeque<EventRequest>,
}

impl Api {
    async fn started(mut self) -> (Self, Result<Instant, String>) {
        let answer = self.next().await;
        let started = Instant::now();
        let result = match answer {
            Ok(None) => Ok(started),
            Ok(Some((id, _))) => Err(format!("answer to the unknown event `{id}`")),
            Err(error) => Err(error),
        };
        (self, result)
    }

    async fn invoke(mut self, events: Vec<Bytes>, times: usize, at_once: usize) -> (Self, Result<Series, String>) {
        let result = self.series(&events, times, at_once).await;
        (self, result)
    }

    async fn series(&mut self, events: &[Bytes], times: usize, at_once: usize) -> Result<Series, String> {
        let mut sent: Vec<Instant> = Vec::with_capacity(times);
        let mut took = vec![Duration::ZERO; times];
        let mut last_answer = Bytes::new();
        let mut done = 0;
        while done < times {
            while sent.len() < times
                && sent.len() - done < at_once
                && let Some(request) = self.idle.pop_front()
            {
                // Its connection has broken, and the process asks again on another one.
                if request.is_abandoned() {
                    continue;
                }
                let number = sent.len();
                let event = event(number, events[number % events.len()].clone());
                sent.push(Instant::now());
                request.answer(event);
            }
            if let Some((id, body)) = self.next().await? {
                let now = Instant::now();
                let number = id.parse::<usize>().ok().filter(|number| *number < sent.len());
                let number = number.ok_or_else(|| format!("answer to the unknown event `{id}`"))?;
                took[number] = now - sent[number];
                last_answer = body;
                done += 1;
            }
        }
        let ends = sent.iter().zip(&took).map(|(sent, took)| *sent + *took);
        let total = ends.max().zip(sent.first()).map_or(Duration::ZERO, |(end, start)| end - *start);
        Ok(Series { times: took, total, answer: last_answer })
    }

    /// Takes the next call of the process. Returns the id and the body of an answer, and keeps a request for an event.
    async fn next(&mut self) -> Result<Option<(String, Bytes)>, String> {
        match self.api.call().await {
            Call::Next(request) => {
                self.idle.push_back(request);
                Ok(None)
            }
            Call::Response { id, body, receipt } => {
                receipt.accept();
                Ok(Some((id, body)))
            }
            Call::Error { body, receipt, .. } | Call::InitError { body, receipt } => {
                receipt.accept();
                Err(String::from_utf8_lossy(&body).chars().take(500).collect())
            }
        }
    }
}

fn event(number: usize, payload: Bytes) -> Event {
    Event {
        request_id: number.to_string(),
        deadline: Event::deadline_in(LIMIT),
        function_arn: "arn:aws:lambda:us-east-1:123456789012:function:bench".to_owned(),
        trace_id: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0".to_owned(),
        payload,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
        thread,
    };

    use super::*;

    /// Sends one request on a new connection and returns the whole answer.
    fn exchange(address: SocketAddr, request: &str, body: &str) -> String {
        let mut connection = TcpStream::connect(address).unwrap();
        let length = body.len();
        let headers = format!("host: {address}\r\nconnection: close\r\ncontent-length: {length}");
        write!(connection, "{request} HTTP/1.1\r\n{headers}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    /// A process that answers this many events with the event itself.
    fn echo(address: SocketAddr, times: usize) {
        for _ in 0..times {
            let answer = exchange(address, "GET /2018-06-01/runtime/invocation/next", "");
            let (head, event) = answer.split_once("\r\n\r\n").unwrap();
            let id = head.lines().find_map(|line| line.strip_prefix("lambda-runtime-aws-request-id: ")).unwrap();
            exchange(address, &format!("POST /2018-06-01/runtime/invocation/{id}/response"), event);
        }
    }

    #[test]
    fn a_series_sends_the_events_in_turn_and_measures_each() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let invoker = Invoker::start(runtime.handle()).unwrap();
        let address = invoker.address();
        let process = thread::spawn(move || echo(address, 3));
        invoker.started().unwrap();
        let series = invoker.invoke(&["1", "2"], 3, 1).unwrap();
        assert_eq!((series.times.len(), series.answer.as_ref()), (3, b"1".as_slice()));
        assert!(series.times.iter().all(|took| *took > Duration::ZERO && *took <= series.total));
        process.join().unwrap();
    }

    #[test]
    fn a_failure_of_the_process_is_an_error() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let invoker = Invoker::start(runtime.handle()).unwrap();
        let address = invoker.address();
        let process = thread::spawn(move || exchange(address, "POST /2018-06-01/runtime/init/error", "no memory"));
        assert_eq!(invoker.started().unwrap_err(), "no memory");
        process.join().unwrap();
    }
}
