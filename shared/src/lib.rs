//! The actions of a DynamoDB component, from a Lambda event to its answer.
//!
//! An event's journey, room by room:
//!
//! 1. [`runtime`] takes the event from Lambda as text, and minds the deadline and panics.
//! 2. [`event`] splits it into inputs, once [`envelope`] has taken it out of what AWS put around it; [`input`] reads them by
//!    the rules that hold for every action, without losing a digit ([`json`]), and names the place of what is wrong
//!    ([`path`]).
//! 3. [`connection`] makes the identity and finds the client that it has had before.
//! 4. [`actions`] holds one file for each action, [`sources`] one for each pick-list. They turn inputs into a request:
//!    values ([`value`]), expressions ([`expression`]), keys ([`keys`]).
//! 5. [`call`] sends the request and keeps the response's bytes; [`error`] says what was refused.
//! 6. [`answer`] writes the answer from those bytes.
//!
//! A function is one line: `shared::run(env!("CARGO_BIN_NAME"), shared::actions::get_item::run)`.

pub mod actions;
pub mod answer;
pub mod call;
pub mod connection;
pub mod envelope;
pub mod error;
pub mod event;
pub mod expression;
pub mod input;
pub mod json;
pub mod keys;
pub mod path;
pub mod runtime;
pub mod sources;
pub mod value;

mod settings;
mod time;

pub use runtime::{run, run_offline};
