//! The functions of a Lambda, as the Invoke API and [`Lambda`](super::Lambda) share them.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use bytes::Bytes;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{function::Function, invocation::Invocation, name, settings::Settings};
use crate::error::InvokeError;

#[derive(Debug)]
pub(super) struct Functions {
    all: BTreeMap<String, Arc<Function>>,
    region: String,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Functions {
    pub(super) fn new(functions: Vec<(String, PathBuf)>, settings: &Settings) -> Self {
        let stop = CancellationToken::new();
        let all = functions.into_iter().map(|(name, path)| {
            let function = Function::new(name.clone(), path, settings.clone(), stop.clone());
            (name, Arc::new(function))
        });
        Self { all: all.collect(), region: settings.region.clone(), tasks: TaskTracker::new(), stop }
    }

    /// The names of the functions in alphabetical order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// Finds a function by any form of its name.
    pub(super) fn find(&self, name: &str) -> Result<Arc<Function>, InvokeError> {
        self.all
            .get(name)
            .or_else(|| self.all.get(&name::binary(name)))
            .cloned()
            .ok_or_else(|| InvokeError::NotFound { name: name.to_owned(), known: self.all.keys().cloned().collect() })
    }

    /// The ARN of the function with this name, whether or not it exists.
    pub(super) fn arn(&self, name: &str) -> String {
        if name.starts_with("arn:") { name.to_owned() } else { name::arn(&self.region, name) }
    }

    /// Invokes the function with this name and waits for the result.
    pub(super) async fn invoke(&self, name: &str, payload: Bytes) -> Result<Invocation, InvokeError> {
        let function = self.find(name)?;
        // In a task of its own, so that the invocation goes on if the caller stops waiting.
        let invocation = self.tasks.spawn(async move { function.invoke(payload).await });
        invocation.await.unwrap_or(Err(InvokeError::Stopped))
    }

    /// Invokes `function` without waiting for the result.
    pub(super) fn send(&self, function: Arc<Function>, payload: Bytes) {
        self.tasks.spawn(async move {
            // As in Lambda, the result is only in the log.
            let _ = function.invoke(payload).await;
        });
    }

    /// Ends the invocations under way, kills all processes and waits until they have ended.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        for function in self.all.values() {
            function.end_idle().await;
        }
        self.tasks.wait().await;
    }

    /// Ends the invocations under way and kills all processes without waiting.
    pub(super) fn kill(&self) {
        self.stop.cancel();
        for function in self.all.values() {
            drop(function.take_idle());
        }
    }
}
