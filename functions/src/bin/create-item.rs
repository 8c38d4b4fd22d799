//! The Lambda function `create-item`: [`shared::actions::create_item`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::create_item::run)
}
