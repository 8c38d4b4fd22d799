//! The Lambda function `describe-table`: [`shared::actions::describe_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::describe_table::run)
}
