//! Statistics of measurements.

use std::time::Duration;

/// The measurements of one figure in ascending order.
#[derive(Debug, Clone)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    pub(crate) fn new(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// A sample of times in seconds.
    pub(crate) fn times(times: &[Duration]) -> Self {
        Self::new(times.iter().map(Duration::as_secs_f64))
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The quantile, interpolated between two measurements. Not a number if the sample is empty.
    pub(super) fn quantile(&self, quantile: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else { return f64::NAN };
        let position = quantile * real(last);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let below = position.floor() as usize;
        let above = (below + 1).min(last);
        self.0[below] + (self.0[above] - self.0[below]) * position.fract()
    }
}

/// A count as a floating-point number.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^53")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

/// The number with three significant digits, or with all digits before the point.
pub(super) fn digits(number: f64) -> String {
    match number.abs() {
        size if size >= 99.95 => format!("{number:.0}"),
        size if size >= 9.995 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let sample = Sample::new([4.0, 1.0, 3.0, 2.0]);
        assert_eq!([sample.quantile(0.0), sample.median(), sample.quantile(1.0)].map(digits), ["1.00", "2.50", "4.00"]);
        assert_eq!(digits(Sample::new([7.0]).median()), "7.00");
    }
}
