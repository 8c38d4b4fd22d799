//! `cargo run -- load customers.csv --table Customers --create id:S`: loads a file into a table, through the functions.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use local::bulk::{self, Key, Load, Loaded, Progress, Types};

use super::{
    database::Database,
    deployment::Deployment,
    failure::Failure,
    words::{Empty, Format, Header, Values},
};

/// The arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The file: JSON Lines, or CSV with a header
    file: PathBuf,
    /// The table
    #[arg(long, value_name = "NAME")]
    table: String,
    /// Create the table with this key: `id:S`, or `id:S,at:N` with a range key. A table with this key is used as it is
    #[arg(long, value_name = "KEY")]
    create: Option<Key>,
    /// The types of attributes: `age:N,tags:SS`. Without one, a cell of CSV is a text
    #[arg(long, value_name = "TYPES", default_value = None)]
    types: Option<Types>,
    /// The file's format; without it, the file's name says it
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The values in JSON Lines; without it, the first row says it
    #[arg(long, value_enum)]
    values: Option<Values>,
    /// The meaning of an empty cell of CSV
    #[arg(long, value_enum, default_value = "omit")]
    empty: Empty,
    /// The names in the header of CSV
    #[arg(long, value_enum, default_value = "typed")]
    header: Header,
    /// The file for rejected rows; without it, FILE.rejected.jsonl
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
}

/// Runs the command. Ends with a failure if a row was rejected.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let format = Format::of(options.format, &options.file)?;
    if options.types.is_some() && options.values == Some(Values::Typed) {
        return Err("`--types` goes with plain values: typed ones say their types".into());
    }
    if !options.file.exists() {
        return Err(format!("there is no file `{}`", options.file.display()).into());
    }
    let deployment = options.database.start(options.create.is_some()).await?;
    let result = load(options, format, &deployment).await;
    deployment.stop().await;
    let loaded = result?;
    report(options, &loaded)
}

async fn load(options: &Options, format: bulk::Format, deployment: &Deployment) -> Result<Loaded, Failure> {
    if let Some(key) = &options.create {
        bulk::create(&deployment.lambda, &options.table, key).await?;
    }
    let types = options.types.clone().unwrap_or_default();
    let rejected = options.rejected.clone().unwrap_or_else(|| bulk::rejected_file(&options.file));
    let load = Load {
        file: &options.file,
        format,
        table: &options.table,
        values: options.values.map(Into::into),
        types: &types,
        empty: options.empty.into(),
        header: options.header.into(),
        rejected: &rejected,
    };
    // Writes to standard error, and nothing if that is no terminal.
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {msg} {eta}")?);
    let mut show = |Progress { bytes, of_bytes, written, rejected }| {
        bar.set_length(of_bytes);
        bar.set_position(bytes);
        bar.set_message(match rejected {
            0 => format!("{written} rows"),
            _ => format!("{written} rows, {rejected} rejected"),
        });
    };
    let loaded = load.run(&deployment.lambda, &mut show).await;
    bar.finish_and_clear();
    Ok(loaded?)
}

fn report(options: &Options, loaded: &Loaded) -> Result<(), Failure> {
    let Loaded { written, superseded, rejected, rejected_file, unused_types } = loaded;
    println!("{written} rows written to {} in {}", options.table, options.database.name());
    if *superseded > 0 {
        println!("{superseded} rows replaced by a later row with the same key");
    }
    if let Some(file) = rejected_file {
        println!("{rejected} rows rejected: see {}", file.display());
    }
    for name in unused_types {
        println!("no row has `{name}`, which `--types` names");
    }
    if *rejected > 0 || !unused_types.is_empty() { Err(Failure::Reported) } else { Ok(()) }
}
