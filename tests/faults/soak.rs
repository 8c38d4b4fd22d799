//! A soak: many invocations, eight at once in one process, a random fault in every tenth. Nothing is lost, nothing counts twice, and
//! memory stays flat.
//!
//! The large one is a command: `cargo test --release -p functions --test functions -- --ignored --nocapture soak`. `SOAK_SEED` is its
//! seed, `SOAK_INVOCATIONS` the number of its invocations.

use std::time::{Duration, Instant};

use local::DynamoDb;
use serde_json::{Value, json};

use crate::harness::{
    Harness,
    sandbox::{Answer, Sandbox},
    wire::{Ending, Fault, Wire},
};

const AT_ONCE: usize = 8;
/// How many items the invocations write to.
const ITEMS: usize = 50;
/// How many invocations there are between two looks at the memory.
const ROUND: usize = 1_000;

/// A generator of numbers that are the same for the same seed: xorshift
/// (<https://www.jstatsoft.org/article/view/v008i14>).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

fn fault(random: &mut Random) -> Fault {
    use Ending::{Close, Cut, Error, Garbage, Reset, Slow, Terabyte, WrongChecksum, WrongLength};
    let faults = [
        (false, Reset),
        (true, Reset),
        (false, Close),
        (true, Close),
        (true, Cut),
        (true, WrongChecksum),
        (true, WrongLength(-1)),
        (true, WrongLength(1)),
        (true, Error(500, "InternalServerError")),
        (false, Error(503, "ServiceUnavailable")),
        (false, Error(400, "ThrottlingException")),
        (true, Slow(Duration::from_millis(50))),
        (true, Garbage),
        (true, Terabyte),
    ];
    let (applied, ending) = faults[random.below(faults.len())];
    Fault { applied, ending }
}

/// What is known of an item's counter.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// The writes that took effect, as they were answered.
    sure: usize,
    /// The writes with an unknown outcome.
    unknown: usize,
}

async fn soak(invocations: usize, seed: u64) {
    let engine = DynamoDb::memory().await.unwrap();
    let wire = Wire::start().await;
    wire.before(engine.url());
    let key = Harness::key();
    let environment = [("AWS_ACCESS_KEY_ID", key.as_str()), ("AWS_ENDPOINT_URL_DYNAMODB", wire.url())];
    let timeout = Duration::from_secs(30);
    let mut table = Sandbox::start("create-table", 1, &environment).await;
    table
        .invoke(
            json!({
                "tableName": "Tab",
                "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "billingMode": "PAY_PER_REQUEST",
            }),
            timeout,
        )
        .await
        .unwrap();
    let mut process = Sandbox::start("update-item", AT_ONCE, &environment).await;
    let mut random = Random(seed.max(1));
    let mut counts = [Count::default(); ITEMS];
    let (mut faults, mut errors, mut memory) = (0, 0, Vec::new());
    let started = Instant::now();
    for round in 0..invocations.div_ceil(ROUND) {
        let (mut events, mut items) = (Vec::new(), Vec::new());
        for number in round * ROUND..((round + 1) * ROUND).min(invocations) {
            let item = random.below(ITEMS);
            let mark = format!("m{number}x");
            if random.below(10) == 0 {
                faults += 1;
                wire.next(&mark, fault(&mut random));
            }
            // A third has a token, by which it counts once however often it is sent.
            let mut event = json!({
                "tableName": "Tab",
                "key": {"id": format!("item{item}")},
                "updateExpression": "ADD n :one SET mark = :mark",
                "expressionAttributeValues": {":one": 1, ":mark": mark},
            });
            if random.below(3) == 0 {
                event["requestToken"] = mark.into();
            }
            events.push(event);
            items.push(item);
        }
        for (item, answer) in items.into_iter().zip(process.run(events, AT_ONCE, timeout).await) {
            match answer {
                Ok(_) => counts[item].sure += 1,
                Err(error) => {
                    errors += 1;
                    match error.error_type.as_str() {
                        "OutcomeUnknown" if error.error_message.starts_with("the write took effect") => {
                            counts[item].sure += 1;
                        }
                        "OutcomeUnknown" => counts[item].unknown += 1,
                        // Nothing was written.
                        "TransactionCanceledException" | "TransactionConflictException" | "ThrottlingException" => {}
                        _ => panic!("{error:?}"),
                    }
                }
            }
        }
        memory.extend(process.memory());
    }
    let took = started.elapsed();
    let mut get = Sandbox::start("get-item", 1, &environment).await;
    let mut unknown = 0;
    for (item, Count { sure, unknown: of_item }) in counts.into_iter().enumerate() {
        let event = json!({"tableName": "Tab", "key": {"id": format!("item{item}")}, "outputFormat": "plain"});
        let found = number(get.invoke(event, timeout).await);
        assert!((sure..=sure + of_item).contains(&found), "item {item}: {found}, {sure} sure, {of_item} unknown");
        unknown += of_item;
    }
    let (first, last) = (memory.get(memory.len() / 5).copied(), memory.last().copied());
    eprintln!(
        "{invocations} invocations in {took:.1?}, {faults} faults, {errors} errors, {unknown} of unknown outcome; memory {} KB at \
         first, {} KB at last",
        first.unwrap_or_default(),
        last.unwrap_or_default()
    );
    if let (Some(first), Some(last)) = (first, last) {
        assert!(last < first + first / 5 + 4_096, "memory grows: {memory:?}");
    }
}

fn number(answer: Answer) -> usize {
    let answer: Value = answer.unwrap();
    answer["data"]["result"]["Item"]["n"].as_u64().unwrap_or_default().try_into().unwrap()
}

#[tokio::test]
async fn nothing_is_lost_and_nothing_counts_twice() {
    soak(1_500, 42).await;
}

#[tokio::test]
#[ignore = "takes minutes; a command of its own"]
async fn soak_of_a_hundred_thousand() {
    let number = |name, otherwise| {
        std::env::var(name)
            .ok()
            .map_or(otherwise, |text: String| text.parse().unwrap_or_else(|_| panic!("{name}: {text}")))
    };
    soak(usize::try_from(number("SOAK_INVOCATIONS", 100_000)).unwrap(), number("SOAK_SEED", 42)).await;
}
