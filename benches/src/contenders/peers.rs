//! Node with AWS's SDK v3 and Python with boto3.
//!
//! Their packages are pinned and are installed into `target/benches` once. If a peer cannot be installed, its rows in the
//! table say why.

use std::{
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::contender::Contender;
use crate::programs::{find, run};

/// An interpreter with an AWS SDK.
#[derive(Debug)]
pub(crate) struct Peer {
    interpreter: PathBuf,
    folder: PathBuf,
    extension: &'static str,
}

impl Peer {
    fn function(&self, name: &'static str, file: &str) -> Contender {
        let file = self.folder.join(file).with_extension(self.extension);
        Contender { name, command: vec![self.interpreter.clone().into(), file.into()], environment: Vec::new() }
    }

    /// The command of the conversion alone: `convert.mjs` and `convert.py` describe its arguments.
    pub(crate) fn convert(&self, arguments: &[&OsStr]) -> Vec<OsString> {
        let file = self.folder.join("convert").with_extension(self.extension);
        let mut command = vec![self.interpreter.clone().into(), file.into()];
        command.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        command
    }
}

/// Each peer, or why it cannot be measured.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) node: Result<Peer, String>,
    pub(crate) python: Result<Peer, String>,
}

impl Peers {
    /// Node with the function in this file, for example `get-item`.
    pub(crate) fn node_function(&self, file: &str) -> Result<Contender, String> {
        self.node.as_ref().map(|peer| peer.function("Node", file)).map_err(Clone::clone)
    }

    /// Python with the function in this file.
    pub(crate) fn python_function(&self, file: &str) -> Result<Contender, String> {
        self.python.as_ref().map(|peer| peer.function("Python", file)).map_err(Clone::clone)
    }

    pub(crate) fn install(store: &Path) -> Self {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
        Self { node: node(&sources, &store.join("node")), python: python(&sources, &store.join("python")) }
    }
}

/// Installs the SDK for JavaScript and bundles each function into one file with esbuild, as users deploy them.
fn node(sources: &Path, store: &Path) -> Result<Peer, String> {
    let interpreter = find("node")?;
    let pins = ["package.json", "package-lock.json"].map(|name| sources.join(name));
    let done = store.join("installed.json");
    fs::create_dir_all(store).map_err(|error| error.to_string())?;
    for pin in &pins {
        copy(pin, store)?;
    }
    if !same(&pins[1], &done) {
        eprintln!("installing AWS's SDK for JavaScript");
        run(Command::new(find("npm")?).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(store))?;
        fs::copy(&pins[1], &done).map_err(|error| error.to_string())?;
    }
    for file in ["runtime", "values", "get-item", "query-items", "batch-get-items", "convert"] {
        copy(&sources.join(file).with_extension("mjs"), store)?;
    }
    let bundled = store.join("bundled");
    let mut esbuild = Command::new(store.join("node_modules/.bin/esbuild"));
    esbuild.args(["get-item.mjs", "query-items.mjs", "batch-get-items.mjs", "convert.mjs"]);
    // CommonJS starts faster than ES modules.
    esbuild.args(["--bundle", "--minify", "--platform=node", "--target=node20", "--format=cjs", "--outdir=bundled"]);
    esbuild.args(["--out-extension:.js=.cjs", "--log-level=error"]).current_dir(store);
    run(&mut esbuild)?;
    Ok(Peer { interpreter, folder: bundled, extension: "cjs" })
}

fn python(sources: &Path, store: &Path) -> Result<Peer, String> {
    let interpreter = store.join("bin/python");
    let pins = sources.join("requirements.txt");
    let done = store.join("installed.txt");
    if !same(&pins, &done) {
        eprintln!("installing boto3");
        run(Command::new(find("python3")?).args(["-m", "venv", "--clear"]).arg(store))?;
        run(Command::new(&interpreter)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&pins))?;
        fs::copy(&pins, &done).map_err(|error| error.to_string())?;
    }
    for file in ["runtime", "values", "get-item", "query-items", "batch-write-items", "convert"] {
        copy(&sources.join(file).with_extension("py"), store)?;
    }
    Ok(Peer { interpreter, folder: store.to_owned(), extension: "py" })
}

fn same(one: &Path, other: &Path) -> bool {
    fs::read(one).ok().is_some_and(|one| fs::read(other).is_ok_and(|other| one == other))
}

fn copy(file: &Path, folder: &Path) -> Result<(), String> {
    let copied = file.file_name().map(|name| fs::copy(file, folder.join(name)));
    copied.transpose().map(drop).map_err(|error| format!("{}: {error}", file.display()))
}
