//! Lambda on one machine: function binaries behind the Invoke API and the Runtime API.

mod builder;
mod environment;
mod function;
mod function_error;
mod functions;
mod invocation;
mod invoke_api;
mod log;
mod name;
mod process;
mod report;
mod request;
pub mod runtime_api;
mod sandbox;
mod service;
mod settings;

pub use builder::Builder;
pub use function_error::FunctionError;
pub use invocation::Invocation;
pub use service::{Invoker, Lambda};
