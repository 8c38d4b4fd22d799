//! One process of a contender, as Lambda would start it, and what the system knows about it.

use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    lambda::{RuntimeApi, Series},
    peers::run,
    throttle::Throttle,
};

/// What can be started: ours, or what a user would pick instead.
#[derive(Debug, Clone)]
pub(crate) struct Contender {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// The program and its arguments.
    pub(crate) command: Vec<OsString>,
    /// Beside what Lambda sets.
    pub(crate) environment: Vec<(&'static str, String)>,
}

impl Contender {
    /// The binary at `path`.
    pub(crate) fn binary(name: &'static str, path: PathBuf) -> Self {
        Self { name, command: vec![path.into()], environment: Vec::new() }
    }

    /// The same with one more variable in its environment.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }
}

/// A running process. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Function {
    name: &'static str,
    child: Child,
    api: RuntimeApi,
    log: PathBuf,
    started: Instant,
}

impl Function {
    /// Starts a process whose DynamoDB is at `endpoint`. What it says on standard error goes into a file of `logs`; what
    /// it prints (ours, a line for each invocation) goes nowhere.
    pub(crate) fn start(contender: &Contender, endpoint: &str, logs: &Path) -> Result<Self, String> {
        let say = |error: std::io::Error| format!("{} does not start: {error}", contender.name);
        let api = RuntimeApi::start().map_err(say)?;
        let log = logs.join(format!("{}.log", contender.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")));
        let (program, arguments) = contender.command.split_first().ok_or("no command")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", api.address().to_string().as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/bench"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
                ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
                ("AWS_REGION", "us-east-1"),
                ("AWS_DEFAULT_REGION", "us-east-1"),
                ("AWS_ACCESS_KEY_ID", "local"),
                ("AWS_SECRET_ACCESS_KEY", "local"),
                ("AWS_SESSION_TOKEN", "local"),
                ("AWS_EC2_METADATA_DISABLED", "true"),
                ("AWS_ENDPOINT_URL_DYNAMODB", endpoint),
                ("AWS_ENDPOINT_URL_STS", endpoint),
                ("LANG", "en_US.UTF-8"),
                ("TZ", ":UTC"),
                ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ])
            .envs(contender.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).map_err(say)?);
        let started = Instant::now();
        let child = command.spawn().map_err(say)?;
        Ok(Self { name: contender.name, child, api, log, started })
    }

    /// Waits until it asks for its first event: how long that took from its start.
    pub(crate) fn init(&self) -> Result<Duration, String> {
        let asked = self.api.asked().map_err(|error| self.failed(&error))?;
        Ok(asked - self.started)
    }

    /// Holds its processor to what `throttle` allows, from now on.
    pub(crate) fn hold(&self, throttle: &Throttle) -> Result<(), String> {
        throttle.hold(self.child.id())
    }

    /// Invokes it this often, with each of the events in turn, so many at once.
    pub(crate) fn invoke(&self, events: &[&str], times: usize, at_once: usize) -> Result<Series, String> {
        self.api.invoke(events, times, at_once).map_err(|error| self.failed(&error))
    }

    /// Invokes it once: how long that took, and the answer.
    pub(crate) fn invoke_once(&self, event: &str) -> Result<(Duration, Vec<u8>), String> {
        let series = self.invoke(&[event], 1, 1)?;
        Ok((series.all, series.answer))
    }

    /// The most memory that it ever held, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<f64, String> {
        self.memory("VmHWM:")
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn memory_now(&self) -> Result<f64, String> {
        self.memory("VmRSS:")
    }

    fn memory(&self, line: &str) -> Result<f64, String> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let kilobytes = status
            .lines()
            .find_map(|text| text.strip_prefix(line))
            .and_then(|text| text.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
        kilobytes.map(|kilobytes| kilobytes * 1024.0).ok_or_else(|| format!("{path} has no {line}"))
    }

    /// The processor time that all of its threads have used.
    pub(crate) fn processor_time(&self) -> Result<Duration, String> {
        processor_time(self.child.id())
    }

    /// Asks it to end, as nobody else would, and waits: what watches it writes down what it saw.
    pub(crate) fn end(mut self) -> Result<(), String> {
        run(Command::new("kill").args(["-TERM", &self.child.id().to_string()]))?;
        self.child.wait().map(drop).map_err(|error| error.to_string())
    }

    fn failed(&self, error: &str) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        format!("{}: {error}\n{log}", self.name)
    }
}

/// The processor time that all threads of a process have used.
pub(crate) fn processor_time(process: u32) -> Result<Duration, String> {
    let path = format!("/proc/{process}/task");
    let say = |error: std::io::Error| format!("{path}: {error}");
    let mut nanoseconds = 0;
    for task in fs::read_dir(&path).map_err(say)? {
        let text = fs::read_to_string(task.map_err(say)?.path().join("schedstat")).map_err(say)?;
        nanoseconds += text.split(' ').next().and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    }
    Ok(Duration::from_nanos(nanoseconds))
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
