//! Invokes one process through its Runtime API, and measures how long each invocation takes.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use local::runtime_api::{Call, Event, EventRequest, RuntimeApi};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::timeout,
};

/// How long a start or a series may take.
const LIMIT: Duration = Duration::from_mins(2);

type Reply<T> = oneshot::Sender<Result<T, String>>;

/// The Runtime API of one process. Dropping it stops the server.
#[derive(Debug)]
pub(crate) struct Invoker {
    runtime: Handle,
    address: SocketAddr,
    commands: mpsc::UnboundedSender<Command>,
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

#[derive(Debug)]
enum Command {
    /// Reply with the time when the process first asked for an event.
    Started(Reply<Instant>),
    Invoke(Order),
}

#[derive(Debug)]
struct Order {
    /// The events to send in turn.
    events: Vec<Bytes>,
    /// The number of invocations.
    times: usize,
    /// The most invocations under way at once.
    at_once: usize,
    reply: Reply<Series>,
}

impl Invoker {
    /// Starts the server on the thread of `runtime`.
    pub(super) fn start(runtime: &Handle) -> Result<Self, String> {
        let api = runtime.block_on(RuntimeApi::start()).map_err(|error| error.to_string())?;
        let (commands, received) = mpsc::unbounded_channel();
        let address = api.address();
        runtime.spawn(Driver::new(api).run(received));
        Ok(Self { runtime: runtime.clone(), address, commands })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the process has asked for its first event, and returns when it did.
    pub(crate) fn started(&self) -> Result<Instant, String> {
        self.wait(Command::Started)
    }

    /// Invokes the process `times` times, with each of the events in turn, with at most `at_once` under way.
    pub(crate) fn invoke(&self, events: &[&str], times: usize, at_once: usize) -> Result<Series, String> {
        let events = events.iter().map(|event| Bytes::copy_from_slice(event.as_bytes())).collect();
        self.wait(|reply| Command::Invoke(Order { events, times, at_once, reply }))
    }

    fn wait<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, String> {
        let (reply, result) = oneshot::channel();
        let _ = self.commands.send(command(reply));
        match self.runtime.block_on(async { timeout(LIMIT, result).await }) {
            Ok(result) => result.unwrap_or_else(|_| Err("its Runtime API has ended".to_owned())),
            Err(_) => Err(format!("no answer in {LIMIT:?}")),
        }
    }
}

/// Answers the calls of the process.
struct Driver {
    api: RuntimeApi,
    /// The requests for an event that were not answered yet, the oldest first.
    idle: VecDeque<EventRequest>,
    started: Option<Instant>,
    waiting_for_start: Option<Reply<Instant>>,
    series: Option<Running>,
    /// An error that the process reported while no command was waiting for it.
    failure: Option<String>,
}

/// A series under way.
struct Running {
    order: Order,
    /// When each event was sent.
    sent: Vec<Instant>,
    /// How long each invocation took.
    took: Vec<Duration>,
    done: usize,
}

impl Driver {
    fn new(api: RuntimeApi) -> Self {
        Self { api, idle: VecDeque::new(), started: None, waiting_for_start: None, series: None, failure: None }
    }

    /// Runs until the [`Invoker`] is dropped.
    async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        loop {
            tokio::select! {
                biased;
                call = self.api.call() => self.take_call(call),
                command = commands.recv() => match command {
                    Some(command) => self.take_command(command),
                    None => return,
                },
            }
            self.send_events();
        }
    }

    fn take_command(&mut self, command: Command) {
        match (command, self.failure.take()) {
            (Command::Started(reply), Some(failure)) => drop(reply.send(Err(failure))),
            (Command::Invoke(order), Some(failure)) => drop(order.reply.send(Err(failure))),
            (Command::Started(reply), None) => match self.started {
                Some(started) => drop(reply.send(Ok(started))),
                None => self.waiting_for_start = Some(reply),
            },
            (Command::Invoke(order), None) => {
                let sent = Vec::with_capacity(order.times);
                let took = vec![Duration::ZERO; order.times];
                self.series = Some(Running { order, sent, took, done: 0 });
            }
        }
    }

    fn take_call(&mut self, call: Call) {
        let now = Instant::now();
        match call {
            Call::Next(request) => {
                self.started.get_or_insert(now);
                if let Some(reply) = self.waiting_for_start.take() {
                    let _ = reply.send(Ok(now));
                }
                self.idle.push_back(request);
            }
            Call::Response { id, body, receipt } => {
                receipt.accept();
                self.take_answer(&id, body, now);
            }
            Call::Error { body, receipt, .. } | Call::InitError { body, receipt } => {
                receipt.accept();
                let text = String::from_utf8_lossy(&body).chars().take(500).collect();
                self.fail(text);
            }
        }
    }

    fn take_answer(&mut self, id: &str, body: Bytes, now: Instant) {
        let Some(series) = &mut self.series else { return };
        let Some((number, sent)) =
            id.parse().ok().and_then(|number| Some((number, *series.sent.get::<usize>(number)?)))
        else {
            return self.fail(format!("answer to the unknown event `{id}`"));
        };
        series.took[number] = now - sent;
        series.done += 1;
        if series.done < series.order.times {
            return;
        }
        if let Some(Running { order, sent, took, .. }) = self.series.take() {
            let ended = sent.iter().zip(&took).map(|(sent, took)| *sent + *took).max();
            let total = ended.zip(sent.first()).map_or(Duration::ZERO, |(ended, first)| ended - *first);
            let _ = order.reply.send(Ok(Series { times: took, total, answer: body }));
        }
    }

    /// Reports an error to the command that waits, or keeps it for the next command.
    fn fail(&mut self, error: String) {
        if let Some(series) = self.series.take() {
            let _ = series.order.reply.send(Err(error));
        } else if let Some(reply) = self.waiting_for_start.take() {
            let _ = reply.send(Err(error));
        } else {
            self.failure = Some(error);
        }
    }

    /// Sends as many events as the process and the order allow.
    fn send_events(&mut self) {
        let Some(series) = &mut self.series else { return };
        let Order { events, times, at_once, .. } = &series.order;
        while series.sent.len() < *times && series.sent.len() - series.done < *at_once {
            let Some(request) = self.idle.pop_front() else { return };
            if request.is_abandoned() {
                continue;
            }
            let number = series.sent.len();
            let event = Event {
                request_id: number.to_string(),
                deadline: Event::deadline_in(LIMIT),
                function_arn: "arn:aws:lambda:us-east-1:123456789012:function:bench".to_owned(),
                trace_id: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0".to_owned(),
                payload: events[number % events.len()].clone(),
            };
            series.sent.push(Instant::now());
            request.answer(event);
        }
    }
}
