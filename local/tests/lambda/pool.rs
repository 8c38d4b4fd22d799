//! Processes are kept, shared out, replaced, and gone in the end.

use std::{process::Command, sync::Arc};

use local::{InvokeError, Lambda};
use serde_json::json;
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};

use crate::{builder, lambda, tell, value};

/// A puppet on the line: it holds on until we hang up.
async fn answer_call(listener: &TcpListener) -> (TcpStream, String) {
    let (mut line, _) = listener.accept().await.unwrap();
    let mut pid = String::new();
    line.read_to_string(&mut pid).await.unwrap();
    (line, pid)
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

fn call(lambda: &Arc<Lambda>, address: &str) -> tokio::task::JoinHandle<Result<local::Invocation, InvokeError>> {
    let (lambda, order) = (Arc::clone(lambda), json!({"do": "call", "with": address}).to_string());
    tokio::spawn(async move { lambda.invoke("puppet", order).await })
}

#[cfg(target_os = "linux")]
fn exists(pid: &str) -> bool {
    std::path::Path::new("/proc").join(pid).exists()
}

#[tokio::test]
async fn a_process_is_kept_warm() {
    let lambda = lambda().await;
    let first = value(&tell(&lambda, "pid", "").await);
    for _ in 0..5 {
        assert_eq!(value(&tell(&lambda, "pid", "").await), first);
    }
}

#[tokio::test]
async fn events_at_the_same_time_go_to_processes_of_their_own() {
    let lambda = Arc::new(lambda().await);
    let (listener, address) = listener().await;
    let (one, two) = (call(&lambda, &address), call(&lambda, &address));
    let (first, second) = (answer_call(&listener).await, answer_call(&listener).await);
    assert_ne!(first.1, second.1);
    drop((first, second));
    one.await.unwrap().unwrap();
    two.await.unwrap().unwrap();
}

#[tokio::test]
async fn above_the_limit_events_wait_for_a_process() {
    let lambda = Arc::new(builder().concurrency(1).start().await.unwrap());
    let (listener, address) = listener().await;
    let calls = [call(&lambda, &address), call(&lambda, &address), call(&lambda, &address)];
    let mut pids = Vec::new();
    for _ in &calls {
        let (_line, pid) = answer_call(&listener).await;
        pids.push(pid);
    }
    assert!(pids.iter().all(|pid| *pid == pids[0]), "{pids:?}");
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_process_that_died_between_two_events_is_replaced_unnoticed() {
    let lambda = lambda().await;
    for _ in 0..10 {
        let pid = value(&tell(&lambda, "pid", "").await).to_string();
        assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
        // The signal is on its way: dead is what the system calls a zombie, until someone asks for its end.
        while !std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap().contains(") Z ") {
            tokio::task::yield_now().await;
        }
        let next = tell(&lambda, "pid", "").await;
        assert_ne!(value(&next).to_string(), pid);
    }
}

#[tokio::test]
async fn an_invocation_goes_on_though_nobody_waits_for_it() {
    let lambda = Arc::new(builder().concurrency(1).start().await.unwrap());
    let (listener, address) = listener().await;
    let abandoned = call(&lambda, &address);
    let (line, pid) = answer_call(&listener).await;
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());
    drop(line);
    // There is one place: this one waits until the other has ended, and finds its process alive.
    assert_eq!(value(&tell(&lambda, "pid", "").await).to_string(), pid);
}

/// A puppet on the line whose caller went away.
async fn busy(lambda: &Lambda) -> (TcpStream, String) {
    let (listener, address) = listener().await;
    let order = json!({"do": "call", "with": address}).to_string();
    tokio::select! {
        answered = answer_call(&listener) => answered,
        early = lambda.invoke("puppet", order) => panic!("{early:?}"),
    }
}

#[tokio::test]
async fn stopping_leaves_no_process() {
    let lambda = lambda().await;
    let (mut line, busy_pid) = busy(&lambda).await;
    let idle_pid = value(&tell(&lambda, "pid", "").await).to_string();
    assert_ne!(busy_pid, idle_pid);
    lambda.stop().await;
    #[cfg(target_os = "linux")]
    assert!(!exists(&idle_pid) && !exists(&busy_pid));
    assert_eq!(line.read(&mut [0]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn dropping_kills() {
    let lambda = lambda().await;
    let (mut line, _) = busy(&lambda).await;
    drop(lambda);
    // The line breaks when the process is gone.
    assert_eq!(line.read(&mut [0]).await.unwrap_or(0), 0);
}
