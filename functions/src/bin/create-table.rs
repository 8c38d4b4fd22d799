//! The Lambda function `create-table`: [`shared::actions::create_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::create_table::run)
}
