//! What the command line asks for.

use std::path::PathBuf;

use crate::sections::SECTIONS;

const USAGE: &str = "usage: cargo run --release -p benches -- [SECTION…] [--quick] [--functions FOLDER]

  SECTION             some of: cold warm bulk growth many micro (left out: all)
  --quick             fewer rounds: to see that it works, not to quote
  --functions FOLDER  measure the function binaries of this folder, instead of building them";

/// What to measure, and how well.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// The names of sections.
    pub(crate) sections: Vec<String>,
    pub(crate) quick: bool,
    pub(crate) functions: Option<PathBuf>,
}

impl Options {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--functions" => options.functions = Some(arguments.next().ok_or(USAGE)?.into()),
                name if SECTIONS.iter().any(|(known, _)| *known == name) => options.sections.push(argument),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(options)
    }

    pub(crate) fn wants(&self, section: &str) -> bool {
        self.sections.is_empty() || self.sections.iter().any(|wanted| wanted == section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_it_does_not_know() {
        let read = |arguments: &[&str]| Options::read(arguments.iter().map(ToString::to_string));
        assert!(read(&["--quik"]).unwrap_err().starts_with("usage"));
        assert!(read(&["wram"]).unwrap_err().starts_with("usage"));
        let options = read(&["warm", "--quick"]).unwrap();
        assert!(options.quick && options.wants("warm") && !options.wants("cold"));
        assert!(read(&[]).unwrap().wants("cold"));
    }
}
