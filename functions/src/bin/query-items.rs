//! The Lambda function `query-items`: [`shared::actions::query_items`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::query_items::DEFINITION, shared::actions::query_items::run)
}
