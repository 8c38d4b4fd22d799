//! The Lambda function `select-table`: [`shared::sources::select_table`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::sources::select_table::DEFINITION, shared::sources::select_table::run)
}
