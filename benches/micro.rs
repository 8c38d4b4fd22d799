//! The small parts: `cargo bench -p benches --no-default-features --features micro`.
//!
//! Each is called as the actions call it. The tokenizer is measured together with the rewriting of an expression, because
//! the actions never call it alone.

#![allow(missing_docs, reason = "`criterion_group` makes a public function")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use shared::internals::{
    expression::{Kind, Placeholders},
    json::Json,
    path::Path,
    value::{from_plain, from_typed, number::Number},
};

const PLAIN: &str = r#"{"customerId":"C-1","name":"Ann Andersen","age":33,"balance":1203.55,"active":true,"address":{"street":"Storgata 1","city":"Bergen","zip":"0150"},"tags":["new","vip"],"notes":null}"#;
const TYPED: &str = r#"{"M":{"customerId":{"S":"C-1"},"name":{"S":"Ann Andersen"},"age":{"N":"33"},"balance":{"N":"1203.55"},"active":{"BOOL":true},"address":{"M":{"street":{"S":"Storgata 1"},"city":{"S":"Bergen"},"zip":{"S":"0150"}}},"tags":{"SS":["new","vip"]},"notes":{"NULL":true}}}"#;
const CONDITION: &str = "attribute_exists(customerId) AND (Name = :name OR begins_with(address.Zone, :zone)) AND size(items[3].Values) BETWEEN :low AND :high";

fn coercion(criterion: &mut Criterion) {
    let path = Path::Input("item");
    let (plain, typed) = (parse(PLAIN), parse(TYPED));
    criterion.bench_function("reading an item's JSON", |bencher| bencher.iter(|| Json::parse(black_box(PLAIN))));
    criterion.bench_function("coercion of a plain item of 8 attributes", |bencher| {
        bencher.iter_batched(|| plain.clone(), |json| from_plain(json, None, &path), BatchSize::SmallInput);
    });
    criterion.bench_function("coercion of a typed item of 8 attributes", |bencher| {
        bencher.iter_batched(|| typed.clone(), |json| from_typed(json, &path), BatchSize::SmallInput);
    });
}

fn expression(criterion: &mut Criterion) {
    let given = || [":name", ":zone", ":low", ":high"].map(|name| (name.to_owned(), ())).to_vec();
    criterion.bench_function("tokenizing and rewriting a condition of 33 tokens", |bencher| {
        bencher.iter_batched(
            given,
            |values| {
                let mut placeholders = Placeholders::new(Vec::new(), values)?;
                placeholders.rewrite("conditionExpression", Kind::Condition, black_box(CONDITION))
            },
            BatchSize::SmallInput,
        );
    });
}

fn number(criterion: &mut Criterion) {
    for (name, digits) in [
        ("checking a number of 2 digits", "33"),
        ("checking a number of 38 digits", "1234567890.1234567890123456789012345678"),
    ] {
        criterion.bench_function(name, |bencher| bencher.iter(|| Number::parse(black_box(digits))));
    }
}

fn parse(text: &str) -> Json {
    Json::parse(text).unwrap_or(Json::Null)
}

criterion_group!(benches, coercion, expression, number);
criterion_main!(benches);
