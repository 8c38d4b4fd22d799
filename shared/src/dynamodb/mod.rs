//! Calls to DynamoDB: the properties of each operation, how requests are sent, and what they return.
//!
//! - [`operation`]: the name of every operation on the wire, its effect, its IAM actions, and whether it can be
//!   repeated
//! - `request`: a common view of the SDK's requests; `paged`: the requests whose answers come in pages
//! - `calls`: the calls of one invocation, and the renewal of refused credentials
//! - `interceptor`: counts and records each attempt; the rule for retries
//! - `attempt`: how an attempt ended, and what it may have done to the table
//! - `capture`: takes a response's bytes before the SDK decodes them
//! - `transaction`: a write with a token, as a transaction of one
//! - [`batch`]: work that is split into several calls
//! - `journal`: the calls made so far, and the error at the deadline

mod attempt;
pub mod batch;
mod calls;
mod capture;
mod interceptor;
mod journal;
pub mod operation;
mod paged;
mod reply;
mod request;
mod transaction;

pub use self::{
    calls::Calls,
    journal::Journal,
    operation::{Effect, Operation},
    paged::{Continuation, Paged, Start},
    reply::Reply,
    request::{OnTable, Request, Update},
    transaction::{Reason, Transactional, cancellation_reasons, condition_check},
};
