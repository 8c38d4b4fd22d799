//! The Lambda function `update-item`: [`shared::actions::update_item`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::update_item::DEFINITION, shared::actions::update_item::run)
}
