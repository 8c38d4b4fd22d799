//! Texts with inline code, and the place of a fault in a text.

use maud::{Markup, html};

/// A text in which backticks enclose code.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if number % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// How much of a line is shown before and after a fault, in characters.
const AROUND: usize = 40;

/// The line with a fault. `column`: the place in bytes up to which the line could be read, from 1.
pub(super) fn excerpt(text: &str, (line, column): (usize, usize)) -> Markup {
    let line_text = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let at = (0..=column.saturating_sub(1).min(line_text.len()))
        .rev()
        .find(|at| line_text.is_char_boundary(*at))
        .unwrap_or_default();
    let (before, rest) = line_text.split_at(at);
    let length = rest.chars().next().map_or(0, char::len_utf8);
    let (fault, after) = rest.split_at(length);
    let start = before.char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    let end = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
    html! {
        code.excerpt {
            span.line { (line) ": " }
            @if start > 0 { "…" }
            (before[start..])
            mark { @if fault.is_empty() { "⟵ end" } @else { (fault) } }
            (after[..end])
            @if end < after.len() { "…" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_enclose_code() {
        assert_eq!(prose("a `b<` c").into_string(), "a <code>b&lt;</code> c");
    }

    #[test]
    fn the_character_at_the_fault_is_marked() {
        let marked = |text, position| excerpt(text, position).into_string();
        assert!(marked("{\n\"é\" x}", (2, 6)).contains("<mark>x</mark>"));
        assert!(marked("{", (1, 1)).contains("<mark>{</mark>"));
        assert!(marked("{", (1, 2)).contains("<mark>⟵ end</mark>"));
        assert!(marked("é", (1, 2)).contains("<mark>é</mark>"));
        assert!(marked("", (9, 9)).contains("⟵ end"));
        let long = "x".repeat(200);
        assert!(marked(&long, (1, 100)).contains('…'));
    }
}
