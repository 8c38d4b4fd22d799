//! The calls of one invocation.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::config;
use aws_smithy_types::timeout::TimeoutConfig;
use http::HeaderValue;
use tracing::debug;

use super::{
    Reply, Request,
    attempt::Outcome,
    capture::ResponseCapture,
    interceptor::{AttemptLog, Attempts},
    journal::{CallNumber, Journal},
    operation::{Effect, Operation},
    transaction::{Transactional, answer_of_one, refusal_of_one, transaction_of_one},
};
use crate::{
    connection::Client,
    error::{CallSite, Error},
};

/// The codes with which a service refuses credentials that newer ones may replace.
const REFUSED_CREDENTIALS: [&str; 4] =
    ["ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException", "ExpiredToken"];

/// The longest timeout of an attempt that may be repeated.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(5);

/// The shortest timeout of an attempt that may be repeated.
const SHORTEST_ATTEMPT: Duration = Duration::from_millis(500);

/// The calls of one invocation: its client, and a journal of its calls.
#[derive(Debug)]
pub struct Calls {
    client: Client,
    trace_id: Option<HeaderValue>,
    deadline: Option<Instant>,
    journal: Arc<Mutex<Journal>>,
}

impl Calls {
    /// The calls of an invocation that has made none yet. `trace_id` is the X-Ray trace header of the invocation. The
    /// invocation must answer by `deadline`.
    #[must_use]
    pub fn new(client: Client, trace_id: Option<&str>, deadline: Option<Instant>) -> Self {
        // An invalid header value is dropped. It comes from Lambda, and no call depends on it.
        let trace_id = trace_id.and_then(|id| id.try_into().ok());
        Self { client, trace_id, deadline, journal: Arc::default() }
    }

    /// The DynamoDB client, to build requests with.
    #[must_use]
    pub fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        &self.client.dynamodb
    }

    /// The client, for services other than DynamoDB.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The number of requests sent so far, over all calls.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.lock().attempts
    }

    /// The time by which the invocation must answer. `None` if Lambda named no deadline.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Forgets the calls that have no answer yet, because the caller stopped waiting for them and reports them itself.
    pub fn abandon(&self) {
        self.lock().open.clear();
    }

    /// The region that the calls go to.
    #[must_use]
    pub fn region(&self) -> &str {
        self.client.region.as_str()
    }

    /// The calls made so far.
    #[must_use]
    pub fn journal(&self) -> Journal {
        let mut journal = self.lock().clone();
        if let Some(renewal) = &self.client.renewal {
            for open in journal.open.iter_mut().filter(|open| !open.may_have_arrived) {
                open.waits_for = renewal.under_way();
            }
        }
        journal
    }

    /// Sends a request.
    ///
    /// If the credentials are refused, they are renewed and the request is sent once more. This is safe because a
    /// refused request has no effect. It does not count against the SDK's attempts.
    ///
    /// # Errors
    /// Returns the service's error, or the reason why no answer came ([`Error::from_sdk`]). Returns
    /// [`Error::OutcomeUnknown`] for a write that may have taken effect.
    pub async fn send<R: Request>(&self, request: R) -> Result<Reply, Error> {
        let site = self.site(R::OPERATION, request.table());
        let effect = R::OPERATION.effect(request.traits());
        let call = self.lock().open(&site, effect != Effect::Read);
        let result = match self.send_once(request.clone(), &site, call, effect).await {
            (Err(error), attempts) if self.can_renew(&error, &attempts) => {
                let (result, more) = self.send_once(request, &site, call, effect).await;
                (
                    result.map(|reply| {
                        reply.after(&Reply { attempts: attempts.count, waited: attempts.waited, ..Reply::default() })
                    }),
                    more,
                )
            }
            result => result,
        };
        self.close(site, call, effect, result)
    }

    /// Sends a write. With a token, the write becomes a transaction of one, which takes effect once however often it is
    /// sent within ten minutes.
    ///
    /// # Errors
    /// As [`Calls::send`].
    pub async fn write<W: Transactional>(&self, write: W, token: Option<&str>) -> Result<Reply, Error> {
        let Some(token) = token else { return self.send(write).await };
        let transaction = transaction_of_one(self.dynamodb(), &write, token)?;
        let site = self.site(Operation::TransactWriteItems, write.table());
        match self.send(transaction).await {
            Ok(reply) => answer_of_one(reply),
            Err(error) => Err(refusal_of_one(error, &site)),
        }
    }

    /// Describes a table, to wait for it or to learn its key.
    ///
    /// # Errors
    /// As [`Calls::send`].
    pub async fn describe_table(&self, table: &str) -> Result<Reply, Error> {
        self.send(self.dynamodb().describe_table().table_name(table)).await
    }

    /// Records that what these inputs ask for took effect. A later error names them.
    pub fn changed(&self, inputs: &[&'static str]) {
        self.lock().changed.extend(inputs);
    }

    /// Records a read from another service in the journal while it is under way.
    ///
    /// # Errors
    /// As `read`.
    pub async fn read_elsewhere<T>(
        &self,
        site: CallSite,
        read: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let call = self.lock().open(&site, false);
        let result = read.await;
        let error_type = result.as_ref().err().map(Error::error_type);
        debug!(service = site.service, operation = site.operation, errorType = error_type, "called");
        self.lock().close(call);
        result
    }

    fn site(&self, operation: Operation, table: Option<&str>) -> CallSite {
        CallSite {
            service: "DynamoDB",
            operation: operation.name(),
            table: table.map(str::to_owned),
            region: self.region().to_owned(),
        }
    }

    async fn send_once<R: Request>(
        &self,
        request: R,
        site: &CallSite,
        call: CallNumber,
        effect: Effect,
    ) -> (Result<Reply, Error>, Attempts) {
        let capture = ResponseCapture::default();
        let log = AttemptLog::new(Arc::clone(&self.journal), call, effect, self.trace_id.clone());
        let mut config = config::Builder::new().interceptor(capture.clone()).interceptor(log.clone());
        config = config.retry_classifier(log.clone());
        if let Some(limit) = self.attempt_timeout(effect) {
            config = config.timeout_config(TimeoutConfig::builder().operation_attempt_timeout(limit).build());
        }
        let result = request.send(config).await;
        let captured = capture.take();
        let attempts = log.attempts();
        let reply = Reply {
            status: captured.status,
            request_id: captured.request_id,
            attempts: attempts.count,
            waited: attempts.waited,
            body: captured.body,
        };
        debug!(
            operation = site.operation,
            table = site.table,
            attempts = reply.attempts,
            status = reply.status,
            awsRequestId = reply.request_id,
            bytes = reply.body.len(),
            "called"
        );
        self.lock().request_ids.extend(reply.request_id.clone());
        let result = match result {
            Ok(()) => Ok(reply),
            Err(error) => Err(Error::from_sdk(&error, site.clone())),
        };
        (result, attempts)
    }

    /// The timeout of an attempt that may be repeated. `None` for a write that must not be repeated.
    fn attempt_timeout(&self, effect: Effect) -> Option<Duration> {
        let left = match (effect, self.deadline) {
            (Effect::Write, _) => return None,
            (_, None) => return Some(LONGEST_ATTEMPT),
            (_, Some(deadline)) => deadline.saturating_duration_since(Instant::now()),
        };
        // Leaves time for three attempts.
        Some((left / 3).clamp(SHORTEST_ATTEMPT, LONGEST_ATTEMPT))
    }

    /// Whether the service refused the credentials and they can be renewed. Drops the refused ones.
    fn can_renew(&self, error: &Error, attempts: &Attempts) -> bool {
        let (Some(renewal), Some(sent_at)) = (&self.client.renewal, attempts.sent_at) else { return false };
        let is_refused = attempts.outcome == Outcome::Refused
            && matches!(error, Error::Service(refusal)
                if refusal.call.service == "DynamoDB" && REFUSED_CREDENTIALS.contains(&refusal.code.as_str()));
        if is_refused {
            renewal.refused(sent_at);
        }
        is_refused
    }

    fn close(
        &self,
        site: CallSite,
        call: CallNumber,
        effect: Effect,
        (result, attempts): (Result<Reply, Error>, Attempts),
    ) -> Result<Reply, Error> {
        let mut journal = self.lock();
        journal.close(call);
        if effect == Effect::Read {
            return result;
        }
        match result {
            Ok(reply) => {
                journal.written = Some(site);
                Ok(reply)
            }
            Err(error) if attempts.outcome == Outcome::AnswerLost => {
                Err(Error::OutcomeUnknown(format!("the write took effect, and its answer was lost: {error}")))
            }
            Err(error) if attempts.outcome == Outcome::Unknown => Err(Error::OutcomeUnknown(format!(
                "the write was sent, and whether it took effect is not known: {error}; read before you repeat it, or give a \
                 `requestToken`"
            ))),
            Err(error) => Err(error),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Journal> {
        // No code panics while it holds the lock.
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
