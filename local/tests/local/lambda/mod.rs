//! Lambda with the function of `examples/puppet.rs`.

mod invoke_api;
mod pool;
mod process;
mod runtime_api;

use std::path::PathBuf;

use local::{Builder, Invocation, Lambda};
use serde_json::{Value, json};

/// The path of the example. Cargo builds it before it runs the tests.
pub(crate) fn puppet() -> PathBuf {
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

/// Invokes the puppet: it does what `action` says, with the argument `with`.
async fn invoke(lambda: &Lambda, action: &str, with: impl Into<Value>) -> Invocation {
    lambda.invoke("puppet", json!({"do": action, "with": with.into()}).to_string()).await.unwrap()
}

fn value(invocation: &Invocation) -> Value {
    assert!(!invocation.failed, "{:?}\n{}", invocation.payload, invocation.log);
    serde_json::from_slice(&invocation.payload).unwrap()
}

fn error(invocation: &Invocation) -> (String, String) {
    let error = invocation.error().expect("a failure");
    (error.error_type, error.error_message)
}
