//! The Lambda function `create-item`: [`shared::actions::create_item`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::create_item::DEFINITION, shared::actions::create_item::run)
}
