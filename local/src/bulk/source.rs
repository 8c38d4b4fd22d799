//! Opens a file, and refuses what is not UTF-8 text.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use super::BulkError;

/// The bytes that are read at once.
const BUFFER: usize = 64 * 1024;

/// Opens a file of text and skips its byte order mark. Returns its size, too.
///
/// # Errors
/// Returns an error if the file is empty, or if its first bytes say that it is something else than UTF-8 text.
pub(super) fn open(path: &Path) -> Result<(BufReader<File>, u64), BulkError> {
    let file = File::open(path).map_err(BulkError::file(path))?;
    let metadata = file.metadata().map_err(BulkError::file(path))?;
    if metadata.is_dir() {
        return Err(BulkError::content(path, "is a folder; give a file"));
    }
    let mut reader = BufReader::with_capacity(BUFFER, file);
    let first = reader.fill_buf().map_err(BulkError::file(path))?;
    if first.is_empty() {
        return Err(BulkError::content(path, "is empty: there is nothing to load"));
    }
    match mark(first) {
        Ok(length) => reader.consume(length),
        Err(reason) => return Err(BulkError::content(path, reason)),
    }
    Ok((reader, metadata.len()))
}

/// The length of the byte order mark.
///
/// # Errors
/// Returns what the file is, and the remedy, if it is not UTF-8 text.
fn mark(first: &[u8]) -> Result<usize, String> {
    let encoding = |name: &str| {
        Err(format!("is {name}; only UTF-8 is read: `iconv -f {} -t UTF-8 FILE > NEW`", name.replace(" text", "")))
    };
    let packed = |name: &str, remedy: &str| Err(format!("is {name}; {remedy}"));
    match first {
        [0xEF, 0xBB, 0xBF, ..] => Ok(3),
        [0xFF, 0xFE, 0, 0, ..] => encoding("UTF-32LE text"),
        [0, 0, 0xFE, 0xFF, ..] => encoding("UTF-32BE text"),
        [0xFF, 0xFE, ..] => encoding("UTF-16LE text"),
        [0xFE, 0xFF, ..] => encoding("UTF-16BE text"),
        // Without a mark, a zero beside the first character says that each has two bytes.
        [first, 0, ..] if *first != 0 => encoding("UTF-16LE text"),
        [0, second, ..] if *second != 0 => encoding("UTF-16BE text"),
        [0x1F, 0x8B, ..] => packed("compressed by gzip", "unpack it first: `gunzip FILE`"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => packed("compressed by zstd", "unpack it first: `unzstd FILE`"),
        [b'P', b'K', 3, 4, ..] => packed("a zip file or a spreadsheet", "unpack it, or save it as CSV"),
        [b'P', b'A', b'R', b'1', ..] => packed("a Parquet file", "convert it to CSV or JSON Lines"),
        _ => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn only_utf_8_is_read_and_other_encodings_are_named() {
        assert_eq!(mark(b"id,at\n"), Ok(0));
        assert_eq!(mark(b"{"), Ok(0));
        assert_eq!(mark("\u{feff}id".as_bytes()), Ok(3));
        for (first, name) in [
            (&b"\xFF\xFEi\0d\0"[..], "UTF-16LE"),
            (b"\xFE\xFF\0i\0d", "UTF-16BE"),
            (b"{\0\"\0", "UTF-16LE"),
            (b"\0{\0\"", "UTF-16BE"),
            (b"\xFF\xFE\0\0i\0\0\0", "UTF-32LE"),
            (b"\0\0\xFE\xFF\0\0\0i", "UTF-32BE"),
            (b"\x1F\x8B\x08\0", "gzip"),
            (b"PK\x03\x04", "zip"),
        ] {
            let reason = mark(first).unwrap_err();
            assert!(reason.contains(name), "{name}: {reason}");
        }
    }
}
