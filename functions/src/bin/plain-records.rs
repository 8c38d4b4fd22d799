//! The Lambda function `plain-records`: [`shared::actions::plain_records`].

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::run_offline(&shared::actions::plain_records::DEFINITION, shared::actions::plain_records::run)
}
