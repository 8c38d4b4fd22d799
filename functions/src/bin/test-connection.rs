//! The Lambda function `test-connection`: [`shared::actions::test_connection`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::test_connection::DEFINITION, shared::actions::test_connection::run)
}
