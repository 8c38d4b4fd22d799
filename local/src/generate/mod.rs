//! What is derived from the catalog: the schemas, the functions of the template, the tables of the documentation, the lists of the
//! tests.
//!
//! A file is either generated as a whole, or between two markers that name the part. `cargo run -- generate` writes the files; a
//! test fails when a committed file differs.

#![expect(clippy::format_push_string, clippy::format_collect, reason = "the text is made line by line")]

mod agent_tools;
mod answer_schema;
mod documentation;
mod editor;
mod json_schema;
mod manifest;
mod markers;
mod openapi;
mod state_machine;
mod template;
mod test_lists;

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use shared::catalog::FUNCTIONS;

pub use self::{answer_schema::answer_schema, json_schema::event_schema};

/// A file with its generated content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path in the repository.
    pub path: PathBuf,
    /// All of its text.
    pub text: String,
}

/// Why the files cannot be generated.
#[derive(Debug)]
pub enum Error {
    /// A file with generated parts cannot be read.
    Unreadable(PathBuf, io::Error),
    /// A file lacks the markers of a part: the file, and the part's name.
    NoMarkers(&'static str, String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NoMarkers(file, part) => {
                write!(f, "{file}: there is no line with `generated: {part}`, or no end to it")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Every generated file, as it must be, in the repository at `root`.
///
/// # Errors
/// [`Error`] when a file that is generated in parts cannot be read, or lacks a part's markers.
pub fn files(root: &Path) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    for function in FUNCTIONS {
        for (kind, schema) in [("event", event_schema(function)), ("answer", answer_schema(function))] {
            let path = PathBuf::from(format!("schemas/{}.{kind}.json", function.name));
            files.push(File { path, text: format!("{schema:#}\n") });
        }
    }
    files.push(json_file("schemas/manifest.json", &manifest::manifest(root)?));
    files.push(json_file("schemas/state-machine.json", &state_machine::state_machine()));
    files.push(json_file(".vscode/settings.json", &editor::settings()));
    files.push(json_file("schemas/openapi.json", &openapi::openapi(root)?));
    files.push(json_file("schemas/agent-tools.json", &agent_tools::agent_tools()));
    files.push(partly(root, "template.yaml", &template::parts())?);
    files.push(partly(root, "README.md", &documentation::readme())?);
    files.push(partly(root, "docs/inputs.md", &documentation::inputs())?);
    files.push(partly(root, "docs/callers.md", &documentation::callers())?);
    files.push(partly(root, "docs/deploy.md", &documentation::deploy())?);
    files.push(File { path: "tests/harness/functions.rs".into(), text: test_lists::functions() });
    files.push(File { path: "tests/actions/mod.rs".into(), text: test_lists::actions() });
    Ok(files)
}

fn json_file(path: &str, content: &serde_json::Value) -> File {
    File { path: path.into(), text: format!("{content:#}\n") }
}

/// `get-item` → `GetItem`
fn camel_case(name: &str) -> String {
    name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// The lines of a declaration's comment as one.
fn one_line(summary: &str) -> String {
    summary.lines().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// A file with its generated parts in place.
fn partly(root: &Path, name: &'static str, parts: &[(String, String)]) -> Result<File, Error> {
    let path = root.join(name);
    let mut text = fs::read_to_string(&path).map_err(|error| Error::Unreadable(path, error))?;
    for (part, content) in parts {
        text = markers::replace(&text, part, content).ok_or_else(|| Error::NoMarkers(name, part.clone()))?;
    }
    Ok(File { path: name.into(), text })
}
