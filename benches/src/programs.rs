//! Other programs.

use std::{env, path::PathBuf, process::Command};

/// The path of a program in `PATH`.
pub(crate) fn find(program: &str) -> Result<PathBuf, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = env::split_paths(&path).map(|folder| folder.join(program));
    candidates.find(|candidate| candidate.is_file()).ok_or_else(|| format!("there is no {program} here"))
}

/// Runs a command to its end and returns its output. If it fails, the error holds the line that tells most.
pub(crate) fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let program = command.get_program().to_owned();
    let output = command.output().map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find(|line| line.to_lowercase().contains("err")).or(text.lines().last());
    Err(format!("{} failed: {}", program.display(), line.unwrap_or("it printed nothing")))
}
