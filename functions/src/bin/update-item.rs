//! The Lambda function `update-item`: [`shared::actions::update_item`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::update_item::run)
}
