//! What came of a run.

use maud::{Markup, html};
use shared::Json;

use super::{
    super::{
        answer::{Cell, Parts, Table, scalar},
        outcome::Outcome,
    },
    prose::prose,
};
use crate::json::pretty;

/// The longest text in a cell, in characters.
const LONGEST: usize = 300;

/// A run and the parts of its answer.
pub(in crate::page) struct Run<'a> {
    pub(in crate::page) outcome: &'a Outcome,
    pub(in crate::page) parts: Option<Parts<'a>>,
}

impl Run<'_> {
    pub(super) fn has_failed(&self) -> bool {
        self.outcome.error.is_some()
    }

    /// The inputs with which the function goes on.
    pub(super) fn next(&self) -> Option<&Json> {
        self.parts.as_ref()?.next.as_ref()
    }

    pub(super) fn markup(&self) -> Markup {
        html! {
            (self.heading())
            (self.figures())
            @if let Some(parts) = &self.parts {
                @for (number, of) in parts.tables.iter().enumerate() { (table(number, of)) }
                @if parts.next.is_some() {
                    p { button.primary form="form" name="page.do" value="next" { "Next page" } }
                }
            }
            details.answer open {
                summary { "Answer as JSON" }
                pre tabindex="0" aria-label="Answer as JSON" { (pretty(&self.outcome.text)) }
            }
            details {
                summary { "Log of this invocation" }
                pre tabindex="0" aria-label="Log of this invocation" { (self.outcome.log) }
            }
        }
    }

    fn heading(&self) -> Markup {
        html! {
            @if let Some(error) = &self.outcome.error {
                div.problems role="alert" {
                    h2 { "Failed: " code { (error.error_type) } }
                    p { (prose(&error.error_message)) }
                }
            } @else {
                div role="status" { h2 { "Answer" } }
            }
        }
    }

    fn figures(&self) -> Markup {
        let milliseconds = |duration: std::time::Duration| format!("{:.1} ms", duration.as_secs_f64() * 1000.0);
        let none: &[(String, String)] = &[];
        let others = self.parts.as_ref().map_or(none, |parts| parts.figures.as_slice());
        html! {
            dl.figures {
                div { dt { "Time" } dd { (milliseconds(self.outcome.duration)) } }
                @if let Some(init) = self.outcome.init { div { dt { "First start" } dd { (milliseconds(init)) } } }
                @for (label, value) in others { div { dt { (label) } dd { (cut(value)) } } }
            }
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn table(number: usize, table: &Table<'_>) -> Markup {
    let Table { title, columns, rows, size } = table;
    let id = format!("table-{number}");
    html! {
        h3 id=(id) { (title) }
        @if rows.is_empty() || columns.is_empty() { p { "Empty." } } @else {
            div.table tabindex="0" role="region" aria-labelledby=(id) {
                table {
                    thead { tr { @for column in columns {
                        th scope="col" { @if column.is_empty() { "value" } @else { (cut(column)) } }
                    } } }
                    tbody {
                        @for row in rows { tr { @for cell in row { td { @if let Some(of) = cell { (value(of)) } } } } }
                    }
                }
            }
        }
        @if *size > (rows.len(), columns.len()) && !rows.is_empty() {
            p.help {
                "The first " (rows.len()) " rows and " (columns.len()) " columns of " (size.0) " and " (size.1)
                ". The JSON below has all."
            }
        }
    }
}

fn value(cell: &Cell<'_>) -> Markup {
    html! {
        (cut(&scalar(cell.value)))
        @if let Some(code) = cell.code { " " span.code title="DynamoDB's type" { (code) } }
    }
}
