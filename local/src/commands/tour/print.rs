//! The tour on a terminal, and for machines.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _, stdout},
};

use local::Invocation;
use serde::Serialize;
use serde_json::value::RawValue;

use super::steps::{Expected, STEPS, Step};
use crate::commands::json;

/// The most lines that are shown of an event or an answer.
const LINES: usize = 24;

/// Prints steps.
pub(crate) struct Printer {
    machine: bool,
    colours: bool,
}

/// A step for machines.
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
    /// One for machines, or for whoever looks at standard output.
    pub(crate) fn new(machine: bool) -> Self {
        let wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { machine, colours: wanted && stdout().is_terminal() }
    }

    /// What the tour runs on.
    pub(crate) fn start(&self, database: &str, lambda: &str) -> io::Result<()> {
        if self.machine {
            return Ok(());
        }
        lines(&format!(
            "DynamoDB on {database}, Lambda on {lambda}: {} steps through all the functions.\n",
            STEPS.len()
        ))
    }

    /// A step before it is done.
    pub(crate) fn event(&self, number: usize, step: &Step, event: &str) -> io::Result<()> {
        if self.machine {
            return Ok(());
        }
        let source = step.event.file().map_or_else(String::new, |file| self.dim(&format!("  events/{file}")));
        lines(&format!(
            "{}{source}\n{}\n\n{}",
            self.bold(&format!("{number}. {}", step.function)),
            step.see,
            cut(&json::pretty(event))
        ))
    }

    /// A step after it is done; `surprise` is what it did instead of what it should.
    pub(crate) fn answer(
        &self,
        number: usize,
        step: &Step,
        event: &str,
        answer: &Invocation,
        surprise: Option<&String>,
    ) -> io::Result<()> {
        let text = String::from_utf8_lossy(&answer.payload);
        let milliseconds = answer.duration.as_secs_f64() * 1000.0;
        let init = answer.init.map(|init| init.as_secs_f64() * 1000.0);
        if self.machine {
            let record = Record {
                step: number,
                function: step.function,
                file: step.event.file(),
                event: raw(event)?,
                failed: answer.failed,
                answer: raw(&text)?,
                expected: match step.expected {
                    Expected::Answer | Expected::Made(_) => "an answer",
                    Expected::Error(error_type) => error_type,
                },
                as_expected: surprise.is_none(),
                milliseconds: round(milliseconds),
                init_milliseconds: init.map(round),
            };
            return lines(&serde_json::to_string(&record)?);
        }
        let started = init.map_or_else(String::new, |init| format!(", after {init:.1} ms to start the function"));
        let what = if answer.failed { self.yellow("error") } else { self.green("answer") };
        let time = self.dim(&format!("in {milliseconds:.1} ms{started}"));
        lines(&format!("\n{what} {time}\n{}", cut(&json::pretty(&text))))?;
        if let Some(surprise) = surprise {
            lines(&self.red(&format!("This was not expected: the step {surprise}")))?;
            lines(&self.dim(answer.log.trim_end()))?;
        }
        lines("")
    }

    /// How it all went, and where to go on.
    pub(crate) fn end(&self, steps: usize, surprises: &[String]) -> io::Result<()> {
        if !surprises.is_empty() {
            for surprise in surprises {
                eprintln!("error: {surprise}");
            }
            eprintln!("error: {} of {steps} steps did not do what was expected", surprises.len());
            return Ok(());
        }
        if self.machine {
            return Ok(());
        }
        lines(&self.bold(&self.green(&format!("All {steps} steps did what was expected."))))?;
        lines(
            "\nWhat to try next:\n\
             \n  cargo run -- invoke get-item events/get-item.json   one function on one event: change the event, or write your own\
             \n  cargo run -- serve                                  all functions behind Lambda's API, for `aws lambda invoke`\
             \n  cargo run -- --db tour.db                           the tour on a database that is kept in a file\
             \n  cargo test --workspace                              everything that was just seen, and much more, as tests",
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
        if self.colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn lines(text: &str) -> io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// JSON text for a member of a one-line record; what is no JSON becomes a string.
fn raw(text: &str) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(json::compact(text)).or_else(|_| serde_json::value::to_raw_value(text))
}

fn round(milliseconds: f64) -> f64 {
    (milliseconds * 100.0).round() / 100.0
}

/// `text` without what is beyond the lines that are shown, with no line too long to look at.
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
    fn long_answers_are_cut() {
        let text = |lines: usize| vec!["x"; lines].join("\n");
        assert_eq!(cut(&text(LINES)).lines().count(), LINES);
        let long = cut(&text(LINES + 5));
        assert_eq!(long.lines().count(), LINES);
        assert!(long.ends_with("… 6 more lines"), "{long}");
        assert_eq!(cut(&"é".repeat(2 * WIDTH)).chars().count(), 2 + WIDTH + 1);
    }

    #[test]
    fn a_record_keeps_digits_and_stays_on_one_line() {
        assert_eq!(raw("{\n  \"n\": 1.00000000000000000000001\n}").unwrap().get(), "{\"n\":1.00000000000000000000001}");
        assert_eq!(raw("no json").unwrap().get(), "\"no json\"");
    }
}
