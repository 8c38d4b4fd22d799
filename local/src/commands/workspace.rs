//! The folder of the workspace.

use std::path::{Path, PathBuf};

/// The root folder of the workspace, where `events/` and `functions/` are.
pub(super) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}
