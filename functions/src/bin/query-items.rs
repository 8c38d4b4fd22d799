//! The Lambda function `query-items`: [`shared::actions::query_items`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::query_items::run)
}
