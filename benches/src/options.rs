//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measure the functions beside what a user could deploy instead, and print a table as Markdown
#[derive(Debug, Parser)]
#[command(name = "benches", bin_name = "cargo run --release -p benches --")]
pub(crate) struct Options {
    /// The sections to measure; without one, all
    #[arg(value_name = "SECTION")]
    sections: Vec<Section>,
    /// Measure fewer rounds, to see that it works; such figures are not to be quoted
    #[arg(long)]
    pub(crate) quick: bool,
    /// Measure the function binaries in this folder, instead of building them
    #[arg(long, value_name = "FOLDER")]
    pub(crate) functions: Option<PathBuf>,
}

/// A section of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Section {
    /// Cold starts, and the size of a function
    Cold,
    /// Cold starts with TLS to DynamoDB
    Tls,
    /// Warm calls
    Warm,
    /// Pages of 1 MB
    Bulk,
    /// Many items in one invocation
    Batch,
    /// A child of a state machine
    Scale,
    /// What grows with the number of pages, items, identities and invocations
    Growth,
    /// Many invocations at once in one process
    Many,
    /// The small parts
    Micro,
}

impl Options {
    /// The requested sections in the order of the table.
    pub(crate) fn sections(&self) -> impl Iterator<Item = Section> {
        let all = Section::value_variants().iter().copied();
        all.filter(|section| self.sections.is_empty() || self.sections.contains(section))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from([&["benches"], arguments].concat())
    }

    #[test]
    fn refuses_unknown_sections_and_flags() {
        assert!(parse(&["--quik"]).is_err());
        assert!(parse(&["wram"]).is_err());
    }

    #[test]
    fn sections_come_in_the_order_of_the_table() {
        let sections = |arguments: &[&str]| parse(arguments).unwrap().sections().collect::<Vec<_>>();
        assert_eq!(sections(&["warm", "cold", "--quick"]), [Section::Cold, Section::Warm]);
        assert_eq!(sections(&[]), Section::value_variants());
    }
}
