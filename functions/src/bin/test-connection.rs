//! The Lambda function `test-connection`: [`shared::actions::test_connection`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::test_connection::run)
}
