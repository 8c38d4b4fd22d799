//! The Lambda function `raw-request`: [`shared::actions::raw_request`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::raw_request::run)
}
