//! Everything on one machine: an embedded DynamoDB, who may use it, and the function binaries behind Lambda's own APIs.
//!
//! An invocation's journey, room by room:
//!
//! 1. It comes in as a request to Lambda's Invoke API (`invoke_api`), or as a call of [`Lambda::invoke`].
//! 2. Its function is found by any name that Lambda takes (`name`).
//! 3. The function's pool (`function`) gives an idle process or starts another one (`sandbox`, `process`,
//!    `environment`).
//! 4. The process asks the Runtime API (`runtime_api`) for its next event, gets this one, and answers. What it
//!    prints meanwhile is the log (`log`).
//! 5. The answer, or what Lambda says instead of one (a timeout, an exit), is an [`Invocation`].
//!
//! The functions reach the embedded [`DynamoDb`] through `AWS_ENDPOINT_URL_DYNAMODB`, as they would reach any other
//! endpoint: they know nothing of this crate. So it is with [`Identity`]: an STS and a Secrets Manager, for connections.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use local::{DynamoDb, Lambda};
//!
//! let database = DynamoDb::memory().await?;
//! let lambda = Lambda::builder()
//!     .function("get-item", "target/debug/get-item")
//!     .dynamodb(database.url())
//!     .start()
//!     .await?;
//! let answer = lambda.invoke("getItem", r#"{"tableName": "Customers", "hashKeyValue": "1"}"#).await?;
//! assert_eq!(answer.error().unwrap().error_type, "ResourceNotFoundException");
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here is global and no port is fixed: any number of these live side by side in one process. Dropping a
//! [`Lambda`] kills its processes; [`Lambda::stop`] also waits until they are gone.

#![expect(clippy::disallowed_methods, reason = "the clock of this AWS is the machine's")]

mod builder;
mod dynamodb;
mod environment;
mod error;
mod function;
mod identity;
mod invocation;
mod invoke_api;
mod lambda;
mod listener;
mod log;
mod name;
mod process;
mod runtime_api;
mod sandbox;

pub use builder::Builder;
pub use dynamodb::DynamoDb;
pub use error::{InvokeError, StartError};
pub use identity::{Call, Caller, Identity, Operation, Refusal, Role, SessionState};
pub use invocation::{FunctionError, Invocation};
pub use lambda::Lambda;
