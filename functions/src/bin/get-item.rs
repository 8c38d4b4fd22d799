//! The Lambda function `get-item`: [`shared::actions::get_item`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::get_item::DEFINITION, shared::actions::get_item::run)
}
