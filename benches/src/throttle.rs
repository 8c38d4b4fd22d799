//! The processor share of Lambda's smallest function: 128 MB have 1/14 of a core (1,769 MB have a whole one,
//! <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>), given out every 20 milliseconds.

use std::{
    fs, io,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::peers::run;

/// Microseconds: the period, and how much of it a process may run.
const PERIOD: u32 = 20_000;
const QUOTA: u32 = PERIOD / 14;

const NAME: &str = "dynamodb-component-bench-";

static MADE: AtomicUsize = AtomicUsize::new(0);

/// A control group that holds one process to that share: the next would have to pay for what this one overdrew as it was
/// killed. Dropping it removes it; its process must have ended.
#[derive(Debug)]
pub(crate) struct Throttle(PathBuf);

impl Throttle {
    /// One of either version of control groups; what is in the way where there can be none.
    pub(crate) fn new() -> Result<Self, String> {
        // What else the machine does must not count: the group comes first, with as little as it may run.
        let first = Self::make("/sys/fs/cgroup/cpu", |group| {
            fs::write(group.join("cpu.shares"), "262144")?;
            fs::write(group.join("cpu.cfs_period_us"), PERIOD.to_string())?;
            fs::write(group.join("cpu.cfs_quota_us"), QUOTA.to_string())
        });
        first.or_else(|first| {
            let second = Self::make("/sys/fs/cgroup", |group| {
                // Without the controller in the parent there is no such file.
                let _ = fs::write("/sys/fs/cgroup/cgroup.subtree_control", "+cpu");
                fs::write(group.join("cpu.weight"), "10000")?;
                fs::write(group.join("cpu.max"), format!("{QUOTA} {PERIOD}"))
            });
            second.map_err(|second| format!("no control group can be made (version 1: {first}; version 2: {second})"))
        })
    }

    fn make(parent: &str, set: impl FnOnce(&PathBuf) -> io::Result<()>) -> io::Result<Self> {
        // What a run left that was ended from outside; one that is in use cannot be removed.
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

    /// Puts a process and all of its threads into it, on one processor: each processor that a thread moves to would keep
    /// some of the share for itself, which is most of one as small as this.
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
