//! A child of the state machine: it invokes `batch-write-items` with its items, and again with what comes back.

use std::{
    cell::RefCell,
    collections::VecDeque,
    rc::Rc,
    time::{Duration, Instant},
};

use shared::internals::{
    dynamodb::{
        Reply,
        batch::{Batch, Budget, Clock as _, Left, Schedule, SimulatedClock, run},
    },
    error::{CallSite, Error, Refusal},
};

use crate::table::Table;

/// The items of a call.
const PER_CALL: usize = 25;

/// A child with its items.
pub(crate) struct Child {
    clock: SimulatedClock,
    table: Rc<RefCell<Table>>,
    /// The partition of each item.
    partitions: Vec<usize>,
    /// The time of an answer, in milliseconds.
    milliseconds: (u64, u64),
    random: RefCell<fastrand::Rng>,
    /// The time of the last item that was written.
    progress: Instant,
    longest_wait: Duration,
}

/// How a child ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The longest time between two calls that wrote something.
    pub(crate) longest_wait: Duration,
    pub(crate) invocations: u32,
}

impl Child {
    pub(crate) fn new(
        clock: &SimulatedClock,
        table: &Rc<RefCell<Table>>,
        partitions: Vec<usize>,
        milliseconds: (u64, u64),
        random: fastrand::Rng,
    ) -> Self {
        Self {
            clock: clock.clone(),
            table: Rc::clone(table),
            partitions,
            milliseconds,
            random: RefCell::new(random),
            progress: clock.now(),
            longest_wait: Duration::ZERO,
        }
    }

    /// Writes all items, in invocations of this length. `budget`: `maxCapacityPerSecond`.
    pub(crate) async fn run(mut self, timeout: Duration, budget: Option<u32>) -> Ended {
        let mut left: Vec<usize> = (0..self.partitions.len()).collect();
        let mut invocations = 0;
        let clock = self.clock.clone();
        self.progress = clock.now();
        while !left.is_empty() {
            invocations += 1;
            let schedule = Schedule::before(Some(clock.now() + timeout), clock.now());
            let random = self.random.borrow_mut().fork();
            let budget = budget.map(|per_second| Budget::new(per_second, clock.now()));
            let ended = run(&mut self, left, schedule, budget, random, &clock).await;
            assert!(ended.error.is_none() && ended.uncertain.is_empty(), "{ended:?}");
            left = ended.left;
        }
        Ended { longest_wait: self.longest_wait, invocations }
    }
}

impl Batch for Child {
    fn next_call(&mut self, queue: &mut VecDeque<usize>) -> Vec<usize> {
        queue.drain(..PER_CALL.min(queue.len())).collect()
    }

    fn send(&mut self, elements: &[usize]) -> impl Future<Output = Result<Reply, Error>> + Send + 'static {
        let partitions: Vec<usize> = elements.iter().map(|element| self.partitions[*element]).collect();
        let now = self.clock.now();
        let written = self.table.borrow_mut().write(&partitions, now);
        // DynamoDB refuses a call only if it can write none of its items.
        let answer = if written.contains(&true) {
            Ok(Reply { body: written.into_iter().map(u8::from).collect(), ..Reply::default() })
        } else {
            Err(throttled())
        };
        let (least, most) = self.milliseconds;
        let wait = self.random.borrow_mut().u64(least * 1_000..=most * 1_000);
        let answered = self.clock.sleep_until(now + Duration::from_micros(wait));
        async move {
            answered.await;
            answer
        }
    }

    fn read(&mut self, elements: &[usize], reply: Reply) -> Result<Left, Error> {
        let now = self.clock.now();
        self.longest_wait = self.longest_wait.max(now - self.progress);
        self.progress = now;
        let units = reply.body.iter().map(|written| f64::from(*written)).sum();
        let refused = elements.iter().zip(reply.body).filter(|(_, written)| *written == 0);
        Ok(Left { refused: refused.map(|(element, _)| *element).collect(), deferred: Vec::new(), units })
    }

    fn most_at_once(&self) -> usize {
        usize::MAX
    }
}

fn throttled() -> Error {
    Error::Service(Box::new(Refusal {
        code: "ProvisionedThroughputExceededException".to_owned(),
        message: String::new(),
        call: CallSite { service: "DynamoDB", operation: "BatchWriteItem", table: None, region: String::new() },
        request_id: None,
        body: Vec::new(),
        item: None,
    }))
}
