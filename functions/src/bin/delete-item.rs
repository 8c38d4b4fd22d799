//! The Lambda function `delete-item`: [`shared::actions::delete_item`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(env!("CARGO_BIN_NAME"), shared::actions::delete_item::run)
}
