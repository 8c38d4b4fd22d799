//! All functions together, behind one Invoke API.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;

use super::{functions::Functions, invocation::Invocation, invoke_api, settings::Settings};
use crate::{
    error::{InvokeError, StartError},
    server::{self, Server},
};

/// Functions that can be invoked over HTTP at [`Lambda::url`] and by [`Lambda::invoke`].
///
/// Dropping it kills their processes.
#[derive(Debug)]
pub struct Lambda {
    functions: Arc<Functions>,
    server: Server,
}

impl Lambda {
    /// The endpoint of the Invoke API, `http://127.0.0.1:PORT`, for `aws lambda invoke --endpoint-url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// The names of the functions in alphabetical order.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.names()
    }

    /// Invokes a function by any name that Lambda accepts: `get-item`, `getItem` or an ARN.
    ///
    /// The payload reaches the function unchanged. Only the Invoke API checks that it is JSON of at most 6 MB.
    /// A function that fails gives an [`Invocation`], too. As in Lambda, an invocation goes on to its end if the caller
    /// stops waiting for it.
    pub async fn invoke(&self, function: &str, payload: impl Into<Bytes>) -> Result<Invocation, InvokeError> {
        self.functions.invoke(function, payload.into()).await
    }

    /// A handle that invokes the functions without owning them.
    #[must_use]
    pub fn invoker(&self) -> Invoker {
        Invoker { functions: Arc::clone(&self.functions) }
    }

    /// Ends the invocations under way, kills all processes and waits until they have ended.
    pub async fn stop(self) {
        self.functions.stop().await;
    }

    pub(super) async fn start(
        functions: Vec<(String, PathBuf)>,
        settings: &Settings,
        port: u16,
    ) -> Result<Self, StartError> {
        let functions = Arc::new(Functions::new(functions, settings));
        let server = Server::start(server::loopback(port), invoke_api::router(Arc::clone(&functions))).await?;
        Ok(Self { functions, server })
    }
}

/// Invokes the functions of a [`Lambda`]. After that Lambda was stopped or dropped, every invocation is
/// [`InvokeError::Stopped`].
#[derive(Debug, Clone)]
pub struct Invoker {
    functions: Arc<Functions>,
}

impl Invoker {
    /// Invokes a function, as [`Lambda::invoke`] does.
    pub async fn invoke(&self, function: &str, payload: impl Into<Bytes>) -> Result<Invocation, InvokeError> {
        self.functions.invoke(function, payload.into()).await
    }

    /// The ARN of the function with this name.
    #[must_use]
    pub fn arn(&self, function: &str) -> String {
        self.functions.arn(function)
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        self.functions.kill();
    }
}
