//! One invocation's dealings with DynamoDB: the client, the formats, the calls made so far.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use http::HeaderValue;
use tracing::debug;

use crate::{
    answer::{Reply, Tap},
    connection::Client,
    error::{CallSite, Error},
    event::Common,
    value::Format,
};

/// What an invocation gives to its call.
#[derive(Debug)]
pub struct Limits {
    /// The most bytes that the answer may have.
    pub largest_answer: usize,
    /// X-Ray's name of the trace that the invocation belongs to, as Lambda gives it.
    pub trace_id: Option<String>,
}

/// What an action works with, besides its input.
#[derive(Debug)]
pub struct Call {
    client: Client,
    connection: &'static str,
    /// How the event's values are written.
    pub input_format: Format,
    output_format: Option<Format>,
    /// The most bytes that the answer may have.
    pub largest_answer: usize,
    trace_id: Option<HeaderValue>,
    journal: Mutex<Journal>,
}

/// The calls that an invocation made.
#[derive(Debug, Default, Clone)]
pub struct Journal {
    /// The call that has not come back.
    pub in_flight: Option<CallSite>,
    /// The last call that changed something.
    pub written: Option<CallSite>,
    /// The last call's table.
    pub table: Option<String>,
    /// AWS's ids of the answered requests.
    pub request_ids: Vec<String>,
    /// How often a request was sent, all calls together.
    pub attempts: u32,
    /// How often the service asked to slow down.
    pub throttles: u32,
}

impl Call {
    /// One invocation for this client.
    #[must_use]
    pub fn new(client: Client, common: &Common, limits: Limits) -> Self {
        let Limits { largest_answer, trace_id } = limits;
        Self {
            client,
            connection: common.connection.kind(),
            input_format: common.input_format.unwrap_or(Format::Plain),
            output_format: common.output_format,
            largest_answer,
            // Lambda's own header; one that is none is not passed on.
            trace_id: trace_id.and_then(|id| id.try_into().ok()),
            journal: Mutex::default(),
        }
    }

    /// The kind of connection.
    #[must_use]
    pub fn connection(&self) -> &'static str {
        self.connection
    }

    /// The client's DynamoDB, to build requests with.
    #[must_use]
    pub fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        &self.client.dynamodb
    }

    /// The key schemas that this identity has seen.
    #[must_use]
    pub fn keys(&self) -> &crate::keys::Memory {
        &self.client.keys
    }

    /// The client itself, for what is not DynamoDB.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The region that is called.
    #[must_use]
    pub fn region(&self) -> &str {
        self.client.region.as_str()
    }

    /// How items are written in the answer.
    #[must_use]
    pub fn output_format(&self, default: Format) -> Format {
        self.output_format.unwrap_or(default)
    }

    /// What was called so far.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.lock().clone()
    }

    /// Makes one call: `send` sends the request with the [`Tap`] as an override of its configuration.
    ///
    /// # Errors
    /// What the service answered, or why it did not ([`Error::from_sdk`]).
    pub async fn send<T, E, F>(
        &self,
        operation: &'static str,
        table: Option<&str>,
        send: impl FnOnce(Tap) -> F,
    ) -> Result<Reply, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let site = CallSite {
            service: "DynamoDB",
            operation,
            table: table.map(str::to_owned),
            region: self.region().to_owned(),
        };
        {
            let mut journal = self.lock();
            journal.table.clone_from(&site.table);
            journal.in_flight = Some(site.clone());
        }
        let tap = Tap::new(self.client.renewal.clone(), self.trace_id.clone());
        let result = send(tap.clone()).await;
        let reply = tap.take();
        debug!(
            operation,
            table,
            attempts = reply.attempts,
            status = reply.status,
            awsRequestId = reply.request_id,
            bytes = reply.body.len(),
            "called"
        );
        {
            let mut journal = self.lock();
            journal.in_flight = None;
            journal.attempts += reply.attempts;
            journal.throttles += reply.throttles;
            journal.request_ids.extend(reply.request_id.clone());
        }
        match result {
            Ok(_) if is_write(operation) => {
                self.lock().written = Some(site);
                Ok(reply)
            }
            Ok(_) => Ok(reply),
            Err(error) => Err(Error::from_sdk(&error, site)),
        }
    }

    /// The call that more than one action makes: to describe a table, to wait for one, to learn its key.
    ///
    /// # Errors
    /// As [`Call::send`].
    pub async fn describe_table(&self, table: &str) -> Result<Reply, Error> {
        let request = self.dynamodb().describe_table().table_name(table);
        self.send("DescribeTable", Some(table), |tap| request.customize().config_override(tap).send()).await
    }

    fn lock(&self) -> MutexGuard<'_, Journal> {
        // No code panics while it holds the lock.
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an operation changes anything, so that its caller must know whether it took place.
fn is_write(operation: &str) -> bool {
    !matches!(operation, "GetItem" | "Query" | "DescribeTable" | "ListTables")
}

impl Journal {
    /// The error for an invocation whose time is over: which call was not answered, and what was changed.
    #[must_use]
    pub fn timeout(&self) -> Error {
        let mut message = match &self.in_flight {
            Some(site) => format!("no answer before the invocation's deadline ({site})"),
            None => {
                "the invocation's deadline came before the work was done; give the function a longer timeout".into()
            }
        };
        if self.in_flight.as_ref().is_some_and(|site| is_write(site.operation)) {
            message
                .push_str("; whether it took effect is not known: read before you repeat what must not happen twice");
        } else if let Some(written) = &self.written {
            message.push_str("; what came before it took effect: ");
            message.push_str(&written.to_string());
        } else {
            message.push_str("; nothing was changed");
        }
        Error::Timeout(message)
    }
}
