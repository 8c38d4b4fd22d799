//! `cargo run -- check events/get-item.json`: checks events against their functions' inputs. It runs nothing.

use std::{
    fs,
    io::{Read as _, stdin},
    path::{Path, PathBuf},
};

use clap::Args;
use shared::catalog::{self, Definition, FUNCTIONS};

use super::failure::Failure;

/// The arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The files with the events; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The function: `get-item` or `getItem`. Left out, the file's name says it: `get-item.json`, `get-item.plain.json`
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
}

/// Checks every file. Prints what is wrong with each.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut wrong = false;
    for file in &options.files {
        let function = function(file, options.function.as_deref())?;
        let checked =
            read(file)?.and_then(|event| shared::check(&function.event, &event).map_err(|error| error.to_string()));
        match checked {
            Ok(()) => println!("{}: {} takes it", file.display(), function.name),
            Err(problem) => {
                wrong = true;
                println!("{}: {} refuses it: {problem}", file.display(), function.name);
            }
        }
    }
    if wrong { Err(Failure::Reported) } else { Ok(()) }
}

/// The function that is named, or that the file's name begins with.
fn function(file: &Path, named: Option<&str>) -> Result<&'static Definition, String> {
    if let Some(name) = named {
        let action = FUNCTIONS.iter().copied().find(|function| function.action == name);
        return catalog::function(name).or(action).ok_or_else(|| format!("there is no function `{name}`"));
    }
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default();
    catalog::function(name).ok_or_else(|| {
        format!("the name of `{}` begins with no function's name; give it by --function", file.display())
    })
}

/// The text of an event. The inner error says why it is no text.
fn read(file: &Path) -> Result<Result<String, String>, Failure> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        stdin().read_to_end(&mut bytes)?;
        bytes
    } else {
        fs::read(file).map_err(|error| format!("cannot read the event `{}`: {error}", file.display()))?
    };
    Ok(String::from_utf8(bytes).map_err(|error| format!("the payload is not JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_its_function() {
        let name = |file: &str, named| function(Path::new(file), named).map(|function| function.name);
        assert_eq!(name("events/get-item.json", None), Ok("get-item"));
        assert_eq!(name("/tmp/get-item.of mine.json", None), Ok("get-item"));
        assert_eq!(name("event.json", Some("getItem")), Ok("get-item"));
        assert_eq!(name("event.json", Some("get-item")), Ok("get-item"));
        assert_eq!(name("get-item.json", Some("put-item")), Err("there is no function `put-item`".into()));
        for file in ["event.json", "-", "get-items.json"] {
            let expected = format!("the name of `{file}` begins with no function's name; give it by --function");
            assert_eq!(name(file, None), Err(expected));
        }
    }
}
