//! `cargo run -- invoke get-item events/get-item.json`: one function, one event, one answer.

use std::{
    fs,
    io::{IsTerminal as _, Read as _, Write as _, stdin, stdout},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    Failure, json,
    stage::{self, Source, Stage},
};

/// What is invoked, and on which database.
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
    /// Set a variable of the function's environment; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = stage::variable)]
    env: Vec<(String, String)>,
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
    let stage = Stage::open(source, options.release, |builder| stage::with_variables(builder, &options.env)).await?;
    stage.seed().await?;
    let invoked = stage.lambda.invoke(&options.function, event).await;
    stage.close().await;
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
    if answer.failed { Err(Failure::Said) } else { Ok(()) }
}

fn read(event: &Path) -> Result<Vec<u8>, Failure> {
    if event == Path::new("-") {
        let mut bytes = Vec::new();
        stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    fs::read(event).map_err(|error| format!("cannot read the event `{}`: {error}", event.display()).into())
}
