//! A batch against a simulated table, with a simulated time: DynamoDB refuses elements, throttles calls, does not answer,
//! or answers late.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use proptest::prelude::*;

use super::*;
use crate::error::{CallSite, Refusal};

/// What a call meets.
#[derive(Debug, Clone, Copy)]
enum Fate {
    /// DynamoDB takes all but each element whose turn it is.
    Takes {
        all_but_each: usize,
    },
    Throttled,
    /// It takes effect, and its answer is lost.
    Lost,
    /// It fails before it has an effect.
    Fails,
    Refused,
}

struct Table {
    clock: SimulatedClock,
    per_call: usize,
    fates: Vec<(Fate, u64)>,
    calls: RefCell<usize>,
    written: Rc<RefCell<BTreeSet<usize>>>,
    reported: BTreeSet<usize>,
}

fn refusal(code: &str) -> Error {
    Error::Service(Box::new(Refusal {
        code: code.to_owned(),
        message: String::new(),
        call: CallSite { service: "DynamoDB", operation: "BatchWriteItem", table: None, region: String::new() },
        request_id: None,
        body: Vec::new(),
        item: None,
    }))
}

impl Batch for Table {
    fn next_call(&mut self, queue: &mut VecDeque<usize>) -> Vec<usize> {
        queue.drain(..self.per_call.min(queue.len())).collect()
    }

    fn send(&mut self, elements: &[usize]) -> impl Future<Output = Result<Reply, Error>> + Send + 'static {
        let number = self.calls.replace_with(|calls| *calls + 1);
        let (fate, milliseconds) = self.fates[number % self.fates.len()];
        let refused = match fate {
            Fate::Takes { all_but_each } => {
                elements.iter().copied().filter(|element| (element + number).is_multiple_of(all_but_each)).collect()
            }
            Fate::Lost => Vec::new(),
            Fate::Throttled | Fate::Fails | Fate::Refused => elements.to_vec(),
        };
        self.written.borrow_mut().extend(elements.iter().filter(|element| !refused.contains(element)));
        let answer = match fate {
            Fate::Takes { .. } => Ok(Reply { body: serde_json::to_vec(&refused).unwrap(), ..Reply::default() }),
            Fate::Throttled => Err(refusal("ThrottlingException")),
            Fate::Lost => Err(Error::OutcomeUnknown(String::new())),
            Fate::Fails => Err(Error::ConnectionFailed(String::new())),
            Fate::Refused => Err(refusal("ValidationException")),
        };
        let until = self.clock.now() + Duration::from_millis(milliseconds);
        let sleep = self.clock.sleep_until(until);
        async move {
            sleep.await;
            answer
        }
    }

    fn read(&mut self, elements: &[usize], reply: Reply) -> Result<Left, Error> {
        let refused: Vec<usize> = serde_json::from_slice(&reply.body).unwrap();
        self.reported.extend(elements.iter().filter(|element| !refused.contains(element)));
        let units = f64::from(u32::try_from(elements.len()).unwrap());
        Ok(Left { refused, units, ..Left::default() })
    }

    fn most_at_once(&self) -> usize {
        usize::MAX
    }
}

fn fate() -> impl Strategy<Value = (Fate, u64)> {
    let fate = prop_oneof![
        8 => Just(Fate::Takes { all_but_each: usize::MAX }),
        4 => (1..6_usize).prop_map(|all_but_each| Fate::Takes { all_but_each }),
        2 => Just(Fate::Throttled),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Fails),
        1 => Just(Fate::Refused),
    ];
    (fate, prop_oneof![8 => 1..50_u64, 1 => 50..20_000_u64])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What is reported as written is written. All else is handed back. Handed back until nothing is left, all of it is
    /// written.
    #[test]
    fn nothing_is_lost_and_nothing_is_reported_that_is_not_done(
        count in 0..300_usize,
        per_call in 1..30_usize,
        deadline in prop_oneof![Just(None), (1..30_000_u64).prop_map(Some)],
        fates in prop::collection::vec(fate(), 1..20),
        seed in any::<u64>(),
    ) {
        let clock = SimulatedClock::default();
        // Without a deadline, a table that never takes anything is asked for ever.
        let progresses = |(fate, milliseconds): &(Fate, u64)| {
            matches!(fate, Fate::Takes { all_but_each } if *all_but_each > 1) && *milliseconds < 50
        };
        let mut fates = fates;
        if deadline.is_none() || !fates.iter().any(progresses) {
            fates.push((Fate::Takes { all_but_each: usize::MAX }, 1));
        }
        let written = Rc::new(RefCell::new(BTreeSet::new()));
        let mut left: Vec<usize> = (0..count).collect();
        let mut rounds = 0;
        while !left.is_empty() || rounds == 0 {
            let mut table = Table {
                clock: clock.clone(), per_call, fates: fates.clone(), calls: RefCell::new(rounds),
                written: Rc::clone(&written), reported: BTreeSet::new(),
            };
            let deadline = deadline.map(|milliseconds| clock.now() + Duration::from_millis(milliseconds));
            let schedule = Schedule::before(deadline, clock.now());
            let given: BTreeSet<usize> = left.iter().copied().collect();
            let ended = clock.run(run(&mut table, left, schedule, None, fastrand::Rng::with_seed(seed), &clock));
            prop_assert!(deadline.is_none_or(|deadline| clock.now() < deadline), "too late");
            let handed_back: BTreeSet<usize> = ended.left.iter().copied().collect();
            prop_assert_eq!(handed_back.len(), ended.left.len(), "an element is handed back twice");
            prop_assert!(table.reported.is_subset(&written.borrow()), "reported, and not written");
            prop_assert!(table.reported.is_disjoint(&handed_back), "reported and handed back");
            let all: BTreeSet<usize> = table.reported.union(&handed_back).copied().collect();
            prop_assert_eq!(all, given, "lost");
            left = ended.left;
            rounds += 1;
            if rounds > 400 {
                // A deadline that leaves no time for a call makes no progress.
                prop_assert!(deadline.is_some());
                return Ok(());
            }
        }
        prop_assert_eq!(written.borrow().len(), count);
    }
}

#[test]
fn ends_before_the_deadline_whatever_does_not_answer() {
    let clock = SimulatedClock::default();
    let start = clock.now();
    let mut table = Table {
        clock: clock.clone(),
        per_call: 25,
        fates: vec![(Fate::Lost, 3_600_000)],
        calls: RefCell::default(),
        written: Rc::default(),
        reported: BTreeSet::new(),
    };
    let schedule = Schedule::before(Some(start + Duration::from_secs(10)), start);
    let ended = clock.run(run(&mut table, 0..100, schedule, None, fastrand::Rng::with_seed(1), &clock));
    assert_eq!((ended.left.len(), ended.uncertain.len()), (100, 100));
    assert!(clock.now() < start + Duration::from_secs(10));
}

#[test]
fn a_budget_is_kept_and_nearly_used() {
    let clock = SimulatedClock::default();
    let start = clock.now();
    let mut table = Table {
        clock: clock.clone(),
        per_call: 25,
        fates: vec![(Fate::Takes { all_but_each: usize::MAX }, 5)],
        calls: RefCell::default(),
        written: Rc::default(),
        reported: BTreeSet::new(),
    };
    let budget = Some(Budget::new(500, start));
    let schedule = Schedule::before(None, start);
    let ended = clock.run(run(&mut table, 0..10_000, schedule, budget, fastrand::Rng::with_seed(1), &clock));
    assert_eq!(ended.left.len(), 0);
    // 10,000 units at 500 a second take 20 seconds, less the last call.
    let took = (clock.now() - start).as_secs_f64();
    assert!((19.9..20.5).contains(&took), "{took}");
}
