//! The Lambda function `delete-item`: [`shared::actions::delete_item`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::delete_item::DEFINITION, shared::actions::delete_item::run)
}
