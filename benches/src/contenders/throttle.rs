//! The processor share of Lambda's smallest function.
//!
//! A function with 1,769 MB has one core, so a function with 128 MB has 1/14
//! (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>). Here it gets its share every 20 ms.

use std::{
    fs, io,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::programs::run;

/// In microseconds: the period, and the processor time in it.
const PERIOD: u32 = 20_000;
const QUOTA: u32 = PERIOD / 14;

const NAME: &str = "dynamodb-component-bench-";

static MADE: AtomicUsize = AtomicUsize::new(0);

/// A control group for one process. Dropping it removes the group. The process must have ended before.
///
/// A group is not used again, because a killed process may leave a debt of processor time.
#[derive(Debug)]
pub(crate) struct Throttle(PathBuf);

impl Throttle {
    /// Makes a group of version 1 or 2 of control groups. The error says why neither is possible.
    pub(crate) fn new() -> Result<Self, String> {
        // The group has the highest weight, so that other work on the machine does not delay it.
        let first = Self::make("/sys/fs/cgroup/cpu", |group| {
            fs::write(group.join("cpu.shares"), "262144")?;
            fs::write(group.join("cpu.cfs_period_us"), PERIOD.to_string())?;
            fs::write(group.join("cpu.cfs_quota_us"), QUOTA.to_string())
        });
        first.or_else(|first| {
            let second = Self::make("/sys/fs/cgroup", |group| {
                // The files of the controller exist only if the parent group delegates it.
                let _ = fs::write("/sys/fs/cgroup/cgroup.subtree_control", "+cpu");
                fs::write(group.join("cpu.weight"), "10000")?;
                fs::write(group.join("cpu.max"), format!("{QUOTA} {PERIOD}"))
            });
            second.map_err(|second| format!("no control group can be made (version 1: {first}; version 2: {second})"))
        })
    }

    fn make(parent: &str, set: impl FnOnce(&PathBuf) -> io::Result<()>) -> io::Result<Self> {
        // Removes groups that a killed run has left. A group in use cannot be removed.
        for entry in fs::read_dir(parent)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(NAME) {
                let _ = fs::remove_dir(entry.path());
            }
        }
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let group = Self(PathBuf::from(parent).join(format!("{NAME}{}-{number}", std::process::id())));
        fs::create_dir(&group.0)?;
        set(&group.0)?;
        Ok(group)
    }

    /// Puts a process with all of its threads into the group and on one processor.
    ///
    /// The kernel hands the share to processors in slices. A thread that moves leaves a slice behind, which is most of a
    /// share as small as this.
    pub(crate) fn hold(&self, process: u32) -> Result<(), String> {
        let process = process.to_string();
        run(Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", "0", &process]))?;
        let path = self.0.join("cgroup.procs");
        fs::write(&path, process).map_err(|error| format!("{}: {error}", path.display()))
    }
}

impl Drop for Throttle {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}
