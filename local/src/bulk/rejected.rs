//! The file that names the rows that were not written.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use super::{BulkError, call::quoted};

/// The default file for the rejected rows of `file`: `FILE.rejected.jsonl`.
#[must_use]
pub fn rejected_file(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".rejected.jsonl");
    name.into()
}

/// Writes the rejected rows. The file is made with the first one.
#[derive(Debug)]
pub(super) struct Rejected {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    count: u64,
}

impl Rejected {
    /// Removes the file of an earlier load, which would be taken for one of this load.
    pub(super) fn new(path: &Path) -> Result<Self, BulkError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BulkError::file(path)(error)),
            _ => Ok(Self { path: path.to_owned(), file: None, count: 0 }),
        }
    }

    /// The number of rejected rows.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Adds a row: `{"row", "line", "reason", "text"}`. A row without a text could not be read.
    pub(super) fn add(&mut self, number: u64, line: u64, reason: &str, text: Option<&str>) -> Result<(), BulkError> {
        self.count += 1;
        let text = text.map(|text| format!(r#","text":{}"#, quoted(text))).unwrap_or_default();
        let entry = format!(r#"{{"row":{number},"line":{line},"reason":{}{text}}}"#, quoted(reason));
        let file = match &mut self.file {
            Some(file) => file,
            slot => slot.insert(BufWriter::new(File::create(&self.path).map_err(BulkError::file(&self.path))?)),
        };
        writeln!(file, "{entry}").map_err(BulkError::file(&self.path))
    }

    /// Writes what is left. Returns the file, if there is one.
    pub(super) fn finish(&mut self) -> Result<Option<PathBuf>, BulkError> {
        let Some(file) = &mut self.file else { return Ok(None) };
        file.flush().map_err(BulkError::file(&self.path))?;
        Ok(Some(self.path.clone()))
    }
}
