//! A function's process: started in a process group of its own, and killed with all that it started.

use std::{
    ffi::OsString,
    io,
    path::Path,
    process::{ExitStatus, Stdio},
};

use tokio::process::{Child, Command};

use crate::log::{Log, Pipe};

/// A running process. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    pipes: Vec<Pipe>,
}

impl Process {
    /// Starts the binary at `path` with exactly this environment; what it prints goes to `log`.
    pub(crate) fn start(path: &Path, environment: Vec<(OsString, OsString)>, log: &Log) -> io::Result<Self> {
        let mut command = Command::new(path);
        command
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // Ctrl-C on the terminal is ours to handle: it must not end a function in the middle of an invocation.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().map(|pipe| log.follow(pipe));
        let stderr = child.stderr.take().map(|pipe| log.follow(pipe));
        Ok(Self { child, pipes: stdout.into_iter().chain(stderr).collect() })
    }

    /// Whether it has not ended yet.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Kills it and waits until it is gone.
    pub(crate) async fn kill(&mut self) {
        self.kill_group();
        let _ = self.child.wait().await;
    }

    /// Returns when all that it printed so far is in the log.
    pub(crate) async fn drain(&self) {
        for pipe in &self.pipes {
            pipe.drain().await;
        }
    }

    /// The most memory that it ever held, in bytes, where the system tells.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    }

    fn kill_group(&mut self) {
        // A process that was waited for has no id any more: nothing can be killed by mistake.
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

/// How a process ended, as Lambda says it: `Runtime exited with error: exit status 3`.
pub(crate) fn describe(status: io::Result<ExitStatus>) -> String {
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
