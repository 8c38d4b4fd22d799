//! `cargo run`: the functions, a DynamoDB and Lambda on this machine, shown by a tour, served, or called once.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{Failure, invoke, serve, tour};

/// The DynamoDB functions on one machine. Without a command: the tour of all of them.
#[derive(Debug, Parser)]
#[command(
    name = "local",
    bin_name = "cargo run --",
    version,
    args_conflicts_with_subcommands = true
)]
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
    /// Invoke one function with one event, and print its answer
    Invoke(invoke::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let work = async {
        match arguments.command {
            None => tour::run(&arguments.tour).await,
            Some(Command::Serve(options)) => serve::run(&options).await,
            Some(Command::Invoke(options)) => invoke::run(&options).await,
        }
    };
    let done = tokio::select! {
        done = work => done,
        // Dropping the work kills what it started.
        () = commands::interrupted() => return ExitCode::from(130),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Said) => ExitCode::FAILURE,
        Err(Failure::Error(error)) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
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
