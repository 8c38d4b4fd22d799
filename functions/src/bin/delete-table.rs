//! The Lambda function `delete-table`: [`shared::actions::delete_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::delete_table::DEFINITION, shared::actions::delete_table::run)
}
