//! `cargo run -- invoke get-item events/get-item.json`: invokes one function with one event and prints its answer.

use std::{
    fs,
    io::{IsTerminal as _, Read as _, Write as _, stdin, stdout},
    path::{Path, PathBuf},
};

use clap::Args;
use local::json;

use super::{
    deployment::{Deployment, Source},
    failure::Failure,
    tour,
    variables::Variables,
};

/// The arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The function: `get-item` or `getItem`
    function: String,
    /// The file with the event; `-` for standard input
    event: PathBuf,
    /// Use the database in this file, instead of a new one with the tour's tables and items
    #[arg(long, value_name = "FILE", conflicts_with = "endpoint_url")]
    db: Option<PathBuf>,
    /// Use the DynamoDB at this endpoint
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    #[command(flatten)]
    variables: Variables,
    /// Show the function's log on standard error
    #[arg(long)]
    logs: bool,
    /// Build the functions as they are deployed
    #[arg(long)]
    release: bool,
}

/// Runs the command.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let event = read(&options.event)?;
    let source = match &options.endpoint_url {
        Some(url) => Source::Endpoint(url),
        None => Source::of(options.db.as_deref()),
    };
    let deployment = Deployment::start(source, options.release, |builder| options.variables.set(builder)).await?;
    tour::seed(&deployment).await?;
    let invoked = deployment.lambda.invoke(&options.function, event).await;
    deployment.stop().await;
    let answer = invoked?;
    if options.logs {
        eprint!("{}", answer.log);
    }
    let text = String::from_utf8_lossy(&answer.payload);
    let mut out = stdout().lock();
    if out.is_terminal() {
        writeln!(out, "{}", json::pretty(&text))?;
    } else {
        writeln!(out, "{text}")?;
    }
    out.flush()?;
    if answer.failed { Err(Failure::Reported) } else { Ok(()) }
}

fn read(event: &Path) -> Result<Vec<u8>, Failure> {
    if event == Path::new("-") {
        let mut bytes = Vec::new();
        stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    fs::read(event).map_err(|error| format!("cannot read the event `{}`: {error}", event.display()).into())
}
