//! `cargo run`: runs every function, one step after the other, and checks each result.

mod check;
mod databases;
mod printer;
mod seed;
mod step;
mod steps;

use std::path::PathBuf;

use clap::Args;

pub(super) use self::seed::seed;
use self::{check::check, databases::FailingDatabases, printer::Printer, steps::STEPS};
use super::{
    deployment::{Deployment, Source},
    failure::Failure,
};

/// The arguments of the tour.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Keep the database in this file; existing tables are used
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// Print one JSON object for each step, for machines
    #[arg(long)]
    json: bool,
    /// Show the functions' logs on standard error
    #[arg(long)]
    logs: bool,
    /// Build the functions as they are deployed
    #[arg(long)]
    release: bool,
}

/// Runs the tour.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let source = Source::of(options.db.as_deref());
    let deployment = Deployment::start(source, options.release, |builder| builder.show_logs(options.logs)).await?;
    let failing = FailingDatabases::start(&deployment, options.logs).await?;
    let printer = Printer::new(options.json);
    printer.start(deployment.database_url(), &deployment.lambda.url())?;
    let mut mismatches = Vec::new();
    for (at, step) in STEPS.iter().enumerate() {
        let event = step.event.text()?;
        printer.event(at + 1, step, &event)?;
        let lambda = failing.lambda(step.database, &deployment);
        let answer = lambda.invoke(step.function, event.clone()).await?;
        let mismatch = check(step, &answer, !deployment.is_new).err();
        printer.answer(at + 1, step, &event, &answer, mismatch.as_deref())?;
        if let Some(mismatch) = mismatch {
            mismatches.push(format!("step {}, {}: {mismatch}", at + 1, step.function));
        }
    }
    failing.stop().await;
    deployment.stop().await;
    printer.end(STEPS.len(), &mismatches)?;
    if mismatches.is_empty() { Ok(()) } else { Err(Failure::Reported) }
}
