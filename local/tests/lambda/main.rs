//! The processes, the pool and the Invoke API, with the function of `examples/puppet.rs`.

#![expect(clippy::disallowed_methods, reason = "the clock of this AWS is the machine's")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, and does not see that a test's own functions are tests"
)]

mod http;
mod pool;
mod process;

use std::path::PathBuf;

use local::{Builder, Invocation, Lambda};
use serde_json::{Value, json};

/// Where cargo puts the example before it runs the tests.
fn puppet() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    folder.join("examples").join(format!("puppet{}", std::env::consts::EXE_SUFFIX))
}

fn builder() -> Builder {
    Lambda::builder().function("puppet", puppet())
}

async fn lambda() -> Lambda {
    builder().start().await.unwrap()
}

/// Tells the puppet what to do.
async fn tell(lambda: &Lambda, order: &str, with: impl Into<Value>) -> Invocation {
    lambda.invoke("puppet", json!({"do": order, "with": with.into()}).to_string()).await.unwrap()
}

fn value(invocation: &Invocation) -> Value {
    assert!(!invocation.failed, "{:?}\n{}", invocation.payload, invocation.log);
    serde_json::from_slice(&invocation.payload).unwrap()
}

fn error(invocation: &Invocation) -> (String, String) {
    let error = invocation.error().expect("a failure");
    (error.error_type, error.error_message)
}
