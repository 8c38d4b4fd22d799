//! Builds the function binaries with cargo and finds them.

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use super::{failure::Failure, workspace};

/// The members that are read of a line of `cargo build --message-format=json`
/// (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>).
#[derive(Debug, Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

/// Builds the functions and returns their names and paths. Cargo's progress goes to standard error.
///
/// With `release`, the functions are built as they are deployed: with the release profile and without other packages.
/// Otherwise they are built together with this program, with its profile and into its target directory. Then all
/// dependencies have the features that they already have, and are not compiled again.
pub(super) async fn functions(release: bool) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["build", "--package", "functions", "--bins", "--message-format=json-render-diagnostics"])
        .args(if release { &[][..] } else { &["--package", env!("CARGO_PKG_NAME")] })
        .current_dir(workspace::root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    // `cargo run` sets these for this program. Some build scripts would take them for a change and run again.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&*name);
        }
    }
    let target = env::current_exe().ok().and_then(|program| target(&program));
    let profile = match &target {
        Some((folder, profile)) => {
            command.arg("--target-dir").arg(folder);
            profile.as_str()
        }
        None => "dev",
    };
    command.args(["--profile", if release { "release" } else { profile }]);

    let mut cargo = command.spawn().map_err(|error| format!("cannot run cargo to build the functions: {error}"))?;
    let mut functions = Vec::new();
    if let Some(messages) = cargo.stdout.take() {
        let mut lines = BufReader::new(messages).lines();
        while let Some(line) = lines.next_line().await? {
            functions.extend(function(&line));
        }
    }
    if !cargo.wait().await?.success() {
        return Err("the functions could not be built: cargo says why above".into());
    }
    if functions.is_empty() {
        return Err("cargo built the package `functions` and found no binary in it".into());
    }
    Ok(functions)
}

/// The name and path of the function binary in a message. `None` for other messages: libraries have no executable.
fn function(line: &str) -> Option<(String, PathBuf)> {
    let message: Message = serde_json::from_str(line).ok()?;
    let name = message.target?.name;
    // This program is built together with the functions.
    Some((name, message.executable?)).filter(|(name, _)| name != env!("CARGO_PKG_NAME"))
}

/// The target directory and the profile of a program that cargo built: `target/debug/local`.
fn target(program: &Path) -> Option<(PathBuf, String)> {
    let folder = program.parent()?;
    // Cargo puts this file into its target directories.
    folder.parent()?.join("CACHEDIR.TAG").is_file().then_some(())?;
    let profile = match folder.file_name()?.to_str()? {
        "debug" => "dev",
        other => other,
    };
    Some((folder.parent()?.to_owned(), profile.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_functions_in_the_messages_of_cargo() {
        for (line, expected) in [
            (
                r#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"get-item"},"executable":"/t/get-item"}"#,
                Some(("get-item".to_owned(), PathBuf::from("/t/get-item"))),
            ),
            (
                r#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"local"},"executable":"/t/local"}"#,
                None,
            ),
            (r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"shared"},"executable":null}"#, None),
            (r#"{"reason":"build-finished","success":true}"#, None),
            ("output of a build script", None),
        ] {
            assert_eq!(function(line), expected, "{line}");
        }
    }

    #[test]
    fn finds_the_target_directory_and_profile_of_a_program() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(target(&folder.path().join("debug/local")), None);
        std::fs::write(folder.path().join("CACHEDIR.TAG"), "").unwrap();
        for (name, profile) in [("debug", "dev"), ("release", "release"), ("bench-like", "bench-like")] {
            let program = folder.path().join(name).join("local");
            assert_eq!(target(&program), Some((folder.path().to_owned(), profile.to_owned())));
        }
    }
}
