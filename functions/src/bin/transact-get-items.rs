//! The Lambda function `transact-get-items`: [`shared::actions::transact_get_items`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::transact_get_items::DEFINITION, shared::actions::transact_get_items::run)
}
