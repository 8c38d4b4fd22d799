//! The functions together, behind one Invoke API.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use bytes::Bytes;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    builder::Builder,
    error::{InvokeError, StartError},
    function::{Function, Settings, arn},
    invocation::Invocation,
    invoke_api,
    listener::{self, Server},
    name,
};

/// Functions that can be invoked, over HTTP at [`Lambda::url`] and by [`Lambda::invoke`].
///
/// Dropping it kills their processes.
#[derive(Debug)]
pub struct Lambda {
    functions: Arc<Functions>,
    server: Server,
}

impl Lambda {
    /// One without functions yet.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The endpoint of Lambda's API: `http://127.0.0.1:PORT`, for `aws lambda invoke --endpoint-url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// The names of the functions, in order.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.all.keys().map(String::as_str)
    }

    /// Invokes a function, by any name that Lambda takes: `get-item`, `getItem`, an ARN.
    ///
    /// The payload reaches the function as it is: that it is JSON, and not above 6 MB, is what the Invoke API checks
    /// and this does not. A function that fails is an [`Invocation`] too. An invocation goes on to its end even where
    /// nobody waits for it any more, as in Lambda.
    pub async fn invoke(&self, function: &str, payload: impl Into<Bytes>) -> Result<Invocation, InvokeError> {
        self.functions.invoke(function, payload.into()).await
    }

    /// Ends the invocations under way, kills every process, and waits until all are gone.
    pub async fn stop(self) {
        self.functions.stop.cancel();
        self.functions.tasks.close();
        for function in self.functions.all.values() {
            function.end_idle().await;
        }
        self.functions.tasks.wait().await;
    }

    pub(crate) async fn start(
        functions: Vec<(String, PathBuf)>,
        settings: &Settings,
        port: u16,
    ) -> Result<Self, StartError> {
        let stop = CancellationToken::new();
        let all = functions.into_iter().map(|(name, path)| {
            let function = Function::new(name.clone(), path, settings.clone(), stop.clone());
            (name, Arc::new(function))
        });
        let functions = Arc::new(Functions {
            all: all.collect(),
            region: settings.region.clone(),
            tasks: TaskTracker::new(),
            stop: stop.clone(),
        });
        let server = Server::start(listener::loopback(port), invoke_api::router(Arc::clone(&functions))).await?;
        Ok(Self { functions, server })
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        self.functions.stop.cancel();
        for function in self.functions.all.values() {
            drop(function.take_idle());
        }
    }
}

/// The functions, as the Invoke API and [`Lambda`] share them.
#[derive(Debug)]
pub(crate) struct Functions {
    all: BTreeMap<String, Arc<Function>>,
    region: String,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Functions {
    /// The function with this name.
    pub(crate) fn find(&self, name: &str) -> Result<Arc<Function>, InvokeError> {
        self.all
            .get(name)
            .or_else(|| self.all.get(&name::binary(name)))
            .cloned()
            .ok_or_else(|| InvokeError::NotFound { name: name.to_owned(), known: self.all.keys().cloned().collect() })
    }

    /// The ARN that a function of this name has or would have.
    pub(crate) fn arn(&self, name: &str) -> String {
        if name.starts_with("arn:") { name.to_owned() } else { arn(&self.region, name) }
    }

    /// Invokes the function with this name, and waits for the end.
    pub(crate) async fn invoke(&self, name: &str, payload: Bytes) -> Result<Invocation, InvokeError> {
        let function = self.find(name)?;
        // A task of its own: the invocation goes on when the caller goes away.
        let invocation = self.tasks.spawn(async move { function.invoke(payload).await });
        invocation.await.unwrap_or(Err(InvokeError::Stopped))
    }

    /// Invokes `function`, and does not wait.
    pub(crate) fn send(&self, function: Arc<Function>, payload: Bytes) {
        self.tasks.spawn(async move {
            // Its log is what is left of it, as with Lambda.
            let _ = function.invoke(payload).await;
        });
    }
}
