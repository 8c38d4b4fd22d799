//! The Lambda function `raw-request`: [`shared::actions::raw_request`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::raw_request::DEFINITION, shared::actions::raw_request::run)
}
