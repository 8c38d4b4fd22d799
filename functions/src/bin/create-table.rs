//! The Lambda function `create-table`: [`shared::actions::create_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::create_table::DEFINITION, shared::actions::create_table::run)
}
