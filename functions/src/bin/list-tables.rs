//! The Lambda function `list-tables`: [`shared::actions::list_tables`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::list_tables::run)
}
