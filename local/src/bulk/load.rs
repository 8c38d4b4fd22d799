//! Loads a file into a table.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use super::{
    BulkError, Empty, Format, Header, Types, Values,
    batch::{Batch, Request, Row},
    csv_rows::CsvRows,
    json_lines::{Item, JsonLines},
    rejected::Rejected,
    rows::{RawRow, Rows},
    sending::{Counts, send},
    source,
    table::{Described, describe},
};
use crate::Lambda;

/// A file to load into a table.
#[derive(Debug, Clone)]
pub struct Load<'a> {
    /// The file.
    pub file: &'a Path,
    /// Its format.
    pub format: Format,
    /// The name of the table, which exists.
    pub table: &'a str,
    /// The values in JSON Lines. `None`: the first row says it.
    pub values: Option<Values>,
    /// The types of attributes, for CSV and plain JSON Lines. Key attributes have their types from the table.
    pub types: &'a Types,
    /// The meaning of an empty cell of CSV.
    pub empty: Empty,
    /// The meaning of the names in the header of CSV.
    pub header: Header,
    /// The file for rejected rows. One of an earlier load is removed.
    pub rejected: &'a Path,
}

/// How far a load is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The bytes of the file that were read.
    pub bytes: u64,
    /// The size of the file.
    pub of_bytes: u64,
    /// The rows that were written.
    pub written: u64,
    /// The rows that were rejected.
    pub rejected: u64,
}

/// A load that came to the file's end. Each row is counted once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The rows that were written.
    pub written: u64,
    /// The rows whose key a later row of the same event had. A later row of another event replaces the item, too, and both
    /// count as written.
    pub superseded: u64,
    /// The rows that were not written.
    pub rejected: u64,
    /// The file that names them.
    pub rejected_file: Option<PathBuf>,
    /// Attributes that have a type, and that no row has.
    pub unused_types: Vec<String>,
}

/// How rows become items.
enum Reader {
    JsonLines(JsonLines),
    Csv(CsvRows),
}

impl Load<'_> {
    /// Loads the file. Calls `progress` after each event.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read as a whole, or if a function fails for another reason than a row. A row
    /// that cannot be written is no error: it is in the file of rejected rows.
    pub async fn run(&self, lambda: &Lambda, progress: &mut dyn FnMut(Progress)) -> Result<Loaded, BulkError> {
        let (file, of_bytes) = source::open(self.file)?;
        let table = describe(lambda, self.table).await?;
        let mut rows = Rows::new(file, self.format);
        let mut reader = self.reader(&mut rows, &table)?;
        let types = match &reader {
            Reader::JsonLines(_) => self.types.clone(),
            Reader::Csv(csv) => csv.types(),
        };
        self.check_types(&types, &table)?;
        let mut unused = types.clone();
        let (mut counts, mut rejected) = (Counts::default(), Rejected::new(self.rejected)?);
        let mut batch = Batch::default();
        let mut is_empty = true;
        loop {
            let next = rows.next().map_err(BulkError::file(self.file))?;
            let is_end = next.is_none();
            is_empty &= is_end;
            let row = match next {
                Some(raw) => self.row(&mut reader, raw, &mut rejected)?,
                None => None,
            };
            if is_end || row.as_ref().is_some_and(|row| batch.is_full_for(row)) {
                let values = match &reader {
                    Reader::JsonLines(lines) => lines.values(),
                    Reader::Csv(_) => Values::Plain,
                };
                let request = Request { table: self.table, values, types: &types };
                let sent = send(lambda, &request, std::mem::take(&mut batch).rows, &mut counts, &mut rejected).await;
                // The rows that were rejected so far are named, even if the load ends here.
                let rejected_file = rejected.finish()?;
                sent?;
                let (written, rejected) = (counts.written, rejected.count());
                progress(Progress { bytes: rows.bytes(), of_bytes, written, rejected });
                if is_end {
                    if is_empty {
                        return Err(BulkError::content(self.file, "has no rows: there is nothing to load"));
                    }
                    let unused_types = unused.0.into_iter().map(|(name, _)| name).collect();
                    let superseded = counts.superseded;
                    return Ok(Loaded { written, superseded, rejected, rejected_file, unused_types });
                }
            }
            if let Some(row) = row {
                unused.0.retain(|(name, _)| !row.item.names.contains(name));
                batch.push(row);
            }
        }
    }

    /// The reader of this file's rows. Reads the header of CSV.
    fn reader(&self, rows: &mut Rows<BufReader<File>>, table: &Described) -> Result<Reader, BulkError> {
        if self.format == Format::JsonLines {
            return Ok(Reader::JsonLines(JsonLines::new(self.values)));
        }
        let wrong = |reason: String| BulkError::content(self.file, reason);
        let header = rows.next().map_err(BulkError::file(self.file))?;
        let header = header.ok_or_else(|| wrong("has no header and no rows: there is nothing to load".into()))?;
        let header = header.text.map_err(|reason| wrong(format!("the header: {reason}")))?;
        let csv = CsvRows::new(&header, self.header, self.types, self.empty).map_err(wrong)?;
        if let Some(name) = table.key_names().find(|name| !csv.has(name)) {
            return Err(wrong(format!(
                "the header has no column `{name}`, which is in the key `{}` of the table; the columns are separated by \
                 commas",
                table.key
            )));
        }
        rows.restart_numbers();
        Ok(Reader::Csv(csv))
    }

    /// Checks the types of key attributes, which have their types from the table.
    fn check_types(&self, types: &Types, table: &Described) -> Result<(), BulkError> {
        for (name, code) in &types.0 {
            if let Some(known) = table.attributes.get(name)
                && known != *code
            {
                let reason = format!("`{name}` is given as {code}, and is {known} in the table's key or in an index");
                return Err(BulkError::content(self.file, reason));
            }
        }
        Ok(())
    }

    /// The row to write. `None` if it is rejected.
    fn row(&self, reader: &mut Reader, raw: RawRow, rejected: &mut Rejected) -> Result<Option<Row>, BulkError> {
        let RawRow { number, line, text } = raw;
        let text = match text {
            Ok(text) => text,
            Err(reason) => {
                rejected.add(number, line, &reason, None)?;
                return Ok(None);
            }
        };
        let item: Result<Item, String> = match reader {
            Reader::JsonLines(lines) => {
                if number == 1 && text.trim_ascii_start().starts_with('[') {
                    let reason =
                        "is a JSON array, and JSON Lines has one object in each line: `jq -c '.[]' FILE > NEW`";
                    return Err(BulkError::content(self.file, reason));
                }
                lines.item(&text)
            }
            Reader::Csv(csv) => csv.item(&text),
        };
        match item {
            Ok(item) => Ok(Some(Row { number, line, text, item })),
            Err(reason) => {
                rejected.add(number, line, &reason, Some(&text))?;
                Ok(None)
            }
        }
    }
}
