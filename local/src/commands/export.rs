//! `cargo run -- export --table Customers customers.jsonl`: exports a table into a file, through the functions.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use local::bulk::{self, Export, Exported};

use super::{
    database::Database,
    deployment::Deployment,
    failure::Failure,
    words::{Format, Header, Values},
};

/// The arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The file: JSON Lines, or CSV with a header. It is replaced once the export is complete
    file: PathBuf,
    /// The table
    #[arg(long, value_name = "NAME")]
    table: String,
    /// The file's format; without it, the file's name says it
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The values in JSON Lines; only typed values lose nothing
    #[arg(long, value_enum, default_value = "typed")]
    values: Values,
    /// The names in the header of CSV
    #[arg(long, value_enum, default_value = "typed")]
    header: Header,
    /// Read what the last write left, for twice the capacity
    #[arg(long)]
    consistent: bool,
    #[command(flatten)]
    database: Database,
}

/// Runs the command.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let format = Format::of(options.format, &options.file)?;
    let deployment = options.database.start(false).await?;
    let result = export(options, format, &deployment).await;
    deployment.stop().await;
    let Exported { items, types } = result?;
    println!("{items} items of {} written to {}", options.table, options.file.display());
    if let Some(types) = types.filter(|types| !types.is_empty()) {
        println!("to load the file, give --header plain --types {types}");
    }
    Ok(())
}

async fn export(options: &Options, format: bulk::Format, deployment: &Deployment) -> Result<Exported, Failure> {
    let export = Export {
        table: &options.table,
        file: &options.file,
        format,
        values: options.values.into(),
        header: options.header.into(),
        consistent: options.consistent,
    };
    // Writes to standard error, and nothing if that is no terminal.
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {human_pos} items {eta}")?);
    let mut show = |items: u64, of_items: u64| {
        bar.set_length(of_items.max(items));
        bar.set_position(items);
    };
    let exported = export.run(&deployment.lambda, &mut show).await;
    bar.finish_and_clear();
    Ok(exported?)
}
