//! What was measured, as a table: each figure with its bar, and whether it was met.

use std::{fmt, time::Duration};

/// Measurements of one thing, sorted.
#[derive(Debug, Clone)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    pub(crate) fn new(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// In seconds.
    pub(crate) fn times(times: &[Duration]) -> Self {
        Self::new(times.iter().map(Duration::as_secs_f64))
    }

    pub(crate) fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// The value that this part of the others lies below; between two, in proportion.
    fn at(&self, part: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else { return f64::NAN };
        let place = part * real(last);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let below = place.floor() as usize;
        let above = (below + 1).min(last);
        self.0[below] + (self.0[above] - self.0[below]) * place.fract()
    }
}

/// The median, with the quartiles around it.
#[derive(Debug, Clone, Copy)]
struct Spread {
    median: f64,
    low: f64,
    high: f64,
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "**{}** ({} to {})", digits(self.median), digits(self.low), digits(self.high))
    }
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "what is counted here is far below what a double holds")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

/// Three digits that count.
pub(crate) fn digits(number: f64) -> String {
    match number.abs() {
        size if size >= 99.95 => format!("{number:.0}"),
        size if size >= 9.995 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

/// What must be reached.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bar {
    AtMost(f64),
    AtLeast(f64),
}

impl Bar {
    fn met_by(self, figure: f64) -> bool {
        match self {
            Self::AtMost(most) => figure <= most,
            Self::AtLeast(least) => figure >= least,
        }
    }
}

/// What a number is of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    Seconds,
    Bytes,
    BytesPerSecond,
    Count,
}

impl Unit {
    pub(crate) fn show(self, number: f64) -> String {
        match self {
            Self::Seconds if number < 1e-6 => format!("{} ns", digits(number * 1e9)),
            Self::Seconds if number < 0.001 => format!("{} µs", digits(number * 1e6)),
            Self::Seconds if number < 1.0 => format!("{} ms", digits(number * 1e3)),
            Self::Seconds => format!("{} s", digits(number)),
            Self::Bytes => format!("{} MB", digits(number / 1e6)),
            Self::BytesPerSecond => format!("{} MB/s", digits(number / 1e6)),
            Self::Count if number.fract() == 0.0 => format!("{number:.0}"),
            Self::Count => digits(number),
        }
    }
}

/// A section of the table, as it grows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<[String; 5]>,
    missed: Vec<String>,
}

impl Table {
    /// Says what comes next.
    pub(crate) fn section(&mut self, name: &str) {
        eprintln!("\n{name}");
        self.rows.push([format!("**{name}**"), String::new(), String::new(), String::new(), String::new()]);
    }

    /// Two contenders, measured in turn: `one / other` of each turn.
    pub(crate) fn ratio(&mut self, figure: &str, unit: Unit, (one, other): (&[f64], &[f64]), bar: Option<Bar>) {
        let each = Sample::new(one.iter().zip(other).map(|(one, other)| one / other));
        let spread = Spread { median: each.median(), low: each.at(0.25), high: each.at(0.75) };
        let [one, other] = [one, other].map(|values| unit.show(Sample::new(values.iter().copied()).median()));
        self.push(figure, [one, other, spread.to_string()], bar, spread.median);
    }

    /// One number; a bar is in the unit shown (MB, not bytes).
    pub(crate) fn figure(&mut self, figure: &str, unit: Unit, number: f64, bar: Option<Bar>) {
        let scale = if matches!(unit, Unit::Bytes) { 1e6 } else { 1.0 };
        self.push(figure, [unit.show(number), String::new(), String::new()], bar, number / scale);
    }

    /// What could not be measured, and why.
    pub(crate) fn absent(&mut self, figure: &str, why: &str) {
        eprintln!("  {figure}: {why}");
        self.rows.push([figure.into(), format!("not measured: {why}"), String::new(), String::new(), String::new()]);
    }

    fn push(&mut self, figure: &str, [one, other, ratio]: [String; 3], bar: Option<Bar>, number: f64) {
        let verdict = bar.map_or_else(String::new, |bar| {
            let (sign, limit) = match bar {
                Bar::AtMost(most) => ("≤", most),
                Bar::AtLeast(least) => ("≥", least),
            };
            if bar.met_by(number) {
                format!("{sign} {limit}: met")
            } else {
                self.missed.push(format!("{figure}: {}, the bar is {sign} {limit}", digits(number)));
                format!("{sign} {limit}: **not met**")
            }
        });
        eprintln!("  {figure}: {}", [&*one, &*other, &*ratio, &*verdict].map(str::trim).join("  "));
        self.rows.push([figure.into(), one, other, ratio, verdict]);
    }

    /// The rows that have a bar, as a table of their own.
    pub(crate) fn bars(&self) -> Self {
        let rows = self.rows.iter().filter(|row| !row[4].is_empty()).cloned().collect();
        Self { rows, missed: Vec::new() }
    }

    /// The bars that were not met.
    pub(crate) fn missed(&self) -> &[String] {
        &self.missed
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| figure | one | other | one / other | bar |\n|---|---|---|---|---|")?;
        self.rows.iter().try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_lies_between_the_quartiles() {
        let sample = Sample::new([4.0, 1.0, 3.0, 2.0]);
        assert_eq!([sample.at(0.0), sample.median(), sample.at(1.0)].map(digits), ["1.00", "2.50", "4.00"]);
        assert_eq!(digits(Sample::new([7.0]).median()), "7.00");
    }

    #[test]
    fn a_ratio_is_taken_of_each_turn() {
        let mut table = Table::default();
        table.ratio("a / b", Unit::Seconds, (&[1.0, 20.0, 3.0], &[1.0, 10.0, 1.0]), Some(Bar::AtMost(2.0)));
        assert_eq!(table.rows[0][1..4], ["3.00 s", "1.00 s", "**2.00** (1.50 to 2.50)"]);
        assert!(table.missed().is_empty());
        table.figure("memory", Unit::Bytes, 9_500_000.0, Some(Bar::AtMost(9.0)));
        assert_eq!(table.missed(), ["memory: 9.50, the bar is ≤ 9"]);
    }
}
