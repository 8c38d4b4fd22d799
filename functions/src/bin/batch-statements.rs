//! The Lambda function `batch-statements`: [`shared::actions::batch_statements`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::batch_statements::DEFINITION, shared::actions::batch_statements::run)
}
