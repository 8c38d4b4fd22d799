//! A function on `lambda_runtime` for the tests of `local`. Its event says what it does: it answers, fails, exits or hangs.
//!
//! An event is `{"do": "fail", "with": "a message"}`. `PUPPET_INIT` makes the process exit or hang when it starts.

use std::{
    env,
    io::{Read as _, Write as _},
    net::TcpStream,
    process,
};

use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Event {
    r#do: String,
    #[serde(default)]
    with: Value,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    match env::var("PUPPET_INIT").as_deref() {
        Ok("exit") => process::exit(7),
        Ok("hang") => hang(),
        _ => {}
    }
    println!("ready");
    run(service_fn(handle)).await
}

async fn handle(event: LambdaEvent<Event>) -> Result<Value, Diagnostic> {
    let Event { r#do, with } = event.payload;
    let text = with.as_str().unwrap_or_default();
    Ok(match r#do.as_str() {
        "echo" => with,
        "pid" => json!(process::id()),
        "context" => json!({
            "request_id": event.context.request_id,
            "arn": event.context.invoked_function_arn,
            "deadline": event.context.deadline,
            "trace": event.context.xray_trace_id,
        }),
        "environment" => Value::Object(env::vars().map(|(name, value)| (name, Value::String(value))).collect()),
        "fail" => {
            return Err(Diagnostic { error_type: "Refused".to_owned(), error_message: text.to_owned() });
        }
        "panic" => panic!("{text}"),
        "exit" => process::exit(with.as_i64().and_then(|code| i32::try_from(code).ok()).unwrap_or(1)),
        "abort" => process::abort(),
        "hang" => hang(),
        "print" => {
            println!("{text}");
            eprint!("and {text} without an end");
            Value::Null
        }
        "large" => json!("x".repeat(with.as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(0))),
        // Sends its process id to the address `with` and waits until that closes the connection.
        "call" => {
            let mut connection = TcpStream::connect(text).map_err(io_error)?;
            write!(connection, "{}", process::id()).map_err(io_error)?;
            connection.shutdown(std::net::Shutdown::Write).map_err(io_error)?;
            connection.read_to_end(&mut Vec::new()).map_err(io_error)?;
            json!(process::id())
        }
        other => {
            return Err(Diagnostic { error_type: "Unknown".to_owned(), error_message: other.to_owned() });
        }
    })
}

#[allow(clippy::needless_pass_by_value, reason = "`map_err` gives it by value")]
fn io_error(error: std::io::Error) -> Diagnostic {
    Diagnostic { error_type: "Broken".to_owned(), error_message: error.to_string() }
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}
