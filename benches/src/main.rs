//! Measures the functions beside what a user could deploy instead: `cargo run --release -p benches`.
//!
//! It builds the functions as they are deployed, installs Node's and Python's AWS SDKs, measures the contenders in turn
//! and prints a table of ratios with the bars that must be met. `benches/README.md` explains each figure. CI compiles this
//! program and does not run it.

mod bench;
mod contenders;
mod machine;
mod options;
mod programs;
mod report;
mod samples;
mod sections;
mod servers;
mod valgrind;

use std::{process::ExitCode, time::Instant};

use clap::Parser as _;

use crate::{bench::Bench, options::Options};

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures the requested sections and prints the table as Markdown.
fn run(options: &Options) -> Result<(), String> {
    let mut bench = Bench::prepare(options)?;
    let start = Instant::now();
    for section in options.sections() {
        sections::measure(section, &mut bench)?;
    }
    let Bench { table, .. } = &bench;
    println!("{}\n\n{}\nAll figures:\n\n{table}", machine::describe(options.quick), table.bars());
    for missed in table.missed() {
        println!("- not met: {missed}");
    }
    eprintln!("\nmeasured in {:.0?}", start.elapsed());
    Ok(())
}
