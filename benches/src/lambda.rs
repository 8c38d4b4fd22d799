//! Lambda's Runtime API for one process, on the threads of its connections: the thread that reads an answer hands out
//! the next event, so that a function that is kept busy waits for nobody but itself.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::http::{Connection, Request, Server, answer};

/// How long anything may take before a run is given up.
const PATIENCE: Duration = Duration::from_mins(2);

/// The Runtime API of one process.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    server: Server,
    desk: Arc<Desk>,
}

#[derive(Debug, Default)]
struct Desk {
    state: Mutex<State>,
    /// There may be an event to take.
    work: Condvar,
    /// The process asked for an event, or the last one is done.
    news: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// When the process first asked for an event.
    asked: Option<Instant>,
    events: Vec<Arc<[u8]>>,
    /// How many invocations there are to be, have been handed out, and are done.
    wanted: usize,
    handed_out: usize,
    done: usize,
    /// The most that may be under way at once.
    at_once: usize,
    /// When each was handed out, and how long it took.
    started: Vec<Instant>,
    took: Vec<Duration>,
    last_answer: Vec<u8>,
    failure: Option<String>,
}

/// What a series of invocations came to.
#[derive(Debug)]
pub(crate) struct Series {
    /// How long each took, from handing the event over to having read the answer.
    pub(crate) took: Vec<Duration>,
    /// How long all of them took.
    pub(crate) all: Duration,
    /// The last answer.
    pub(crate) answer: Vec<u8>,
}

impl RuntimeApi {
    pub(crate) fn start() -> io::Result<Self> {
        let desk = Arc::<Desk>::default();
        let front = Arc::clone(&desk);
        let server = Server::start(move |connection| front.serve(connection))?;
        Ok(Self { server, desk })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Waits until the process asks for its first event, and says when it did.
    pub(crate) fn asked(&self) -> Result<Instant, String> {
        let state = self.wait(|state| state.asked.is_none())?;
        state.asked.ok_or_else(|| "it did not start".into())
    }

    /// Has the process invoked this often, with each of the events in turn, so many at once.
    pub(crate) fn invoke(&self, events: &[&str], times: usize, at_once: usize) -> Result<Series, String> {
        {
            let mut state = self.desk.state();
            state.events = events.iter().map(|event| event.as_bytes().into()).collect();
            (state.wanted, state.handed_out, state.done, state.at_once) = (times, 0, 0, at_once);
            state.started = Vec::with_capacity(times);
            state.took = vec![Duration::ZERO; times];
        }
        self.desk.work.notify_all();
        let mut state = self.wait(|state| state.done < state.wanted)?;
        let ended = state.started.iter().zip(&state.took).map(|(started, took)| *started + *took).max();
        let all = ended.zip(state.started.first()).map_or(Duration::ZERO, |(ended, started)| ended - *started);
        Ok(Series { took: std::mem::take(&mut state.took), all, answer: std::mem::take(&mut state.last_answer) })
    }

    fn wait(&self, unfinished: impl Fn(&State) -> bool) -> Result<MutexGuard<'_, State>, String> {
        let state = self.desk.state();
        let waited =
            self.desk.news.wait_timeout_while(state, PATIENCE, |state| state.failure.is_none() && unfinished(state));
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        match state.failure.take() {
            Some(failure) => Err(failure),
            None if timeout.timed_out() => Err(format!("no answer in {PATIENCE:?}")),
            None => Ok(state),
        }
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, connection: &mut Connection) -> io::Result<()> {
        let accepted = answer("202 Accepted\r\ncontent-type: application/json", b"{\"status\":\"OK\"}\n");
        let mut request = Request::default();
        while connection.read(&mut request)? {
            let arrived = Instant::now();
            if request.target.ends_with("/invocation/next") {
                let event = self.next(arrived);
                connection.send(&event)?;
            } else {
                self.answered(&mut request, arrived);
                connection.send(&accepted)?;
            }
        }
        Ok(())
    }

    /// The next event, as soon as there is one.
    fn next(&self, arrived: Instant) -> Vec<u8> {
        let mut state = self.state();
        if state.asked.is_none() {
            state.asked = Some(arrived);
            self.news.notify_all();
        }
        let mut state = self
            .work
            .wait_while(state, |state| {
                state.handed_out >= state.wanted || state.handed_out - state.done >= state.at_once
            })
            .unwrap_or_else(PoisonError::into_inner);
        let number = state.handed_out;
        state.handed_out += 1;
        let event = Arc::clone(&state.events[number % state.events.len()]);
        state.started.push(Instant::now());
        drop(state);
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + PATIENCE;
        let head = format!(
            "200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: {number}\r\n\
             lambda-runtime-deadline-ms: {}\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\n\
             lambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
            deadline.as_millis()
        );
        answer(&head, &event)
    }

    /// `POST …/invocation/7/response`, `…/invocation/7/error` or `…/init/error`.
    fn answered(&self, request: &mut Request, arrived: Instant) {
        let mut state = self.state();
        let mut words = request.target.rsplit('/');
        let (kind, number) = (words.next(), words.next().and_then(|number| number.parse::<usize>().ok()));
        if let (Some("response"), Some(number)) = (kind, number) {
            state.took[number] = arrived - state.started[number];
            state.done += 1;
            std::mem::swap(&mut state.last_answer, &mut request.body);
        } else {
            let said = String::from_utf8_lossy(&request.body);
            state.failure = Some(format!("{}: {}", request.target, said.chars().take(500).collect::<String>()));
        }
        if state.failure.is_some() || state.done >= state.wanted {
            self.news.notify_all();
        } else if state.at_once > 1 {
            self.work.notify_one();
        }
    }
}
