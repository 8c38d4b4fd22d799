//! Exports a table into a file.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    BulkError, Format, Header, Values,
    call::{call, data, quoted},
    columns::Columns,
    part::Part,
    table::{Described, describe},
};
use crate::Lambda;

/// A table to export into a file.
#[derive(Debug, Clone)]
pub struct Export<'a> {
    /// The name of the table.
    pub table: &'a str,
    /// The file. It is replaced once the export is complete.
    pub file: &'a Path,
    /// Its format.
    pub format: Format,
    /// The values in JSON Lines. Only typed ones lose nothing.
    pub values: Values,
    /// The names in the header of CSV.
    pub header: Header,
    /// Whether the reads are strongly consistent.
    pub consistent: bool,
}

/// An export that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The number of items.
    pub items: u64,
    /// The types that a load of a CSV file with a plain header needs: `age:N,tags:SS`.
    pub types: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
    #[serde(borrow)]
    last_evaluated_key: Option<&'a RawValue>,
}

impl Export<'_> {
    /// Exports the table. Calls `progress` after each page with the number of items so far and the number that DynamoDB
    /// reports for the table, which may be hours old.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written, a function fails, or CSV cannot hold an item. There is then no
    /// file, or the one that was there before.
    pub async fn run(&self, lambda: &Lambda, progress: &mut dyn FnMut(u64, u64)) -> Result<Exported, BulkError> {
        let table = describe(lambda, self.table).await?;
        let mut count = 0;
        if self.format == Format::JsonLines {
            let mut part = Part::new(self.file, ".part")?;
            let write = |item: &str| {
                part.write(item)?;
                part.write("\n")
            };
            self.scan(lambda, self.values, &table, &mut count, write, progress).await?;
            part.finish()?;
            return Ok(Exported { items: count, types: None });
        }
        // The columns are known after the last item. Until then the items are in a file beside.
        let mut items = Part::new(self.file, ".items.part")?;
        let mut columns = Columns::new(&table);
        let add = |item: &str| {
            columns.add(item).map_err(|reason| {
                let reason = format!("{reason}; CSV cannot hold it: export the table as JSON Lines (`.jsonl`)");
                BulkError::table(self.table, reason)
            })?;
            items.write(item)?;
            items.write("\n")
        };
        self.scan(lambda, Values::Typed, &table, &mut count, add, progress).await?;
        self.write_csv(&columns, &mut items)?;
        let types = (self.header == Header::Plain).then(|| columns.types());
        Ok(Exported { items: count, types })
    }

    /// Hands each item to `write`, as JSON in one line.
    async fn scan(
        &self,
        lambda: &Lambda,
        values: Values,
        table: &Described,
        count: &mut u64,
        mut write: impl FnMut(&str) -> Result<(), BulkError>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), BulkError> {
        let mut last: Option<String> = None;
        loop {
            let start = last.map(|key| format!(r#","exclusiveStartKey":{key}"#)).unwrap_or_default();
            let event = format!(
                r#"{{"tableName":{},"outputFormat":"{}","consistentRead":{}{start}}}"#,
                quoted(self.table),
                values.word(),
                self.consistent
            );
            let payload = call(lambda, "scan-items", event).await?.map_err(|error| {
                let remark = format!("; {count} items were read, and no file was written");
                BulkError::Function { function: "scan-items", error, remark }
            })?;
            let page: Page<'_> = data("scan-items", &payload)?;
            for item in page.items {
                // A text of JSON holds no line break. Between its tokens there may be one.
                if item.get().contains('\n') {
                    write(&item.get().replace(['\n', '\r'], " "))?;
                } else {
                    write(item.get())?;
                }
                *count += 1;
            }
            progress(*count, table.items);
            match page.last_evaluated_key {
                Some(key) => last = Some(key.get().to_owned()),
                None => return Ok(()),
            }
        }
    }

    fn write_csv(&self, columns: &Columns, items: &mut Part) -> Result<(), BulkError> {
        let wrong = |error: csv::Error| BulkError::content(self.file, error.to_string());
        let mut writer = csv::Writer::from_writer(Part::new(self.file, ".part")?);
        writer.write_record(columns.header(self.header)).map_err(wrong)?;
        for line in BufReader::new(items.read()?).lines() {
            let line = line.map_err(BulkError::file(self.file))?;
            let record = columns.record(&line).map_err(|reason| BulkError::content(self.file, reason))?;
            writer.write_record(record).map_err(wrong)?;
        }
        writer.flush().map_err(BulkError::file(self.file))?;
        let mut part = writer.into_inner().map_err(|error| BulkError::file(self.file)(error.into_error()))?;
        part.flush().map_err(BulkError::file(self.file))?;
        part.finish()
    }
}
