//! The rows of one event for `batch-write-items`.

use shared::internals::json::Json;

use super::{Types, Values, call::quoted, json_lines::Item};

/// The most rows of an event.
const MOST_ROWS: usize = 1_000;
/// The most bytes of the items of an event. A single item may have more.
const MOST_BYTES: usize = 1024 * 1024;

/// A row that is to be written.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) line: u64,
    pub(super) text: String,
    pub(super) item: Item,
}

impl Row {
    /// The item in JSON.
    pub(super) fn json(&self) -> &str {
        self.item.json.as_deref().unwrap_or(&self.text)
    }
}

/// Rows in the file's order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<Row>,
    bytes: usize,
}

impl Batch {
    /// Whether this row is one too many.
    pub(super) fn is_full_for(&self, row: &Row) -> bool {
        !self.rows.is_empty() && (self.rows.len() >= MOST_ROWS || self.bytes + row.json().len() > MOST_BYTES)
    }

    pub(super) fn push(&mut self, row: Row) {
        self.bytes += row.json().len();
        self.rows.push(row);
    }
}

/// What all events of a load have in common.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) table: &'a str,
    pub(super) values: Values,
    pub(super) types: &'a Types,
}

impl Request<'_> {
    /// The event that writes these rows. Not every event has a row with each of the attributes that have a type.
    pub(super) fn event(&self, rows: &[Row]) -> String {
        let mut event = format!(
            r#"{{"tableName":{},"inputFormat":"{}","onInvalid":"skip","onDuplicate":"lastWins","put":["#,
            quoted(self.table),
            self.values.word()
        );
        for (at, row) in rows.iter().enumerate() {
            event.push_str(if at == 0 { "" } else { "," });
            event.push_str(row.json());
        }
        event.push(']');
        let types = self.types.0.iter().map(|(name, code)| format!(r#"{}:"{code}""#, quoted(name)));
        let types: Vec<String> = types.collect();
        if !types.is_empty() {
            event.extend([r#","unusedTypes":"allow","itemTypes":{"#, &types.join(","), "}"]);
        }
        event.push('}');
        event
    }
}

/// Those of the rows that an answer hands back. Both are in the file's order. `None` if it hands back something else.
pub(super) fn handed_back(rows: Vec<Row>, items: &[&str]) -> Option<Vec<Row>> {
    let mut items = items.iter().peekable();
    let mut left = Vec::new();
    for row in rows {
        let Some(item) = items.peek() else { break };
        // The function writes the JSON that it read, without the row's blanks.
        if row.json() == **item || Json::parse(row.json()).ok()? == Json::parse(item).ok()? {
            left.push(row);
            items.next();
        }
    }
    items.next().is_none().then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64, text: &str) -> Row {
        let names = text.split('"').nth(1).map(str::to_owned).into_iter().collect();
        Row { number, line: number, text: text.to_owned(), item: Item { json: None, names } }
    }

    #[test]
    fn an_event_has_the_types_of_all_rows() {
        let types = "n:N,tags:SS".parse().unwrap();
        let request = Request { table: "a\"b", values: Values::Plain, types: &types };
        let event = request.event(&[row(1, r#"{"n":"1"}"#), row(2, r#"{"x":"1"}"#)]);
        let head = r#"{"tableName":"a\"b","inputFormat":"plain","onInvalid":"skip","onDuplicate":"lastWins","#;
        assert_eq!(
            event,
            format!(
                r#"{head}"put":[{{"n":"1"}},{{"x":"1"}}],"unusedTypes":"allow","itemTypes":{{"n":"N","tags":"SS"}}}}"#
            )
        );
    }

    #[test]
    fn an_event_ends_at_its_most_rows_or_bytes() {
        let mut batch = Batch::default();
        for number in 1.. {
            let row = row(number, r#"{"id":"1"}"#);
            if batch.is_full_for(&row) {
                break;
            }
            batch.push(row);
        }
        assert_eq!(batch.rows.len(), MOST_ROWS);
        let large = row(1, &format!(r#"{{"id":"{}"}}"#, "x".repeat(MOST_BYTES)));
        let mut batch = Batch::default();
        assert!(!batch.is_full_for(&large));
        batch.push(large);
        assert!(batch.is_full_for(&row(2, "{}")));
    }

    #[test]
    fn rows_that_are_handed_back_keep_their_numbers() {
        let rows =
            || vec![row(1, r#"{"a":1}"#), row(2, r#"{ "b" : 1 }"#), row(3, r#"{"a":1}"#), row(4, r#"{"c":1e5}"#)];
        let numbers = |items: &[&str]| {
            let rows = handed_back(rows(), items)?;
            Some(rows.iter().map(|row| row.number).collect::<Vec<_>>())
        };
        assert_eq!(numbers(&[r#"{"b":1}"#, r#"{"c":1e+5}"#]), Some(vec![2, 4]));
        assert_eq!(numbers(&[]), Some(vec![]));
        assert_eq!(numbers(&[r#"{"d":1}"#]), None);
    }
}
