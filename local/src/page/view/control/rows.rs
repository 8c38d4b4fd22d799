//! Rows: a value a row, with its name before it and its type beside it.

use maud::{Markup, html};

use super::{
    super::super::{
        form,
        inputs::{Input, Rows},
    },
    Fields, help, lines, required,
};

pub(super) fn rows(fields: &Fields<'_>, input: &Input, rows: Rows) -> Markup {
    let Input { key, label, field, .. } = input;
    let is_json = form::is_json(fields.entries, key);
    html! {
        fieldset.rows id=(key) tabindex="-1" aria-describedby={ (key) "-help" } {
            legend { (label) (required(field)) }
            (help(key, field))
            (fields.problem_text(key))
            @if is_json {
                input type="hidden" name={ (key) ".mode" } value="json";
                (fields.json(&format!("{key}.json"), &format!("{label} as JSON"), ""))
                @if rows.types.is_some() {
                    (fields.json(&format!("{key}.types"), &format!("Types of {label} as JSON"), ""))
                }
                button name="page.do" value={ "rows " (key) } { "Edit " (label) " as rows" }
            } @else {
                @for number in numbers(fields, key) { (row(fields, input, rows, number)) }
                button name="page.do" value={ "add " (key) } data-add=(key) { "Add a row to " (label) }
                button name="page.do" value={ "json " (key) } { "Edit " (label) " as JSON" }
            }
        }
    }
}

/// The rows that were sent, and a spare one.
fn numbers(fields: &Fields<'_>, key: &str) -> Vec<usize> {
    let mut numbers: Vec<usize> = form::row_numbers(fields.entries, key).into_iter().collect();
    let is_blank = |number: &usize| {
        ["name", "value"].iter().all(|part| fields.entries.get(&format!("{key}.{number}.{part}")).is_empty())
    };
    if !numbers.last().is_some_and(is_blank) {
        numbers.push(numbers.last().map_or(0, |last| last + 1));
    }
    numbers
}

fn row(fields: &Fields<'_>, input: &Input, rows: Rows, number: usize) -> Markup {
    let Input { key, label, .. } = input;
    let place = |part: &str| format!("{key}.{number}.{part}");
    let called = |part: &str| format!("{label}, {part} of row {}", number + 1);
    let (name, value, kind) = (place("name"), place("value"), place("type"));
    let invalid = |key: &str| fields.problem(key).map(|_| "true");
    let described = |key: &str| fields.problem(key).map(|_| format!("{key}-problem"));
    html! {
        div.row.named[rows.is_named] {
            @if rows.is_named {
                input id=(name) name=(name) value=(fields.entries.get(&name)) spellcheck="false" placeholder="name"
                    aria-label=(called("name")) aria-invalid=[invalid(&name)] aria-describedby=[described(&name)];
            }
            @if rows.is_typed {
                textarea id=(value) name=(value) rows="1" spellcheck="false" placeholder="value" aria-label=(called("value"))
                    aria-invalid=[invalid(&value)] aria-describedby=[described(&value)] {
                    (lines(fields.entries.get(&value)))
                }
                (fields.kind(&kind, rows.types.is_some(), &called("type")))
            } @else {
                input id=(value) name=(value) value=(fields.entries.get(&value)) spellcheck="false" placeholder="value"
                    aria-label=(called("value")) aria-invalid=[invalid(&value)] aria-describedby=[described(&value)];
            }
        }
        (fields.problem_text(&name))
        (fields.problem_text(&value))
        (fields.problem_text(&kind))
    }
}
