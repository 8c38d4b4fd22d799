//! A record of CSV: one item. Each cell is a text, which the function turns into the column's type.

use csv::{ReaderBuilder, StringRecord};

use super::{
    Empty, Header, Types,
    call::quoted,
    json_lines::Item,
    types::{code_of, typed_name},
};

/// A column: the attribute's name and its type, if it is not the default.
#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: String,
    code: Option<&'static str>,
}

/// Reads the records of one file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CsvRows {
    columns: Vec<Column>,
    empty: Empty,
}

impl CsvRows {
    /// Reads the header. `types` are those of the caller.
    ///
    /// # Errors
    /// Returns what is wrong with the header.
    pub(super) fn new(header: &str, names: Header, types: &Types, empty: Empty) -> Result<Self, String> {
        let mut columns: Vec<Column> = Vec::new();
        for (at, cell) in fields(header)?.iter().enumerate() {
            let (name, in_header) = if names == Header::Typed { typed_name(cell) } else { (cell, None) };
            if name.is_empty() {
                return Err(format!("column {} of the header has no name", at + 1));
            }
            if columns.iter().any(|column| column.name == name) {
                return Err(format!("the header has the column `{name}` twice"));
            }
            let given = types.get(name);
            if let (Some(first), Some(second)) = (in_header, given)
                && first != second
            {
                return Err(format!("the header says that `{name}` is {first}, and the given types say {second}"));
            }
            columns.push(Column { name: name.to_owned(), code: given.or(in_header) });
        }
        if let Some((name, _)) = types.0.iter().find(|(name, _)| columns.iter().all(|column| column.name != *name)) {
            return Err(format!("a type is given for `{name}`, which is no column of the header"));
        }
        Ok(Self { columns, empty })
    }

    /// The types of the columns.
    pub(super) fn types(&self) -> Types {
        let typed = self.columns.iter().filter_map(|column| Some((column.name.clone(), column.code?)));
        Types(typed.collect())
    }

    /// Whether there is a column for this attribute.
    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// Reads a record.
    ///
    /// # Errors
    /// Returns why the record is no item.
    pub(super) fn item(&self, record: &str) -> Result<Item, String> {
        let cells = fields(record)?;
        if cells.len() != self.columns.len() {
            return Err(format!("it has {} cells, and the header has {}", cells.len(), self.columns.len()));
        }
        let (mut json, mut names) = (String::from("{"), Vec::new());
        for (column, cell) in self.columns.iter().zip(&cells) {
            if cell.is_empty() && (self.empty == Empty::Omit || column.code.is_some_and(|code| code != "S")) {
                continue;
            }
            if json.len() > 1 {
                json.push(',');
            }
            json.extend([quoted(&column.name), ":".into(), quoted(cell)]);
            names.push(column.name.clone());
        }
        json.push('}');
        Ok(Item { json: Some(json), names })
    }
}

/// The fields of a record.
fn fields(record: &str) -> Result<StringRecord, String> {
    // The crate would take a byte order mark at the start of its input for one of the file. The record has a field before
    // its own ones, so that it is not at the start.
    let text = format!(",{record}");
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(text.len()).from_reader(text.as_bytes());
    let mut fields = StringRecord::new();
    reader.read_record(&mut fields).map_err(|error| error.to_string())?;
    Ok(fields.iter().skip(1).collect())
}

/// The header's cell for an attribute. A text needs no type, unless its name looks as if it had one.
pub(super) fn header_cell(name: &str, code: &str, names: Header) -> String {
    let looks_typed = name.rsplit_once(':').is_some_and(|(_, code)| code_of(code).is_some());
    if names == Header::Plain || (code == "S" && !looks_typed) { name.to_owned() } else { format!("{name}:{code}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(header: &str, types: &str, empty: Empty) -> Result<CsvRows, String> {
        let types = if types.is_empty() { Types::default() } else { types.parse().unwrap() };
        CsvRows::new(header, Header::Typed, &types, empty)
    }

    fn json(rows: &CsvRows, record: &str) -> Result<String, String> {
        rows.item(record).map(|item| item.json.unwrap())
    }

    #[test]
    fn a_record_becomes_an_item_of_texts() {
        let rows = rows("id,\"a,b\",n:N", "", Empty::Omit).unwrap();
        assert_eq!(rows.types().0, [("n".to_owned(), "N")]);
        assert_eq!(json(&rows, r#"1,"x ""y""",2.50"#).unwrap(), r#"{"id":"1","a,b":"x \"y\"","n":"2.50"}"#);
        assert_eq!(json(&rows, "\u{feff}1,\"\r\n\",").unwrap(), "{\"id\":\"\u{feff}1\",\"a,b\":\"\\r\\n\"}");
        assert_eq!(rows.item("1,,2").unwrap().names, ["id", "n"]);
    }

    #[test]
    fn an_empty_cell_is_left_out_or_an_empty_text() {
        let rows = rows("id,s,n", "n:N", Empty::Keep).unwrap();
        assert_eq!(json(&rows, "1,,").unwrap(), r#"{"id":"1","s":""}"#);
    }

    #[test]
    fn a_ragged_record_is_named() {
        let rows = rows("id,s", "", Empty::Omit).unwrap();
        for (record, cells) in [("1", 1), ("1,2,3", 3)] {
            assert_eq!(rows.item(record), Err(format!("it has {cells} cells, and the header has 2")));
        }
    }

    #[test]
    fn refuses_a_header_that_says_no_attributes() {
        for (header, types, part) in [
            ("id,,x", "", "column 2"),
            ("id,a,id", "", "`id` twice"),
            ("id,a:N,a", "", "`a` twice"),
            ("id", "age:N", "`age`, which is no column"),
            ("id,a:N", "a:SS", "`a` is N, and the given types say SS"),
        ] {
            let error = rows(header, types, Empty::Omit).unwrap_err();
            assert!(error.contains(part), "{header}: {error}");
        }
    }

    #[test]
    fn a_name_that_looks_typed_keeps_its_name() {
        for (name, code) in [("a", "S"), ("a", "N"), ("a:N", "S"), ("a:N", "N"), ("a:n", "S")] {
            let header = header_cell(name, code, Header::Typed);
            let rows = rows(&header, "", Empty::Omit).unwrap();
            let known = rows.columns[0].code.unwrap_or("S");
            assert_eq!((rows.columns[0].name.as_str(), known), (name, code), "{header}");
        }
    }
}
