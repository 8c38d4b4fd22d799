//! The Lambda function `select-table`: [`shared::sources::select_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::sources::select_table::run)
}
