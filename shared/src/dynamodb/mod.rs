//! Calls to DynamoDB: what each operation does, how a request is sent, what comes back.
//!
//! - [`operation`]: every operation: its name on the wire, what it changes, its IAM actions, whether twice is the same as once
//! - `request`: the SDK's requests, seen alike; `paged`: those whose answers come in pages
//! - `calls`: the calls of one invocation, with the renewal of refused credentials
//! - `interceptor`: each attempt is counted and noted; the rule for retries
//! - `attempt`: how an attempt ended, as far as the table is concerned
//! - `capture`: a response's bytes, taken before the SDK decodes them
//! - `transaction`: a write with a token, as a transaction of one
//! - `journal`: what was called so far, and what a deadline says of it

mod attempt;
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
    request::{Request, Update},
    transaction::Transactional,
};
