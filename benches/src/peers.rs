//! What is not ours: Node with AWS's SDK, bundled, and Python with boto3. Installed by package name, pinned, into
//! `target/benches`, once; where one cannot be had, its rows say why.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::function::Contender;

/// A language with its SDK, ready to run.
#[derive(Debug)]
pub(crate) struct Peer {
    interpreter: PathBuf,
    folder: PathBuf,
    extension: &'static str,
}

impl Peer {
    /// The function of this file, `get-item`.
    pub(crate) fn function(&self, name: &'static str, file: &str) -> Contender {
        let file = self.folder.join(file).with_extension(self.extension);
        Contender { name, command: vec![self.interpreter.clone().into(), file.into()], environment: Vec::new() }
    }

    /// The command that converts: see `convert.mjs` and `convert.py` for its arguments.
    pub(crate) fn convert(&self, arguments: &[&OsStr]) -> Vec<OsString> {
        let file = self.folder.join("convert").with_extension(self.extension);
        let mut command = vec![self.interpreter.clone().into(), file.into()];
        command.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        command
    }
}

/// Both of them.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) node: Result<Peer, String>,
    pub(crate) python: Result<Peer, String>,
}

impl Peers {
    pub(crate) fn install(store: &Path) -> Self {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
        Self { node: node(&sources, &store.join("node")), python: python(&sources, &store.join("python")) }
    }
}

/// The functions, each bundled into one file by esbuild, as they would be uploaded.
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
    for file in ["runtime", "values", "get-item", "query-items", "convert"] {
        copy(&sources.join(file).with_extension("mjs"), store)?;
    }
    let bundled = store.join("bundled");
    let mut esbuild = Command::new(store.join("node_modules/.bin/esbuild"));
    esbuild.args(["get-item.mjs", "query-items.mjs", "convert.mjs"]);
    // CommonJS starts faster than modules do.
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
    for file in ["runtime", "values", "get-item", "query-items", "convert"] {
        copy(&sources.join(file).with_extension("py"), store)?;
    }
    Ok(Peer { interpreter, folder: store.to_owned(), extension: "py" })
}

/// Where a program is.
pub(crate) fn find(program: &str) -> Result<PathBuf, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places = env::split_paths(&path).map(|folder| folder.join(program));
    places.find(|place| place.is_file()).ok_or_else(|| format!("there is no {program} here"))
}

fn same(one: &Path, other: &Path) -> bool {
    fs::read(one).ok().is_some_and(|one| fs::read(other).is_ok_and(|other| one == other))
}

fn copy(file: &Path, folder: &Path) -> Result<(), String> {
    let copied = file.file_name().map(|name| fs::copy(file, folder.join(name)));
    copied.transpose().map(drop).map_err(|error| format!("{}: {error}", file.display()))
}

/// Runs a command to its end; what it printed last where it fails.
pub(crate) fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let program = command.get_program().to_owned();
    let output = command.output().map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| line.to_lowercase().contains("err")).or(said.lines().last());
    Err(format!("{} failed: {}", program.display(), line.unwrap_or("it says nothing")))
}
