//! Prints the tour: as text for people, or as one JSON object a step for machines.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _, stdout},
};

use local::{Invocation, json};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    step::{Expected, Step},
    steps::STEPS,
};

/// The most lines that are shown of an event or an answer.
const LINES: usize = 24;

pub(super) struct Printer {
    as_json: bool,
    with_colours: bool,
}

/// A step as a JSON object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    step: usize,
    function: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    event: Box<RawValue>,
    failed: bool,
    answer: Box<RawValue>,
    expected: &'a str,
    as_expected: bool,
    milliseconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    init_milliseconds: Option<f64>,
}

impl Printer {
    /// Text has colours if standard output is a terminal and `NO_COLOR` (<https://no-color.org>) is not set.
    pub(super) fn new(as_json: bool) -> Self {
        let wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { as_json, with_colours: wanted && stdout().is_terminal() }
    }

    /// Prints the addresses of the database and the functions.
    pub(super) fn start(&self, database: &str, lambda: &str) -> io::Result<()> {
        if self.as_json {
            return Ok(());
        }
        lines(&format!(
            "DynamoDB on {database}, Lambda on {lambda}: {} steps through all the functions.\n",
            STEPS.len()
        ))
    }

    /// Prints a step before it runs.
    pub(super) fn event(&self, number: usize, step: &Step, event: &str) -> io::Result<()> {
        if self.as_json {
            return Ok(());
        }
        let source = step.event.file().map_or_else(String::new, |file| self.dim(&format!("  events/{file}")));
        lines(&format!(
            "{}{source}\n{}\n\n{}",
            self.bold(&format!("{number}. {}", step.function)),
            step.shows,
            cut(&json::pretty(event))
        ))
    }

    /// Prints the result of a step. `mismatch` says how it differs from the expected result.
    pub(super) fn answer(
        &self,
        number: usize,
        step: &Step,
        event: &str,
        answer: &Invocation,
        mismatch: Option<&str>,
    ) -> io::Result<()> {
        let text = String::from_utf8_lossy(&answer.payload);
        let milliseconds = answer.duration.as_secs_f64() * 1000.0;
        let init = answer.init.map(|init| init.as_secs_f64() * 1000.0);
        if self.as_json {
            let record = Record {
                step: number,
                function: step.function,
                file: step.event.file(),
                event: raw(event)?,
                failed: answer.failed,
                answer: raw(&text)?,
                expected: match step.expected {
                    Expected::Answer | Expected::AnswerOnce(_) => "an answer",
                    Expected::Error(error_type) => error_type,
                },
                as_expected: mismatch.is_none(),
                milliseconds: round(milliseconds),
                init_milliseconds: init.map(round),
            };
            return lines(&serde_json::to_string(&record)?);
        }
        let started = init.map_or_else(String::new, |init| format!(", after {init:.1} ms to start the function"));
        let what = if answer.failed { self.yellow("error") } else { self.green("answer") };
        let time = self.dim(&format!("in {milliseconds:.1} ms{started}"));
        lines(&format!("\n{what} {time}\n{}", cut(&json::pretty(&text))))?;
        if let Some(mismatch) = mismatch {
            lines(&self.red(&format!("This was not expected: the step {mismatch}")))?;
            lines(&self.dim(answer.log.trim_end()))?;
        }
        lines("")
    }

    /// Prints the result of the tour and what to try next.
    pub(super) fn end(&self, steps: usize, mismatches: &[String]) -> io::Result<()> {
        if !mismatches.is_empty() {
            for mismatch in mismatches {
                eprintln!("error: {mismatch}");
            }
            eprintln!("error: {} of {steps} steps did not do what was expected", mismatches.len());
            return Ok(());
        }
        if self.as_json {
            return Ok(());
        }
        lines(&self.bold(&self.green(&format!("All {steps} steps did what was expected."))))?;
        lines(
            "\nWhat to try next:\n\
             \n  cargo run -- invoke get-item events/get-item.json   one function with one event: change the event, or write your own\
             \n  cargo run -- serve                                  all functions behind Lambda's API, for `aws lambda invoke`\
             \n  cargo run -- --db tour.db                           the tour with a database in a file\
             \n  cargo test --workspace                              the tests of all functions",
        )
    }

    fn bold(&self, text: &str) -> String {
        self.in_style("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.in_style("2", text)
    }

    fn red(&self, text: &str) -> String {
        self.in_style("31", text)
    }

    fn green(&self, text: &str) -> String {
        self.in_style("32", text)
    }

    fn yellow(&self, text: &str) -> String {
        self.in_style("33", text)
    }

    fn in_style(&self, code: &str, text: &str) -> String {
        if self.with_colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn lines(text: &str) -> io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// JSON text on one line, as the value of a member. Text that is not JSON becomes a string.
fn raw(text: &str) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(json::compact(text)).or_else(|_| serde_json::value::to_raw_value(text))
}

fn round(milliseconds: f64) -> f64 {
    (milliseconds * 100.0).round() / 100.0
}

/// `text` with at most [`LINES`] lines of at most [`WIDTH`] characters.
fn cut(text: &str) -> String {
    let count = text.lines().count();
    let shown = text.lines().take(if count > LINES { LINES - 1 } else { LINES });
    let mut out: Vec<_> = shown.map(shorten).map(|line| format!("  {line}")).collect();
    if count > out.len() {
        out.push(format!("  … {} more lines", count - out.len()));
    }
    out.join("\n")
}

/// The most characters that are shown of a line.
const WIDTH: usize = 400;

fn shorten(line: &str) -> String {
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_answer_is_shortened() {
        let text = |lines: usize| vec!["x"; lines].join("\n");
        assert_eq!(cut(&text(LINES)).lines().count(), LINES);
        let long = cut(&text(LINES + 5));
        assert_eq!(long.lines().count(), LINES);
        assert!(long.ends_with("… 6 more lines"), "{long}");
        assert_eq!(cut(&"é".repeat(2 * WIDTH)).chars().count(), 2 + WIDTH + 1);
    }

    #[test]
    fn a_value_keeps_its_digits_and_is_on_one_line() {
        assert_eq!(raw("{\n  \"n\": 1.00000000000000000000001\n}").unwrap().get(), "{\"n\":1.00000000000000000000001}");
        assert_eq!(raw("not json").unwrap().get(), "\"not json\"");
    }
}
