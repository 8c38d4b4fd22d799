//! Splits a text into rows, and holds one row at a time.
//!
//! A row of JSON Lines is a line. A row of CSV is a record: a line break within quotes belongs to it. The `csv` crate
//! reads a record's fields (`csv_rows`). It does not limit a record's size and does not say that a quote is open at the
//! file's end, so records are split here, by the same rules.

use std::io::{self, BufRead};

use super::Format;

/// The most bytes of a row. The largest item, 400 KB, has less than 3 MB in DynamoDB JSON.
pub(super) const LONGEST_ROW: usize = 5 * 1024 * 1024;

/// A row of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawRow {
    /// The row's number, from 1. Blank lines and a header do not count.
    pub(super) number: u64,
    /// The number of the line that it begins in, from 1.
    pub(super) line: u64,
    /// Its text, or why there is none.
    pub(super) text: Result<String, String>,
}

/// Where in a CSV record the splitter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Unquoted,
    Quoted,
    /// After a quote within quotes: the end of the field, or the first half of an escaped quote.
    AfterQuote,
}

/// The rows of a text.
#[derive(Debug)]
pub(super) struct Rows<R> {
    reader: R,
    format: Format,
    number: u64,
    line: u64,
    /// Whether a line feed at the start belongs to the carriage return before it.
    after_return: bool,
    bytes: u64,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn new(reader: R, format: Format) -> Self {
        Self { reader, format, number: 0, line: 1, after_return: false, bytes: 0 }
    }

    /// The number of bytes that were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Starts to count the rows: the row before was a header.
    pub(super) fn restart_numbers(&mut self) {
        self.number = 0;
    }

    /// The next row that is not blank. `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<RawRow>> {
        loop {
            let Some((line, text)) = self.split()? else { return Ok(None) };
            if text.as_ref().is_ok_and(|text| self.is_blank(text)) {
                continue;
            }
            self.number += 1;
            return Ok(Some(RawRow { number: self.number, line, text }));
        }
    }

    fn is_blank(&self, text: &str) -> bool {
        match self.format {
            Format::JsonLines => text.trim_ascii().is_empty(),
            Format::Csv => text.is_empty(),
        }
    }

    /// The next row, and the line that it begins in.
    fn split(&mut self) -> io::Result<Option<(u64, Result<String, String>)>> {
        let mut record = Record::new(self.line);
        let mut is_first = true;
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                if is_first {
                    return Ok(None);
                }
                return Ok(Some((record.start, record.finish(true))));
            }
            if std::mem::take(&mut self.after_return) && chunk[0] == b'\n' {
                self.reader.consume(1);
                self.bytes += 1;
                continue;
            }
            is_first = false;
            let end = match self.format {
                Format::JsonLines => chunk.iter().position(|byte| *byte == b'\n'),
                Format::Csv => record.end(chunk),
            };
            let part = &chunk[..end.unwrap_or(chunk.len())];
            record.add(part);
            let breaks = part.split(|byte| *byte == b'\n').count() - 1;
            self.line += u64::try_from(breaks).unwrap_or(u64::MAX) + u64::from(end.is_some());
            self.after_return = end.is_some_and(|end| chunk[end] == b'\r');
            let read = part.len() + usize::from(end.is_some());
            self.reader.consume(read);
            self.bytes += u64::try_from(read).unwrap_or(u64::MAX);
            if end.is_some() {
                return Ok(Some((record.start, record.finish(false))));
            }
        }
    }
}

/// A row while it is read.
struct Record {
    start: u64,
    content: Vec<u8>,
    length: usize,
    state: State,
    /// The line of the last opening quote.
    quote: u64,
    /// The line of the record's current byte.
    line: u64,
    /// The line of text after a closing quote.
    text_after_quote: Option<u64>,
}

impl Record {
    fn new(line: u64) -> Self {
        Self {
            start: line,
            content: Vec::new(),
            length: 0,
            state: State::FieldStart,
            quote: line,
            line,
            text_after_quote: None,
        }
    }

    /// The index of the byte that ends the record.
    fn end(&mut self, chunk: &[u8]) -> Option<usize> {
        for (at, byte) in chunk.iter().enumerate() {
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::AfterQuote,
                (State::Quoted, _) => {
                    self.line += u64::from(*byte == b'\n');
                    State::Quoted
                }
                (_, b'\n' | b'\r') => return Some(at),
                (_, b',') => State::FieldStart,
                (State::FieldStart, b'"') => {
                    self.quote = self.line;
                    State::Quoted
                }
                (State::AfterQuote, b'"') => State::Quoted,
                (State::AfterQuote, _) => {
                    self.text_after_quote.get_or_insert(self.line);
                    State::Unquoted
                }
                (State::FieldStart | State::Unquoted, _) => State::Unquoted,
            };
        }
        None
    }

    fn add(&mut self, part: &[u8]) {
        self.length += part.len();
        if self.length <= LONGEST_ROW {
            self.content.extend_from_slice(part);
        } else {
            self.content = Vec::new();
        }
    }

    /// The record's text. `at_end`: the file ended.
    fn finish(mut self, at_end: bool) -> Result<String, String> {
        if at_end && self.state == State::Quoted {
            return Err(format!(
                "the quote that opens in line {} is not closed before the file's end, {} bytes later",
                self.quote, self.length
            ));
        }
        if self.length > LONGEST_ROW {
            return Err(format!(
                "the row has {} bytes; a row has at most {LONGEST_ROW}, because an item has at most 400 KB",
                self.length
            ));
        }
        if let Some(line) = self.text_after_quote {
            return Err(format!("text follows a closing quote in line {line}; double a quote within quotes (`\"\"`)"));
        }
        if self.content.last() == Some(&b'\r') {
            self.content.pop();
        }
        String::from_utf8(self.content)
            .map_err(|error| format!("not UTF-8 at byte {} of the row", error.utf8_error().valid_up_to() + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a text. `chunk` is the number of bytes that are read at once.
    fn rows(text: &[u8], format: Format, chunk: usize) -> Vec<RawRow> {
        let mut rows = Rows::new(io::BufReader::with_capacity(chunk, text), format);
        std::iter::from_fn(|| rows.next().unwrap()).collect()
    }

    fn row(number: u64, line: u64, text: &str) -> RawRow {
        RawRow { number, line, text: Ok(text.to_owned()) }
    }

    #[test]
    fn records_of_csv_end_at_line_breaks_outside_of_quotes() {
        let text = b"a,b\r\n\r\n\"x\r\ny\",\"q\"\"\"\n1,it\"s\r2,\"\"";
        for chunk in [1, 2, 3, 5, 100] {
            assert_eq!(
                rows(text, Format::Csv, chunk),
                [row(1, 1, "a,b"), row(2, 3, "\"x\r\ny\",\"q\"\"\""), row(3, 5, "1,it\"s"), row(4, 6, "2,\"\"")],
                "{chunk}"
            );
        }
    }

    #[test]
    fn blank_lines_are_no_rows_and_lines_are_counted() {
        let text = b"\n{\"a\":1}\r\n \t\n{\"b\":\"\xC3\xA9\"}";
        for chunk in [1, 2, 100] {
            assert_eq!(
                rows(text, Format::JsonLines, chunk),
                [row(1, 2, "{\"a\":1}"), row(2, 4, "{\"b\":\"é\"}")],
                "{chunk}"
            );
        }
    }

    #[test]
    fn an_open_quote_is_named_with_its_line() {
        let all = rows(b"a,b\n1,\"x\n2,y\n3,z\n", Format::Csv, 7);
        assert_eq!(all.len(), 2);
        assert_eq!((all[1].number, all[1].line), (2, 2));
        assert!(all[1].text.as_ref().unwrap_err().contains("the quote that opens in line 2 is not closed"));
        let all = rows(b"a\n\"x\"y\nz", Format::Csv, 7);
        assert!(all[1].text.as_ref().unwrap_err().contains("a closing quote in line 2"), "{all:?}");
        assert_eq!(all[2], row(3, 3, "z"));
    }

    #[test]
    fn a_row_that_is_too_long_is_skipped_and_not_held() {
        let mut text = b"[\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', LONGEST_ROW + 1));
        text.extend(b"\n]\n\xFF\n");
        let all = rows(&text, Format::JsonLines, 4096);
        assert_eq!((&all[0], &all[2]), (&row(1, 1, "["), &row(3, 3, "]")));
        assert!(all[1].text.as_ref().unwrap_err().contains("5242881 bytes"), "{:?}", all[1]);
        assert_eq!(all[3].text, Err("not UTF-8 at byte 1 of the row".to_owned()));
    }
}
