//! The Lambda function `list-tables`: [`shared::actions::list_tables`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::list_tables::DEFINITION, shared::actions::list_tables::run)
}
