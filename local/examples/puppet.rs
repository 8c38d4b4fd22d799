//! A function that does what its event says, well or badly: what the tests of `local` invoke.
//!
//! `{"do": "fail", "with": "a message"}`. It is an ordinary function on `lambda_runtime`.

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
struct Order {
    r#do: String,
    #[serde(default)]
    with: Value,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    match env::var("PUPPET_INIT").as_deref() {
        Ok("exit") => process::exit(7),
        Ok("hang") => wait_for_ever(),
        _ => {}
    }
    println!("ready");
    run(service_fn(obey)).await
}

async fn obey(event: LambdaEvent<Order>) -> Result<Value, Diagnostic> {
    let Order { r#do, with } = event.payload;
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
        "hang" => wait_for_ever(),
        "print" => {
            println!("{text}");
            eprint!("and {text} without an end");
            Value::Null
        }
        "large" => json!("x".repeat(with.as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(0))),
        // Says who it is to the address `with`, and holds on until that hangs up.
        "call" => {
            let mut line = TcpStream::connect(text).map_err(broken)?;
            write!(line, "{}", process::id()).map_err(broken)?;
            line.shutdown(std::net::Shutdown::Write).map_err(broken)?;
            line.read_to_end(&mut Vec::new()).map_err(broken)?;
            json!(process::id())
        }
        other => {
            return Err(Diagnostic { error_type: "Unknown".to_owned(), error_message: other.to_owned() });
        }
    })
}

#[allow(clippy::needless_pass_by_value, reason = "`map_err` gives it by value")]
fn broken(error: std::io::Error) -> Diagnostic {
    Diagnostic { error_type: "Broken".to_owned(), error_message: error.to_string() }
}

fn wait_for_ever() -> ! {
    loop {
        std::thread::park();
    }
}
