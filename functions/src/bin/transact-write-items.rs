//! The Lambda function `transact-write-items`: [`shared::actions::transact_write_items`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::transact_write_items::DEFINITION, shared::actions::transact_write_items::run)
}
