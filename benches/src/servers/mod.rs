//! The servers that every contender calls: its Runtime API, a DynamoDB and an STS. All are on loopback.
//!
//! They share one thread, which waits for all connections at once. It does nothing while a contender computes, and no
//! request waits until a thread has been made or woken in its turn.

mod dynamodb;
mod invoker;
mod tls;

use std::{future::pending, path::Path, thread, time::Duration};

use local::{Identity, Role, SessionCredentials};
use tokio::runtime::{Builder, Handle};

pub(crate) use self::{
    dynamodb::{DynamoDb, page_key},
    invoker::{Invoker, Series},
};

/// The role of the functions, as Lambda gives every function one.
const EXECUTION_ROLE: &str = "arn:aws:iam::123456789012:role/bench";

/// A role that the functions may assume with the external ID `ours`.
pub(crate) const READER_ROLE: &str = "arn:aws:iam::123456789012:role/reader";

#[derive(Debug)]
pub(crate) struct Servers {
    /// The runtime of the servers' thread.
    runtime: Handle,
    pub(crate) dynamodb: DynamoDb,
    pub(crate) sts: Identity,
    /// Credentials of a session of the functions' role.
    pub(crate) credentials: SessionCredentials,
}

impl Servers {
    /// Starts the servers. The certificate of the DynamoDB's authority is written to `store`.
    pub(crate) fn start(store: &Path) -> Result<Self, String> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            // Longer than a pause between two requests that are delayed.
            .thread_keep_alive(Duration::from_mins(1))
            .build()
            .map_err(|error| format!("the servers do not start: {error}"))?;
        let handle = runtime.handle().clone();
        // Ends with this program.
        thread::spawn(move || runtime.block_on(pending::<()>()));
        let (dynamodb, sts) = handle.block_on(async {
            let sts = Identity::start().await.map_err(|error| error.to_string())?;
            Ok::<_, String>((DynamoDb::start(store).await?, sts))
        })?;
        let credentials = sts.session_of(EXECUTION_ROLE, "bench");
        // A key pair that connections may name.
        sts.user("local", "local", "arn:aws:iam::123456789012:user/local");
        sts.role(Role::new(READER_ROLE, [EXECUTION_ROLE, "local"]).external_id("ours"));
        Ok(Self { runtime: handle, dynamodb, sts, credentials })
    }

    /// Starts a Runtime API for one process.
    pub(crate) fn invoker(&self) -> Result<Invoker, String> {
        Invoker::start(&self.runtime)
    }

    /// The number of calls to DynamoDB and STS since the last time.
    pub(crate) fn take_calls(&self) -> usize {
        self.dynamodb.take_calls() + self.sts.take_calls().len()
    }
}
