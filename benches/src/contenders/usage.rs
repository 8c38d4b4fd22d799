//! The memory and the processor time of a process, as the kernel counts them.

use std::{fs, time::Duration};

/// The most memory that the process has ever held, in bytes.
pub(super) fn peak_memory(process: u32) -> Result<f64, String> {
    memory(process, "VmHWM:")
}

/// The memory that the process holds, in bytes.
pub(super) fn memory_now(process: u32) -> Result<f64, String> {
    memory(process, "VmRSS:")
}

fn memory(process: u32, line: &str) -> Result<f64, String> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let kilobytes = status
        .lines()
        .find_map(|text| text.strip_prefix(line))
        .and_then(|text| text.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kilobytes.map(|kilobytes| kilobytes * 1024.0).ok_or_else(|| format!("{path} has no {line}"))
}

/// The processor time that all threads of the process have used.
pub(crate) fn processor_time(process: u32) -> Result<Duration, String> {
    let path = format!("/proc/{process}/task");
    let failed = |error: std::io::Error| format!("{path}: {error}");
    let mut nanoseconds = 0;
    for task in fs::read_dir(&path).map_err(failed)? {
        let text = fs::read_to_string(task.map_err(failed)?.path().join("schedstat")).map_err(failed)?;
        nanoseconds += text.split(' ').next().and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    }
    Ok(Duration::from_nanos(nanoseconds))
}
