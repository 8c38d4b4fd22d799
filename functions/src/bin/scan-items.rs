//! The Lambda function `scan-items`: [`shared::actions::scan_items`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run(&shared::actions::scan_items::DEFINITION, shared::actions::scan_items::run)
}
