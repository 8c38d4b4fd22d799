//! The Lambda function `delete-table`: [`shared::actions::delete_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::delete_table::run)
}
