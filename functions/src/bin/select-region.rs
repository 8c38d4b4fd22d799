//! The Lambda function `select-region`: [`shared::sources::select_region`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run_offline(env!("CARGO_BIN_NAME"), shared::sources::select_region::run)
}
