//! A table of fixed capacity. Its partitions have a capacity each.
//!
//! DynamoDB gives each partition at most 1,000 write units a second, and moves capacity to the partitions that need it
//! ("adaptive capacity"), as long as the table's own is not used up:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>. The burst capacity,
//! which DynamoDB does not promise, is left out: what a second does not use is lost.

use std::time::{Duration, Instant};

/// The most write units of a partition in a second.
pub(crate) const PARTITION_UNITS: f64 = 1_000.0;

/// Units that come back with the time, up to those of a tenth of a second.
#[derive(Debug)]
struct Bucket {
    per_second: f64,
    units: f64,
    at: Instant,
}

impl Bucket {
    /// The time whose units may be saved. A second would hide waits that are too long.
    const SAVED: f64 = 0.1;

    fn new(per_second: f64, now: Instant) -> Self {
        Self { per_second, units: 0.0, at: now }
    }

    /// The units that may be consumed now.
    fn units(&mut self, now: Instant) -> f64 {
        let passed = (now - self.at).as_secs_f64();
        self.units = (self.units + passed * self.per_second).min((self.per_second * Self::SAVED).max(1.0));
        self.at = now;
        self.units
    }
}

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    whole: Bucket,
    partitions: Vec<Bucket>,
    start: Instant,
    /// The time at which the last item was written.
    pub(crate) at_end: Duration,
    /// The items that were sent, each as often as it was sent.
    pub(crate) sent: usize,
    pub(crate) calls: u64,
    /// The calls of which nothing was written.
    pub(crate) refused: u64,
}

/// The partitions of a table: twice as many as its units need, because partitions also split by their size.
pub(crate) fn partitions(units: u32) -> u32 {
    units.div_ceil(1_000) * 2
}

impl Table {
    pub(crate) fn new(units: u32, now: Instant) -> Self {
        Self {
            whole: Bucket::new(f64::from(units), now),
            partitions: (0..partitions(units)).map(|_| Bucket::new(PARTITION_UNITS, now)).collect(),
            start: now,
            at_end: Duration::ZERO,
            sent: 0,
            calls: 0,
            refused: 0,
        }
    }

    /// Writes items of one unit each, which are in these partitions. Returns whether each was written.
    pub(crate) fn write(&mut self, partitions: &[usize], now: Instant) -> Vec<bool> {
        let write = |partition: &usize| {
            let partition = &mut self.partitions[*partition];
            let fits = partition.units(now) >= 1.0 && self.whole.units(now) >= 1.0;
            if fits {
                partition.units -= 1.0;
                self.whole.units -= 1.0;
            }
            fits
        };
        let written: Vec<bool> = partitions.iter().map(write).collect();
        let count = written.iter().filter(|written| **written).count();
        self.calls += 1;
        self.sent += written.len();
        self.refused += u64::from(count == 0);
        if count > 0 {
            self.at_end = now - self.start;
        }
        written
    }
}
