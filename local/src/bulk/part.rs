//! A file that appears under its name once it is complete.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use super::BulkError;

/// A file under construction: `FILE.part`. It is removed if it is not finished.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    unfinished: PathBuf,
    file: BufWriter<File>,
}

impl Part {
    pub(super) fn new(path: &Path, ending: &str) -> Result<Self, BulkError> {
        let mut part = OsString::from(path);
        part.push(ending);
        let part = PathBuf::from(part);
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&part);
        let file = BufWriter::new(file.map_err(BulkError::file(&part))?);
        Ok(Self { path: path.to_owned(), unfinished: part, file })
    }

    /// Writes text.
    pub(super) fn write(&mut self, text: &str) -> Result<(), BulkError> {
        self.file.write_all(text.as_bytes()).map_err(BulkError::file(&self.unfinished))
    }

    /// What was written, from its beginning.
    pub(super) fn read(&mut self) -> Result<File, BulkError> {
        let start = |file: &mut BufWriter<File>| {
            file.flush()?;
            let mut file = file.get_ref().try_clone()?;
            io::Seek::rewind(&mut file)?;
            Ok(file)
        };
        start(&mut self.file).map_err(BulkError::file(&self.unfinished))
    }

    /// Gives the file its name. A file of this name is replaced.
    pub(super) fn finish(mut self) -> Result<(), BulkError> {
        self.file.flush().map_err(BulkError::file(&self.unfinished))?;
        fs::rename(&self.unfinished, &self.path).map_err(BulkError::file(&self.path))
    }
}

impl io::Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After `finish` there is none under this name.
        let _ = fs::remove_file(&self.unfinished);
    }
}
