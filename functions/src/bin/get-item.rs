//! The Lambda function `get-item`: [`shared::actions::get_item`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::get_item::run)
}
