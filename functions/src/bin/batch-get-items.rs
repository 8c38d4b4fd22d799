//! The Lambda function `batch-get-items`: [`shared::actions::batch_get_items`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::batch_get_items::DEFINITION, shared::actions::batch_get_items::run)
}
