//! `cargo run -- generate`: writes what is derived from the catalog.

use std::{fs, path::Path};

use clap::Args;
use local::generate;

use super::{failure::Failure, workspace};

/// How files are generated.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Write nothing; fail when a file differs
    #[arg(long)]
    check: bool,
}

/// Writes every generated file that differs, and names it.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let root = workspace::root();
    let files = generate::files(&root).map_err(|error| error.to_string())?;
    let differs = |file: &&generate::File| fs::read_to_string(root.join(&file.path)).ok().as_ref() != Some(&file.text);
    let mut differing = 0;
    for file in files.iter().filter(differs) {
        differing += 1;
        println!("{}", file.path.display());
        if !options.check {
            write(&root.join(&file.path), &file.text).map_err(|error| format!("{}: {error}", file.path.display()))?;
        }
    }
    match differing {
        0 => println!("every generated file is as it must be"),
        _ if options.check => return Err(Failure::Reported),
        _ => {}
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
