//! A function's process. It runs in a process group of its own and is killed with all processes that it started.

use std::{
    ffi::OsString,
    io,
    path::Path,
    process::{ExitStatus, Stdio},
};

use tokio::process::{Child, Command};

use super::log::{Log, Pipe};

/// A running process. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    pipes: Vec<Pipe>,
}

impl Process {
    /// Starts the binary at `path` with exactly this environment. Its output goes to `log`.
    pub(super) fn start(path: &Path, environment: Vec<(OsString, OsString)>, log: &Log) -> io::Result<Self> {
        let mut command = Command::new(path);
        command
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // Ctrl-C on the terminal reaches this program only, so that it can end invocations in order.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().map(|pipe| log.follow(pipe));
        let stderr = child.stderr.take().map(|pipe| log.follow(pipe));
        Ok(Self { child, pipes: stdout.into_iter().chain(stderr).collect() })
    }

    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until the process ends.
    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Kills the process and waits until it has ended.
    pub(super) async fn kill(&mut self) {
        self.kill_group();
        let _ = self.child.wait().await;
    }

    /// Waits until everything that the process has printed so far is in the log.
    pub(super) async fn drain(&self) {
        for pipe in &self.pipes {
            pipe.drain().await;
        }
    }

    /// The most memory that the process has ever held, in bytes. `None` where the system does not say.
    pub(super) fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    }

    fn kill_group(&mut self) {
        // After the process was waited for it has no id, so a reused id cannot be killed by mistake.
        #[cfg(unix)]
        if let Some(group) =
            self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw)
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.start_kill();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill_group();
    }
}

/// How a process ended, in Lambda's words: `Runtime exited with error: exit status 3`.
pub(super) fn describe(status: io::Result<ExitStatus>) -> String {
    let status = match status {
        Ok(status) if status.success() => return "Runtime exited without providing a reason".to_owned(),
        Ok(status) => status,
        Err(error) => return format!("Runtime exited: {error}"),
    };
    match status.code() {
        Some(code) => format!("Runtime exited with error: exit status {code}"),
        None => format!("Runtime exited with error: signal: {}", signal(status)),
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match status.signal() {
        Some(4) => "illegal instruction".to_owned(),
        Some(6) => "aborted".to_owned(),
        Some(9) => "killed".to_owned(),
        Some(11) => "segmentation fault".to_owned(),
        Some(15) => "terminated".to_owned(),
        Some(number) => format!("signal {number}"),
        None => status.to_string(),
    }
}

#[cfg(not(unix))]
fn signal(status: ExitStatus) -> String {
    status.to_string()
}
