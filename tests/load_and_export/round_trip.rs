//! A table that is exported and loaded again is the same, to the last digit.

use std::{
    collections::BTreeMap,
    fs,
    sync::atomic::{AtomicU32, Ordering},
};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value, json};

use super::Bench;
use local::bulk::create;

/// Texts that a format could misread.
const ODD: [&str; 20] = [
    " ",
    "a,b",
    "\"",
    "\"\"",
    "\"a\",b",
    "\r",
    "\n",
    "\r\n",
    " a ",
    "\u{feff}",
    "\\",
    "\\n",
    "\0",
    "null",
    "1e5",
    "🦀é",
    "{\"S\":\"a\"}",
    "[1]",
    "name:N",
    "\u{2028}",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => prop::sample::select(ODD.to_vec()).prop_map(str::to_owned),
        1 => "[ -~]{1,12}",
        1 => prop::collection::vec(any::<char>(), 1..8).prop_map(String::from_iter),
    ]
}

/// Numbers in the spelling that DynamoDB returns.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        (1..10_u32, "[0-9]{0,36}[1-9]").prop_map(|(first, rest)| format!("-{first}.{rest}")),
        prop::sample::select(vec!["0", "12345678901234567890123456789012345678", "0.1"]).prop_map(str::to_owned),
    ]
}

fn bytes() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["AA==", "aGk=", "//79", "AAEC"]).prop_map(str::to_owned)
}

/// A flat value: what a cell of CSV holds.
fn flat() -> impl Strategy<Value = Value> {
    let set = |element: BoxedStrategy<String>| prop::collection::btree_set(element, 1..4);
    prop_oneof![
        3 => text().prop_map(|text| json!({"S": text})),
        3 => number().prop_map(|number| json!({"N": number})),
        1 => bytes().prop_map(|bytes| json!({"B": bytes})),
        1 => any::<bool>().prop_map(|value| json!({"BOOL": value})),
        1 => set(text().boxed()).prop_map(|texts| json!({"SS": texts})),
        1 => set(number().boxed()).prop_map(|numbers| json!({"NS": numbers})),
        1 => set(bytes().boxed()).prop_map(|binaries| json!({"BS": binaries})),
    ]
}

/// Any value.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![6 => flat(), 1 => Just(json!({"NULL": true})), 1 => Just(json!({"S": ""}))];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| json!({"L": list})),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(|map| json!({"M": map})),
        ]
    })
}

/// The items of a table with the key `id` (S) and `at` (N).
fn with_keys(items: Vec<BTreeMap<String, Value>>) -> Vec<Value> {
    let item = |(number, attributes): (usize, BTreeMap<String, Value>)| {
        let mut item: Map<String, Value> = attributes.into_iter().collect();
        item.insert("id".into(), json!({"S": format!("i{}", number % 3)}));
        item.insert("at".into(), json!({"N": number.to_string()}));
        Value::Object(item)
    };
    items.into_iter().enumerate().map(item).collect()
}

/// Puts sets into one order: DynamoDB's is not defined.
fn in_order(mut items: Vec<Value>) -> Vec<Value> {
    fn sort(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    if let (true, Value::Array(elements)) = (["SS", "NS", "BS"].contains(&name.as_str()), &mut *value) {
                        elements.sort_by_key(ToString::to_string);
                    }
                    sort(value);
                }
            }
            Value::Array(elements) => elements.iter_mut().for_each(sort),
            _ => {}
        }
    }
    items.iter_mut().for_each(sort);
    items.sort_by_key(ToString::to_string);
    items
}

/// Loads the items as typed JSON Lines into one table, exports it into a file with this ending, and loads that into
/// another table.
async fn round_trip(bench: &Bench, items: &[Value], ending: &str) -> Result<(), TestCaseError> {
    static TABLES: AtomicU32 = AtomicU32::new(0);
    let number = TABLES.fetch_add(1, Ordering::Relaxed);
    let (first, second) = (format!("First{number}"), format!("Second{number}"));
    for table in [&first, &second] {
        let _running = bench.running();
        create(&bench.lambda, table, &"id:S,at:N".parse().unwrap()).await.unwrap();
    }
    let lines: Vec<String> = items.iter().map(ToString::to_string).collect();
    let file = bench.file("items.jsonl", lines.join("\n"));
    let loaded = bench.load(&file, &first).await.unwrap();
    prop_assert_eq!(loaded.rejected, 0, "{:?}", loaded.rejected_file.map(|file| fs::read_to_string(file).unwrap()));
    prop_assert_eq!(loaded.written, items.len() as u64);
    let before = in_order(bench.items(&first).await);
    prop_assert_eq!(&before, &in_order(items.to_vec()), "the first load");
    let file = bench.path(&format!("export.{ending}"));
    prop_assert_eq!(bench.export(&first, &file).await.unwrap().items, items.len() as u64);
    let loaded = bench.load(&file, &second).await.unwrap();
    prop_assert_eq!(loaded.rejected, 0, "{:?}", loaded.rejected_file.map(|file| fs::read_to_string(file).unwrap()));
    prop_assert_eq!(in_order(bench.items(&second).await), before, "{}", fs::read_to_string(&file).unwrap());
    Ok(())
}

fn check(items: impl Strategy<Value = Vec<Value>>, ending: &'static str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bench = runtime.block_on(Bench::new());
    let config = Config { cases: 24, max_shrink_iters: 64, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&items, |items| runtime.block_on(round_trip(&bench, &items, ending)));
    if let Err(failure) = result {
        panic!("{failure}");
    }
    let _entered = runtime.enter();
    drop(bench);
}

#[test]
fn json_lines_hold_every_row_and_every_digit() {
    let item = prop::collection::btree_map(text(), value(), 0..6);
    check(prop::collection::vec(item, 1..12).prop_map(with_keys), "jsonl");
}

#[test]
fn csv_holds_every_flat_row_and_every_digit() {
    // A column has one type, so the attribute's name begins with it.
    let item = prop::collection::vec((text(), flat()), 0..6).prop_map(|attributes| {
        let named = |(name, value): (String, Value)| {
            let code = value.as_object().unwrap().keys().next().unwrap().clone();
            (format!("{code}{name}"), value)
        };
        attributes.into_iter().map(named).collect::<BTreeMap<_, _>>()
    });
    check(prop::collection::vec(item, 1..12).prop_map(with_keys), "csv");
}
