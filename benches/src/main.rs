//! What a user would pick instead of the functions, measured beside them: `cargo run --release -p benches`.
//!
//! It builds what is deployed, installs the peers, measures each pair in turn, and prints one table of ratios with the
//! bars that must be met. `benches/README.md` says how each figure comes about. Nothing here is a test.

#![expect(clippy::disallowed_methods, reason = "the deadlines and dates that Lambda and AWS would set")]

mod dynamodb;
mod function;
mod http;
mod lambda;
mod options;
mod peers;
mod samples;
mod sections;
mod stage;
mod table;
mod throttle;
mod valgrind;

use std::process::ExitCode;

use crate::{options::Options, stage::Stage};

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    match Stage::set(options).and_then(|mut stage| stage.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
