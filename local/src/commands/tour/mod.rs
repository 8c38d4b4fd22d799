//! `cargo run`: every function at work, one step at a time, each held against what it should do.

mod print;
mod steps;

use std::{path::PathBuf, time::Duration};

use clap::Args;
use local::{Builder, Invocation, Lambda};
use tokio::net::TcpListener;

use super::{
    Failure,
    stage::{Source, Stage},
};
use print::Printer;
pub(crate) use steps::seeds;
use steps::{Expected, Place, STEPS, Step};

/// How the tour is given.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Keep the database in this file; tables that are there already are used
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// Print one JSON object a step, for machines
    #[arg(long)]
    json: bool,
    /// Show the functions' logs on standard error
    #[arg(long)]
    logs: bool,
    /// Build the functions as they are deployed
    #[arg(long)]
    release: bool,
}

/// Runs the command.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let stage =
        Stage::open(Source::of(options.db.as_deref()), options.release, |builder| builder.show_logs(options.logs))
            .await?;
    let places = Places::open(&stage, options.logs).await?;
    let printer = Printer::new(options.json);
    printer.start(stage.database_url(), &stage.lambda.url())?;
    let mut surprises = Vec::new();
    for (at, step) in STEPS.iter().enumerate() {
        let event = step.event.text()?;
        printer.event(at + 1, step, &event)?;
        let answer = places.of(step, &stage).invoke(step.function, event.clone()).await?;
        let outcome = outcome(step, &answer, !stage.is_new);
        printer.answer(at + 1, step, &event, &answer, outcome.as_ref().err())?;
        if let Err(surprise) = outcome {
            surprises.push(format!("step {}, {}: {surprise}", at + 1, step.function));
        }
    }
    places.close().await;
    stage.close().await;
    printer.end(STEPS.len(), &surprises)?;
    if surprises.is_empty() { Ok(()) } else { Err(Failure::Said) }
}

/// Whether a step did what it should: if not, what it did.
fn outcome(step: &Step, answer: &Invocation, used_before: bool) -> Result<(), String> {
    let found = answer.error();
    let expected = match step.expected {
        // A database that is kept has what the tour before made.
        Expected::Made(already) if used_before && found.as_ref().is_some_and(|error| error.error_type == already) => {
            return Ok(());
        }
        Expected::Made(_) | Expected::Answer => None,
        Expected::Error(error_type) => Some(error_type),
    };
    match (expected, found) {
        (None, None) => Ok(()),
        (Some(expected), Some(error)) if error.error_type == expected => Ok(()),
        (None, Some(error)) => Err(format!("failed with `{}`: {}", error.error_type, error.error_message)),
        (Some(expected), Some(error)) => {
            Err(format!("failed with `{}` instead of `{expected}`: {}", error.error_type, error.error_message))
        }
        (Some(expected), None) => Err(format!("gave an answer instead of failing with `{expected}`")),
    }
}

/// The same functions where something is wrong with the database.
struct Places {
    /// Nothing listens at the database's endpoint.
    unreachable: Lambda,
    /// The database takes requests and never answers.
    silent: Lambda,
    /// What takes them: connections wait here to be accepted.
    _listener: TcpListener,
}

impl Places {
    async fn open(stage: &Stage, logs: bool) -> Result<Self, Failure> {
        let builder = || -> Builder {
            Lambda::builder().functions(stage.functions.clone()).identity(&stage.identity).show_logs(logs)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let silent = format!("http://{}", listener.local_addr()?);
        Ok(Self {
            // Port 1 is for a service of 1988 that nobody runs.
            unreachable: builder().dynamodb("http://127.0.0.1:1").start().await?,
            silent: builder().dynamodb(&silent).timeout(Duration::from_secs(3)).start().await?,
            _listener: listener,
        })
    }

    fn of<'a>(&'a self, step: &Step, stage: &'a Stage) -> &'a Lambda {
        match step.place {
            Place::Usual => &stage.lambda,
            Place::Unreachable => &self.unreachable,
            Place::Silent => &self.silent,
        }
    }

    async fn close(self) {
        self.unreachable.stop().await;
        self.silent.stop().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(failed: Option<&str>) -> Invocation {
        let payload = failed.map_or_else(
            || "{}".to_owned(),
            |error_type| format!(r#"{{"errorType": "{error_type}", "errorMessage": "so"}}"#),
        );
        Invocation {
            payload: payload.into(),
            failed: failed.is_some(),
            request_id: String::new(),
            log: String::new(),
            duration: Duration::ZERO,
            init: None,
        }
    }

    #[test]
    fn a_step_that_does_something_else_is_a_surprise() {
        for (expected, found, used_before, surprise) in [
            (Expected::Answer, None, false, None),
            (Expected::Error("A"), Some("A"), false, None),
            (Expected::Made("ResourceInUseException"), None, true, None),
            (Expected::Made("ResourceInUseException"), Some("ResourceInUseException"), true, None),
            (
                Expected::Made("ResourceInUseException"),
                Some("ResourceInUseException"),
                false,
                Some("failed with `ResourceInUseException`: so"),
            ),
            (Expected::Made("B"), Some("A"), true, Some("failed with `A`: so")),
            (Expected::Answer, Some("A"), true, Some("failed with `A`: so")),
            (Expected::Error("A"), Some("B"), false, Some("failed with `B` instead of `A`: so")),
            (Expected::Error("A"), None, false, Some("gave an answer instead of failing with `A`")),
        ] {
            let step = Step::of(expected);
            assert_eq!(outcome(&step, &answer(found), used_before).err().as_deref(), surprise);
        }
    }
}
