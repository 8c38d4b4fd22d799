//! The database of `load` and `export`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    deployment::{Deployment, Source},
    failure::Failure,
    variables::Variables,
    workspace,
};

/// The time that a function has for an event, in seconds.
const TIMEOUT: u64 = 300;

/// The arguments that say which database is used.
#[derive(Debug, Args)]
pub(super) struct Database {
    /// Use the database in this file; without it, `target/local.db` in this repository
    #[arg(long, value_name = "FILE", conflicts_with = "dynamodb")]
    db: Option<PathBuf>,
    /// Use the DynamoDB at this endpoint, such as DynamoDB Local
    #[arg(long, value_name = "URL")]
    dynamodb: Option<String>,
    #[command(flatten)]
    variables: Variables,
    /// Build the functions as they are deployed
    #[arg(long)]
    release: bool,
}

impl Database {
    /// The file of the database. `None` if it is behind an endpoint.
    fn file(&self) -> Option<PathBuf> {
        if self.dynamodb.is_some() {
            return None;
        }
        Some(self.db.clone().unwrap_or_else(|| workspace::root().join("target").join("local.db")))
    }

    /// Starts the functions on the database. `creates`: whether a file that does not exist is made.
    pub(super) async fn start(&self, creates: bool) -> Result<Deployment, Failure> {
        let file = self.file();
        if let Some(file) = file.as_deref().filter(|file| !creates && !file.exists()) {
            return Err(missing(file).into());
        }
        let source = match (&self.dynamodb, file.as_deref()) {
            (Some(url), _) => Source::Endpoint(url),
            (None, file) => Source::of(file),
        };
        Deployment::start(source, self.release, |builder| {
            self.variables.set(builder.timeout(std::time::Duration::from_secs(TIMEOUT)))
        })
        .await
    }

    /// The database, for a message.
    pub(super) fn name(&self) -> String {
        match (&self.dynamodb, self.file()) {
            (Some(url), _) => url.clone(),
            (None, file) => file.unwrap_or_default().display().to_string(),
        }
    }
}

fn missing(file: &Path) -> String {
    format!(
        "there is no database `{}`; `cargo run -- load FILE --table T --create id:S` makes one, and `--db FILE` names \
         another",
        file.display()
    )
}
