//! The actions of a DynamoDB component, from a Lambda event to its answer.
//!
//! A function is one line: `shared::run(&shared::actions::get_item::DEFINITION, shared::actions::get_item::run)`. The
//! [`catalog`] lists all of them.
//!
//! The layers, from top to bottom. A layer imports only layers below it:
//!
//! 1. `runtime` takes an event from Lambda and posts its answer. It enforces the deadline and catches panics.
//! 2. `envelope` extracts the event from AWS's own formats, and writes the answer in the form that the sender takes.
//! 3. [`catalog`] lists every function once.
//! 4. [`actions`] holds one file for each action, [`sources`] one for each pick-list.
//! 5. `keys` builds keys by a table's key schema; `answer` writes the answer from DynamoDB's own bytes.
//! 6. `dynamodb` sends requests: operations, retries, the response capture.
//! 7. `connection` makes identities, their credentials and their clients.
//! 8. `value` types JSON; `expression` rewrites expressions.
//! 9. `input` reads inputs and describes them.
//! 10. `json`, `path`, `error`, `settings`: pure code without a client and without async.

#![allow(unreachable_pub, reason = "the modules are private; the feature `internals` opens some of them")]
#![cfg_attr(
    not(feature = "internals"),
    allow(
        dead_code,
        unused_imports,
        reason = "some items are for benches and fuzz targets only; lints run with the feature"
    )
)]

pub mod actions;
pub mod catalog;
pub mod sources;

mod answer;
mod connection;
mod dynamodb;
mod envelope;
mod error;
mod expression;
mod input;
mod json;
mod keys;
mod path;
mod runtime;
mod settings;
mod time;
mod value;

use input::{inputs, words};

pub use dynamodb::operation;
pub use envelope::check;
pub use error::Error;
pub use input::{Field, Shape};
pub use json::{Json, ParseError};
pub use runtime::{run, run_offline};
pub use value::Format;

/// The modules, for benches and fuzz targets only.
#[cfg(feature = "internals")]
#[expect(missing_docs, reason = "each room has its own page")]
pub mod internals {
    pub mod answer {
        pub use crate::answer::*;
    }
    pub mod connection {
        pub use crate::connection::*;
    }
    pub mod dynamodb {
        pub use crate::dynamodb::*;
    }
    pub mod envelope {
        pub use crate::envelope::*;
    }
    pub mod error {
        pub use crate::error::*;
    }
    pub mod expression {
        pub use crate::expression::*;
    }
    pub mod input {
        pub use crate::input::*;
    }
    pub mod json {
        pub use crate::json::*;
    }
    pub mod path {
        pub use crate::path::*;
    }
    pub mod settings {
        pub use crate::settings::*;
    }
    pub mod value {
        pub use crate::value::*;
    }
}
