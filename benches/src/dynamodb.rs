//! A DynamoDB, and an STS, that only know the answers that they were given: each is one write of bytes that lay ready.
//!
//! It counts what it is asked, keeps the last request of each operation, and can be a few milliseconds away.

use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use crate::http::{Connection, Request, Server, answer};

/// DynamoDB on loopback.
#[derive(Debug)]
pub(crate) struct DynamoDb {
    server: Server,
    desk: Arc<Desk>,
}

#[derive(Debug, Default)]
struct Desk {
    /// Microseconds.
    delay: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    answers: BTreeMap<String, Arc<Answers>>,
    asked: BTreeMap<String, usize>,
    /// The last request of each operation.
    last: BTreeMap<String, Vec<u8>>,
}

/// An operation's answers: of a query, one for each page.
#[derive(Debug)]
struct Answers(Vec<Vec<u8>>);

impl DynamoDb {
    /// One that has no answers yet.
    pub(crate) fn start() -> io::Result<Self> {
        let desk = Arc::<Desk>::default();
        let front = Arc::clone(&desk);
        let server = Server::start(move |connection| front.serve(connection))?;
        desk.set("AssumeRole", vec![answer("200 OK\r\ncontent-type: text/xml", session().as_bytes())]);
        Ok(Self { server, desk })
    }

    /// Its endpoint, of both services.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Answers an operation with this body from now on.
    pub(crate) fn answer(&self, operation: &str, body: &str) {
        self.pages(operation, &[body.to_owned()]);
    }

    /// Answers a query with these pages. A page's key is its number: see [`page_key`].
    pub(crate) fn pages(&self, operation: &str, bodies: &[String]) {
        self.desk.set(operation, bodies.iter().map(|body| success(body)).collect());
    }

    /// How far away it is.
    pub(crate) fn delay(&self, delay: Duration) {
        self.desk.delay.store(u64::try_from(delay.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How often each operation was asked for since the last time that this was called.
    pub(crate) fn take_asked(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.desk.state().asked)
    }

    /// The body of the last request of an operation.
    pub(crate) fn last_request(&self, operation: &str) -> Vec<u8> {
        self.desk.state().last.get(operation).cloned().unwrap_or_default()
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, operation: &str, answers: Vec<Vec<u8>>) {
        self.state().answers.insert(operation.to_owned(), Arc::new(Answers(answers)));
    }

    fn serve(&self, connection: &mut Connection) -> io::Result<()> {
        let mut request = Request::default();
        while connection.read(&mut request)? {
            if request.operation.is_empty() {
                // STS, the only one that is asked without that header.
                request.operation.push_str("AssumeRole");
            }
            let answers = self.note(&request);
            match self.delay.load(Ordering::Relaxed) {
                0 => {}
                micros => thread::sleep(Duration::from_micros(micros)),
            }
            let pages = answers.as_ref().map_or(&[][..], |answers| &answers.0);
            match pages.get(page_asked_for(&request.body)) {
                Some(page) => connection.send(page)?,
                None => connection.send(&unknown(&request.operation))?,
            }
        }
        Ok(())
    }

    fn note(&self, request: &Request) -> Option<Arc<Answers>> {
        let mut state = self.state();
        let State { answers, asked, last } = &mut *state;
        match asked.get_mut(&request.operation) {
            Some(times) => *times += 1,
            None => drop(asked.insert(request.operation.clone(), 1)),
        }
        match last.get_mut(&request.operation) {
            Some(body) => body.clone_from(&request.body),
            None => drop(last.insert(request.operation.clone(), request.body.clone())),
        }
        answers.get(&request.operation).cloned()
    }
}

/// What DynamoDB sends for a call that succeeded.
fn success(body: &str) -> Vec<u8> {
    let crc = crc32fast::hash(body.as_bytes());
    let head = format!(
        "200 OK\r\nserver: Server\r\ndate: Sun, 22 Nov 2026 12:00:00 GMT\r\ncontent-type: application/x-amz-json-1.0\r\n\
         connection: keep-alive\r\nx-amzn-requestid: 8D1N5CNFLQ2GS8RIPO0SUQ2D4JVV4KQNSO5AEMVJF66Q9ASUAAJG\r\n\
         x-amz-crc32: {crc}"
    );
    answer(&head, body.as_bytes())
}

fn unknown(operation: &str) -> Vec<u8> {
    let body = format!(r#"{{"__type":"com.amazon.coral.service#UnknownOperationException","message":"{operation}"}}"#);
    answer("400 Bad Request\r\ncontent-type: application/x-amz-json-1.0", body.as_bytes())
}

/// An hour's credentials, long enough for any run.
fn session() -> String {
    let hour = std::time::SystemTime::now() + Duration::from_hours(1);
    let expiration =
        aws_smithy_types::DateTime::from(hour).fmt(aws_smithy_types::date_time::Format::DateTime).unwrap_or_default();
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
         <AccessKeyId>session</AccessKeyId><SecretAccessKey>session</SecretAccessKey><SessionToken>session\
         </SessionToken><Expiration>{expiration}</Expiration></Credentials><AssumedRoleUser><Arn>\
         arn:aws:sts::123456789012:assumed-role/reader/bench</Arn><AssumedRoleId>AROA:bench</AssumedRoleId>\
         </AssumedRoleUser></AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>\
         </AssumeRoleResponse>"
    )
}

/// The key that leads to the page of this number.
pub(crate) fn page_key(number: usize) -> String {
    format!(r#"{{"customerId":{{"S":"C-1"}},"page":{{"N":"{number}"}}}}"#)
}

/// The page that a request goes on with: 0 without an `ExclusiveStartKey`.
fn page_asked_for(request: &[u8]) -> usize {
    let mark: &[u8] = br#""page":{"N":""#;
    let Some(at) = request.windows(mark.len()).position(|window| window == mark) else { return 0 };
    let digits = request[at + mark.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}
