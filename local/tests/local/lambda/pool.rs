//! The pool of processes: which process handles an event, and when processes start and end.

use std::{process::Command, sync::Arc};

use local::{InvokeError, Lambda};
use serde_json::json;
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};

use super::{builder, invoke, lambda, value};

/// Accepts the connection of a puppet and reads its process id. The puppet waits until the connection is closed.
async fn accept(listener: &TcpListener) -> (TcpStream, String) {
    let (mut connection, _) = listener.accept().await.unwrap();
    let mut pid = String::new();
    connection.read_to_string(&mut pid).await.unwrap();
    (connection, pid)
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

fn call(lambda: &Arc<Lambda>, address: &str) -> tokio::task::JoinHandle<Result<local::Invocation, InvokeError>> {
    let (lambda, event) = (Arc::clone(lambda), json!({"do": "call", "with": address}).to_string());
    tokio::spawn(async move { lambda.invoke("puppet", event).await })
}

#[cfg(target_os = "linux")]
fn exists(pid: &str) -> bool {
    std::path::Path::new("/proc").join(pid).exists()
}

#[tokio::test]
async fn a_process_is_kept_warm() {
    let lambda = lambda().await;
    let first = value(&invoke(&lambda, "pid", "").await);
    for _ in 0..5 {
        assert_eq!(value(&invoke(&lambda, "pid", "").await), first);
    }
}

#[tokio::test]
async fn concurrent_events_go_to_different_processes() {
    let lambda = Arc::new(lambda().await);
    let (listener, address) = listener().await;
    let (one, two) = (call(&lambda, &address), call(&lambda, &address));
    let (first, second) = (accept(&listener).await, accept(&listener).await);
    assert_ne!(first.1, second.1);
    drop((first, second));
    one.await.unwrap().unwrap();
    two.await.unwrap().unwrap();
}

#[tokio::test]
async fn events_above_the_concurrency_limit_wait_for_a_process() {
    let lambda = Arc::new(builder().concurrency(1).start().await.unwrap());
    let (listener, address) = listener().await;
    let calls = [call(&lambda, &address), call(&lambda, &address), call(&lambda, &address)];
    let mut pids = Vec::new();
    for _ in &calls {
        let (_connection, pid) = accept(&listener).await;
        pids.push(pid);
    }
    assert!(pids.iter().all(|pid| *pid == pids[0]), "{pids:?}");
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_process_that_ends_between_two_events_is_replaced() {
    let lambda = lambda().await;
    for _ in 0..10 {
        let pid = value(&invoke(&lambda, "pid", "").await).to_string();
        assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
        // The signal takes a moment. Then the process is a zombie (`Z`) until its parent asks for its status.
        while !std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap().contains(") Z ") {
            tokio::task::yield_now().await;
        }
        let next = invoke(&lambda, "pid", "").await;
        assert_ne!(value(&next).to_string(), pid);
    }
}

#[tokio::test]
async fn an_invocation_goes_on_if_its_caller_stops_waiting() {
    let lambda = Arc::new(builder().concurrency(1).start().await.unwrap());
    let (listener, address) = listener().await;
    let abandoned = call(&lambda, &address);
    let (connection, pid) = accept(&listener).await;
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());
    drop(connection);
    // The concurrency is 1, so this invocation waits for the abandoned one and finds its process alive.
    assert_eq!(value(&invoke(&lambda, "pid", "").await).to_string(), pid);
}

/// Invokes a puppet and stops waiting for it. The puppet is still busy.
async fn busy(lambda: &Lambda) -> (TcpStream, String) {
    let (listener, address) = listener().await;
    let event = json!({"do": "call", "with": address}).to_string();
    tokio::select! {
        accepted = accept(&listener) => accepted,
        early = lambda.invoke("puppet", event) => panic!("{early:?}"),
    }
}

#[tokio::test]
async fn stopping_ends_busy_and_idle_processes() {
    let lambda = lambda().await;
    let (mut connection, busy_pid) = busy(&lambda).await;
    let idle_pid = value(&invoke(&lambda, "pid", "").await).to_string();
    assert_ne!(busy_pid, idle_pid);
    lambda.stop().await;
    #[cfg(target_os = "linux")]
    assert!(!exists(&idle_pid) && !exists(&busy_pid));
    assert_eq!(connection.read(&mut [0]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn dropping_kills_a_busy_process() {
    let lambda = lambda().await;
    let (mut connection, _) = busy(&lambda).await;
    drop(lambda);
    // The connection closes when the process ends.
    assert_eq!(connection.read(&mut [0]).await.unwrap_or(0), 0);
}
