//! A Runtime API without events, and many events at once: the process asks again without haste.

use std::{
    fs,
    process::{Child, Command},
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// How many events the process takes at once.
const AT_ONCE: usize = 8;

/// A function under a Runtime API that the test speaks itself; killed when dropped.
struct Function {
    listener: TcpListener,
    child: Child,
}

impl Drop for Function {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Function {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_select-region"))
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", listener.local_addr().unwrap().to_string().as_str()),
                ("AWS_LAMBDA_MAX_CONCURRENCY", AT_ONCE.to_string().as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "select-region"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_REGION", "us-east-1"),
            ])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        Self { listener, child }
    }

    /// The connection of the next call for an event.
    async fn call(&self) -> TcpStream {
        let (stream, _) = self.listener.accept().await.unwrap();
        stream.readable().await.unwrap();
        stream
    }

    /// The processor time that the process has used, in seconds; `None` where the system does not say.
    fn processor_time(&self) -> Option<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: u32 = fields[11..13].iter().filter_map(|ticks| ticks.parse::<u32>().ok()).sum();
        Some(f64::from(ticks) / 100.0)
    }
}

#[tokio::test]
async fn a_failed_call_for_an_event_is_made_again_without_haste() {
    let function = Function::start().await;
    let mut idle = Vec::new();
    while idle.len() < AT_ONCE {
        idle.push(function.call().await);
    }
    for stream in idle {
        stream.set_zero_linger().unwrap();
    }
    let before = function.processor_time();
    let (mut failed, started) = (0, Instant::now());
    while started.elapsed() < Duration::from_secs(1) {
        if let Ok(stream) = timeout(Duration::from_millis(100), function.call()).await {
            stream.set_zero_linger().unwrap();
            failed += 1;
        }
    }
    if let (Some(before), Some(after)) = (before, function.processor_time()) {
        assert!(after - before < 0.3, "{failed} calls in a second took {} s of processor", after - before);
    }
    assert!(failed < 10 * AT_ONCE, "{failed} calls in a second");
    // All workers ask again.
    let mut idle = Vec::new();
    while idle.len() < AT_ONCE {
        idle.push(function.call().await);
    }
}
