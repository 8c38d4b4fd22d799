//! `cargo run`: the functions, a DynamoDB and Lambda on this machine, shown by a tour, served, or called once.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{Failure, generate, invoke, serve, tour};

/// The DynamoDB functions on one machine. Without a command: the tour of all of them.
#[derive(Debug, Parser)]
#[command(name = "local", bin_name = "cargo run --", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    tour: tour::Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the functions behind Lambda's Invoke API, and the database, until Ctrl-C
    Serve(serve::Options),
    /// Write the files that are derived from the catalog of functions
    Generate(generate::Options),
    /// Invoke one function with one event, and print its answer
    Invoke(invoke::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        // An interruption is how it ends.
        Some(Command::Serve(options)) => serve::run(&options).await,
        Some(Command::Generate(options)) => generate::run(&options),
        Some(Command::Invoke(options)) => unless_interrupted(invoke::run(&options)).await,
        None => unless_interrupted(tour::run(&arguments.tour)).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Said) => ExitCode::FAILURE,
        // As shells say it of Ctrl-C.
        Err(Failure::Interrupted) => ExitCode::from(130),
        Err(Failure::Error(error)) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `work`, dropped at an interruption: that kills what it started.
async fn unless_interrupted(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::select! {
        done = work => done,
        () = commands::interrupted() => Err(Failure::Interrupted),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_sound() {
        super::Arguments::command().debug_assert();
    }
}
