//! Builds the Rust contenders.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

const FUNCTIONS: [&str; 6] =
    ["get-item", "create-item", "query-items", "batch-get-items", "batch-write-items", "scan-items"];
const OTHERS: [&str; 3] = ["bench-echo", "bench-sdk", "bench-convert"];

/// Builds the functions, unless `functions` is a folder that holds them, and the other Rust contenders. `release` is
/// where cargo puts them. Returns the folder of `store` that holds all of them.
pub(crate) fn prepare(
    workspace: &Path,
    release: &Path,
    functions: Option<&Path>,
    store: &Path,
) -> Result<PathBuf, String> {
    // Each package is built on its own, without the features that another package asks for: the functions are the
    // binaries that are deployed.
    let functions = if let Some(folder) = functions {
        folder
    } else {
        build(workspace, "functions", &["--bins"])?;
        release
    };
    build(workspace, "benches", &["--bins", "--no-default-features", "--features", "contenders"])?;
    let folder = store.join("unpacked");
    unpack(functions, &folder, &FUNCTIONS)?;
    unpack(release, &folder, &OTHERS)?;
    Ok(folder)
}

fn build(workspace: &Path, package: &str, arguments: &[&str]) -> Result<(), String> {
    let start = Instant::now();
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--quiet", "--package", package])
        .args(arguments)
        .current_dir(workspace)
        .status();
    match status {
        Ok(status) if status.success() => {
            eprintln!("built {package}: {:.0?}", start.elapsed());
            Ok(())
        }
        Ok(status) => Err(format!("building {package} failed: {status}")),
        Err(error) => Err(format!("cargo does not start: {error}")),
    }
}

/// Writes binaries from their first byte to their last, as Lambda does when it unpacks a zip.
///
/// A linker writes a binary out of order. The pages that it leaves in the page cache are then mapped one by one, and the
/// start takes a twentieth longer.
fn unpack(from: &Path, to: &Path, names: &[&str]) -> Result<(), String> {
    for name in names {
        let failed = |error: std::io::Error| format!("{name} cannot be unpacked: {error}");
        fs::create_dir_all(to).map_err(failed)?;
        let (from, to) = (from.join(name), to.join(name));
        let binary = fs::read(&from).map_err(failed)?;
        let permissions = fs::metadata(&from).map_err(failed)?.permissions();
        // Removed first, because a process may still run the old file.
        let _ = fs::remove_file(&to);
        fs::write(&to, binary).and_then(|()| fs::set_permissions(&to, permissions)).map_err(failed)?;
    }
    Ok(())
}
