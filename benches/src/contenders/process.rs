//! One process of a contender, started as Lambda starts it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use bytes::Bytes;

use super::{contender::Contender, throttle::Throttle, usage};
use crate::{
    programs::run,
    servers::{Invoker, Series, Servers},
};

/// What every process is started with.
#[derive(Debug)]
pub(crate) struct Environment<'a> {
    pub(crate) servers: &'a Servers,
    /// The folder for what processes write to standard error.
    pub(crate) logs: &'a Path,
}

/// A running process. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Process {
    name: &'static str,
    child: Child,
    invoker: Invoker,
    log: PathBuf,
    start: Instant,
}

impl Process {
    /// Starts a process. Its standard output is discarded: our functions write a line there for each invocation.
    pub(crate) fn start(contender: &Contender, environment: &Environment) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{} does not start: {error}", contender.name);
        let Environment { servers, logs } = environment;
        let invoker = servers.invoker()?;
        let log = logs.join(format!("{}.log", contender.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")));
        let (program, arguments) = contender.command.split_first().ok_or("no command")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", invoker.address().to_string().as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/bench"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
                ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
                ("AWS_REGION", "us-east-1"),
                ("AWS_DEFAULT_REGION", "us-east-1"),
                ("AWS_ACCESS_KEY_ID", &servers.credentials.access_key_id),
                ("AWS_SECRET_ACCESS_KEY", &servers.credentials.secret_access_key),
                ("AWS_SESSION_TOKEN", &servers.credentials.session_token),
                ("AWS_EC2_METADATA_DISABLED", "true"),
                ("AWS_ENDPOINT_URL_DYNAMODB", &servers.dynamodb.url()),
                ("AWS_ENDPOINT_URL_STS", servers.sts.url()),
                ("LANG", "en_US.UTF-8"),
                ("TZ", ":UTC"),
                ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ])
            .envs(contender.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).map_err(failed)?);
        let start = Instant::now();
        let child = command.spawn().map_err(failed)?;
        Ok(Self { name: contender.name, child, invoker, log, start })
    }

    /// Waits until the process asks for its first event. Returns the time since its start.
    pub(crate) fn init(&self) -> Result<Duration, String> {
        let started = self.invoker.started().map_err(|error| self.with_log(&error))?;
        Ok(started - self.start)
    }

    /// Holds the process to the processor time of `throttle` from now on.
    pub(crate) fn hold(&self, throttle: &Throttle) -> Result<(), String> {
        throttle.hold(self.child.id())
    }

    /// Invokes the process `times` times, with each of the events in turn, with at most `at_once` under way.
    pub(crate) fn invoke(&self, events: &[&str], times: usize, at_once: usize) -> Result<Series, String> {
        self.invoker.invoke(events, times, at_once).map_err(|error| self.with_log(&error))
    }

    /// Invokes the process once. Returns how long that took, and the answer.
    pub(crate) fn invoke_once(&self, event: &str) -> Result<(Duration, Bytes), String> {
        let series = self.invoke(&[event], 1, 1)?;
        Ok((series.total, series.answer))
    }

    /// The most memory that the process has ever held, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<f64, String> {
        usage::peak_memory(self.child.id())
    }

    /// The memory that the process holds, in bytes.
    pub(crate) fn memory_now(&self) -> Result<f64, String> {
        usage::memory_now(self.child.id())
    }

    /// The processor time that all threads of the process have used.
    pub(crate) fn processor_time(&self) -> Result<Duration, String> {
        usage::processor_time(self.child.id())
    }

    /// Sends `SIGTERM` and waits for the end, so that valgrind writes its results.
    pub(crate) fn terminate(mut self) -> Result<(), String> {
        run(Command::new("kill").args(["-TERM", &self.child.id().to_string()]))?;
        self.child.wait().map(drop).map_err(|error| error.to_string())
    }

    fn with_log(&self, error: &str) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        format!("{}: {error}\n{log}", self.name)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
