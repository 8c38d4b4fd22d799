//! The line above the table: the day, the machine and the versions.

use std::{fs, process::Command, thread, time::SystemTime};

use aws_smithy_types::{DateTime, date_time::Format};

use crate::programs::run;

/// Describes this machine. `quick` says that the figures are not to be quoted.
#[allow(clippy::disallowed_methods, reason = "the day of the run")]
pub(crate) fn describe(quick: bool) -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let today = DateTime::from(SystemTime::now()).fmt(Format::DateTime).unwrap_or_default();
    let version = |program: &str| {
        run(Command::new(program).arg("--version"))
            .map_or_else(|_| format!("no {program}"), |text| String::from_utf8_lossy(&text).trim().to_owned())
    };
    format!(
        "{}, {cores} cores ({}), {}, Node {}, {}{}.",
        today.split('T').next().unwrap_or_default(),
        model.unwrap_or("unknown"),
        version("rustc"),
        version("node"),
        version("python3"),
        if quick { ", **fewer rounds: not to be quoted**" } else { "" }
    )
}
