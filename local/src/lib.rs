//! Everything on one machine: an embedded DynamoDB, an STS and a Secrets Manager, and the function binaries behind
//! Lambda's own APIs.
//!
//! An invocation passes through these modules of `lambda`:
//!
//! 1. It arrives as a request to Lambda's Invoke API (`invoke_api`) or as a call of [`Lambda::invoke`].
//! 2. `name` turns any name that Lambda accepts into the name of a binary.
//! 3. The function's pool (`function`) picks an idle process or starts one (`sandbox`, `process`, `environment`).
//! 4. The process asks the Runtime API ([`runtime_api`]) for an event, gets this one and answers it. `log` collects what
//!    it prints meanwhile.
//! 5. `report` turns the answer, a timeout or an exit into an [`Invocation`].
//!
//! The functions find the embedded [`DynamoDb`] through `AWS_ENDPOINT_URL_DYNAMODB`, and the STS and the Secrets Manager
//! of [`Identity`] through the variables of those services. The functions do not depend on this crate.
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
//! Nothing here is global and no port is fixed, so one process can hold any number of them. Dropping a [`Lambda`] kills
//! its processes. [`Lambda::stop`] also waits until they have ended.

mod body;
#[cfg(feature = "program")]
pub mod bulk;
mod clock;
pub mod dynamodb;
mod error;
#[cfg(feature = "program")]
pub mod generate;
mod identity;
pub mod json;
mod lambda;
#[cfg(feature = "program")]
pub mod page;
pub mod server;

pub use dynamodb::DynamoDb;
pub use error::{InvokeError, StartError};
pub use identity::{Call, Caller, Identity, Operation, Refusal, Role, SessionCredentials, SessionState};
pub use lambda::{Builder, FunctionError, Invocation, Invoker, Lambda, runtime_api};
