//! A function on `lambda_runtime` that returns its event. No function on this runtime can start faster.

use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::value::RawValue;

fn main() -> Result<(), lambda_runtime::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(lambda_runtime::run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        Ok::<_, lambda_runtime::Error>(event.payload)
    })))
}
