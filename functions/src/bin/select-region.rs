//! The Lambda function `select-region`: [`shared::sources::select_region`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run_offline(&shared::sources::select_region::DEFINITION, shared::sources::select_region::run)
}
