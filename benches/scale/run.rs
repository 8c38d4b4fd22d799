//! All children at once, and what is measured.

use std::{cell::RefCell, rc::Rc, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use shared::internals::dynamodb::batch::{Clock as _, SimulatedClock};

use crate::{
    child::Child,
    table::{PARTITION_UNITS, Table, partitions},
};

/// A load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scenario {
    /// The children at once.
    pub(crate) children: usize,
    /// The items of a child, of one write unit each.
    pub(crate) items: usize,
    /// The table's write units in a second.
    pub(crate) units: u32,
    /// The time of an answer in milliseconds, from and to.
    pub(crate) milliseconds: (u64, u64),
    /// The share of the items that is in one partition. 0: the items are even.
    pub(crate) hot: f64,
    /// The time of an invocation, in seconds.
    pub(crate) timeout: u64,
    /// `maxCapacityPerSecond` of a child.
    pub(crate) budget: Option<u32>,
}

/// What is measured.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    /// The share of the capacity that was used, from the start until the last item was written.
    pub(crate) used: f64,
    /// How often an item was sent.
    pub(crate) sent: f64,
    /// The share of the calls of which nothing was written.
    pub(crate) refused: f64,
    /// The longest time that a child waited for a call that wrote something.
    pub(crate) longest_wait: Duration,
    /// The most invocations of a child.
    pub(crate) invocations: u32,
    pub(crate) seconds: f64,
}

impl Scenario {
    /// 1,000 children with 1,000 items each, and a table with 10,000 units a second.
    pub(crate) const DEFAULT: Self = Self {
        children: 1_000,
        items: 1_000,
        units: 10_000,
        milliseconds: (4, 12),
        hot: 0.0,
        timeout: 30,
        budget: None,
    };

    /// The time of an invocation.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    /// The units in a second that the items can use: a hot partition has its own limit.
    pub(crate) fn usable(&self) -> f64 {
        let share = self.hot + (1.0 - self.hot) / f64::from(partitions(self.units));
        f64::from(self.units).min(PARTITION_UNITS / share)
    }

    /// Runs it.
    pub(crate) fn run(&self, seed: u64) -> Outcome {
        let clock = SimulatedClock::default();
        let mut random = fastrand::Rng::with_seed(seed);
        let all = self.children * self.items;
        let table = Rc::new(RefCell::new(Table::new(self.units, clock.now())));
        let partitions = partitions(self.units) as usize;
        let mut children: FuturesUnordered<_> = (0..self.children)
            .map(|_| {
                let place = |_| if random.f64() < self.hot { 0 } else { random.usize(0..partitions) };
                let items = (0..self.items).map(place).collect();
                Child::new(&clock, &table, items, self.milliseconds, random.fork()).run(self.timeout(), self.budget)
            })
            .collect();
        let (mut longest_wait, mut invocations) = (Duration::ZERO, 0);
        let all_children = async {
            while let Some(ended) = children.next().await {
                longest_wait = longest_wait.max(ended.longest_wait);
                invocations = invocations.max(ended.invocations);
            }
        };
        clock.run(all_children);
        let table = table.borrow();
        #[expect(clippy::cast_precision_loss, reason = "a few million items and calls")]
        let [items, sent, calls, refused] =
            [all as u64, table.sent as u64, table.calls, table.refused].map(|n| n as f64);
        let seconds = table.at_end.as_secs_f64();
        Outcome {
            used: items / (seconds * self.usable()),
            sent: sent / items,
            refused: refused / calls,
            longest_wait,
            invocations,
            seconds,
        }
    }
}
