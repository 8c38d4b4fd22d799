//! The Lambda function `update-table`: [`shared::actions::update_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::update_table::DEFINITION, shared::actions::update_table::run)
}
