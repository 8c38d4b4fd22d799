//! The Lambda function `describe-table`: [`shared::actions::describe_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::describe_table::DEFINITION, shared::actions::describe_table::run)
}
