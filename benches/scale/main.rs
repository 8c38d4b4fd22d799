//! 1,000 children of a state machine that write to one table of fixed capacity, in a simulated time: `cargo run -p benches
//! --example scale`.
//!
//! Each child is the functions' own batch engine (`shared/src/dynamodb/batch`), with its pace and its waits. Only the time
//! and the table are simulated. Everything follows from the seed, and no clock is read but for an origin.
//!
//! - `table`: partitions with a capacity each, in a table with a capacity
//! - `child`: invocations, one after the other, until the child's items are written
//! - `run`: all children, and what is measured
//!
//! The tests are the claims of `docs/scale.md`.

mod child;
mod run;
mod table;

use run::{Outcome, Scenario};

/// What `docs/scale.md` shows.
const SCENARIOS: [(&str, Scenario); 7] = [
    ("even keys", Scenario::DEFAULT),
    ("a budget of 9 units a second for each child", Scenario { budget: Some(9), ..Scenario::DEFAULT }),
    ("a small table", Scenario { units: 1_000, items: 100, ..Scenario::DEFAULT }),
    ("a large table", Scenario { units: 40_000, items: 4_000, ..Scenario::DEFAULT }),
    ("slow answers", Scenario { milliseconds: (50, 250), ..Scenario::DEFAULT }),
    ("a fifth of the keys in one partition", Scenario { hot: 0.2, items: 300, ..Scenario::DEFAULT }),
    ("one child", Scenario { children: 1, units: 1_000, items: 100_000, ..Scenario::DEFAULT }),
];

fn main() {
    println!(
        "| | children | units a second | items | capacity used | sends of an item | calls that wrote nothing | longest wait for progress | invocations of a child | seconds |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, scenario) in SCENARIOS {
        let Outcome { used, sent, refused, longest_wait, invocations, seconds } = scenario.run(1);
        println!(
            "| {name} | {} | {:.0} | {} | {:.1} % | {sent:.1} | {:.1} % | {:.1} s | {invocations} | {seconds:.0} |",
            scenario.children,
            scenario.usable(),
            scenario.children * scenario.items,
            100.0 * used,
            100.0 * refused,
            longest_wait.as_secs_f64(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a scenario with a few seeds.
    fn check(scenario: &Scenario) {
        for seed in 1..=3 {
            let outcome = scenario.run(seed);
            assert!(outcome.used >= 0.9, "{scenario:?}, seed {seed}: {outcome:?}");
            assert!(outcome.longest_wait < scenario.timeout(), "{scenario:?}, seed {seed}: {outcome:?}");
        }
    }

    #[test]
    fn a_thousand_children_use_a_tables_capacity_and_none_starves() {
        check(&Scenario::DEFAULT);
    }

    /// Children that do not wait long enough send an item again and again.
    #[test]
    fn the_waits_converge_and_do_not_storm() {
        let outcome = Scenario::DEFAULT.run(1);
        assert!(outcome.sent < 4.0, "{outcome:?}");
        let twice = Scenario { items: 2 * Scenario::DEFAULT.items, ..Scenario::DEFAULT }.run(1);
        assert!(twice.sent < 1.1 * outcome.sent, "it grows with the time: {outcome:?}, {twice:?}");
    }

    /// Together, the budgets leave a tenth of the table to others.
    #[test]
    fn budgets_are_kept_and_take_the_place_of_throttling() {
        let (free, budgets) = (Scenario::DEFAULT, Scenario { budget: Some(9), ..Scenario::DEFAULT });
        let (free, budgets) = (free.run(1), budgets.run(1));
        assert!(budgets.used < 0.9 && budgets.used > 0.75, "{budgets:?}");
        assert!(budgets.sent < free.sent / 1.5, "{budgets:?}, {free:?}");
    }

    #[test]
    fn a_small_table_is_used_as_well() {
        check(&Scenario { units: 1_000, items: 100, ..Scenario::DEFAULT });
    }

    #[test]
    fn slow_answers_change_nothing() {
        check(&Scenario { milliseconds: (50, 250), ..Scenario::DEFAULT });
    }

    #[test]
    fn a_hot_partition_is_used_to_its_limit() {
        check(&Scenario { hot: 0.2, items: 300, ..Scenario::DEFAULT });
    }

    #[test]
    fn the_same_seed_gives_the_same_figures() {
        let scenario = Scenario { children: 50, ..Scenario::DEFAULT };
        assert_eq!(scenario.run(7), scenario.run(7));
    }

    /// The measure can fail: children that only wait do not use the capacity.
    #[test]
    fn a_table_that_is_too_large_for_its_children_is_not_used() {
        let scenario =
            Scenario { children: 2, units: 40_000, items: 50_000, milliseconds: (100, 100), ..Scenario::DEFAULT };
        assert!(scenario.run(1).used < 0.9);
    }
}
