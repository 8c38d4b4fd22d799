//! The table of measured figures. Some have a bar: a limit that the figure must meet.

use std::fmt;

use super::sample::{Sample, digits};

/// The limit of a figure.
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

/// The unit of a figure.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    Seconds,
    Bytes,
    BytesPerSecond,
    Count,
}

impl Unit {
    pub(crate) fn format(self, number: f64) -> String {
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

/// The rows measured so far.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<[String; 5]>,
    missed: Vec<String>,
}

impl Table {
    /// Starts a section.
    pub(crate) fn section(&mut self, name: &str) {
        eprintln!("\n{name}");
        self.rows.push([format!("**{name}**"), String::new(), String::new(), String::new(), String::new()]);
    }

    /// Adds a ratio of two contenders that were measured in turn: the median of `one / other` of all rounds, with the
    /// quartiles.
    pub(crate) fn ratio(&mut self, figure: &str, unit: Unit, (one, other): (&[f64], &[f64]), bar: Option<Bar>) {
        let ratios = Sample::new(one.iter().zip(other).map(|(one, other)| one / other));
        let [low, median, high] = [0.25, 0.5, 0.75].map(|quantile| digits(ratios.quantile(quantile)));
        let [one, other] = [one, other].map(|values| unit.format(Sample::new(values.iter().copied()).median()));
        self.push(figure, [one, other, format!("**{median}** ({low} to {high})")], bar, ratios.median());
    }

    /// Adds a single number. Its bar is in the unit that the table shows: MB, not bytes.
    pub(crate) fn figure(&mut self, figure: &str, unit: Unit, number: f64, bar: Option<Bar>) {
        let scale = if matches!(unit, Unit::Bytes) { 1e6 } else { 1.0 };
        self.push(figure, [unit.format(number), String::new(), String::new()], bar, number / scale);
    }

    /// Adds a figure that could not be measured.
    pub(crate) fn absent(&mut self, figure: &str, reason: &str) {
        eprintln!("  {figure}: {reason}");
        self.rows.push([figure.into(), format!("not measured: {reason}"), String::new(), String::new(), String::new()]);
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

    /// A table of the rows that have a bar.
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
    fn a_ratio_is_taken_of_each_round() {
        let mut table = Table::default();
        table.ratio("a / b", Unit::Seconds, (&[1.0, 20.0, 3.0], &[1.0, 10.0, 1.0]), Some(Bar::AtMost(2.0)));
        assert_eq!(table.rows[0][1..4], ["3.00 s", "1.00 s", "**2.00** (1.50 to 2.50)"]);
        assert!(table.missed().is_empty());
        table.figure("memory", Unit::Bytes, 9_500_000.0, Some(Bar::AtMost(9.0)));
        assert_eq!(table.missed(), ["memory: 9.50, the bar is ≤ 9"]);
    }
}
