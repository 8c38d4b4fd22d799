//! `cargo run`: shows, serves or invokes the functions, or loads and exports tables, with a DynamoDB and a Lambda on this machine.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{check, export, failure::Failure, generate, interrupt::interrupted, invoke, load, serve, tour};

/// The DynamoDB functions on one machine. Without a command: a tour of all functions.
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
    /// Serve a page to try the functions on, Lambda's Invoke API, and the database, until Ctrl-C
    Serve(serve::Options),
    /// Write the files that are derived from the catalog of functions
    Generate(generate::Options),
    /// Check events against their functions' inputs, without running them
    Check(check::Options),
    /// Invoke one function with one event, and print its answer
    Invoke(invoke::Options),
    /// Load a file of rows into a table
    Load(load::Options),
    /// Export a table into a file of rows
    Export(export::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        // Handles Ctrl-C itself: it is the normal end of this command.
        Some(Command::Serve(options)) => serve::run(&options).await,
        Some(Command::Generate(options)) => generate::run(&options),
        Some(Command::Check(options)) => check::run(&options),
        Some(Command::Invoke(options)) => unless_interrupted(invoke::run(&options)).await,
        Some(Command::Load(options)) => unless_interrupted(load::run(&options)).await,
        Some(Command::Export(options)) => unless_interrupted(export::run(&options)).await,
        None => unless_interrupted(tour::run(&arguments.tour)).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::FAILURE,
        // The exit code that shells use for Ctrl-C.
        Err(Failure::Interrupted) => ExitCode::from(130),
        Err(Failure::Error(error)) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs `work`. On Ctrl-C it is dropped, which kills the processes that it started.
async fn unless_interrupted(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::select! {
        result = work => result,
        () = interrupted() => Err(Failure::Interrupted),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_well_formed() {
        super::Arguments::command().debug_assert();
    }
}
