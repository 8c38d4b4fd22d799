//! The Lambda function `batch-write-items`: [`shared::actions::batch_write_items`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::batch_write_items::DEFINITION, shared::actions::batch_write_items::run)
}
