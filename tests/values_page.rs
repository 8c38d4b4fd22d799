//! The examples in the documentation of values. Each is written, stored and read back as the page says.

use serde_json::{Value, json};

use crate::harness::Harness;

/// The title and the JSON of each example.
fn examples() -> Vec<(&'static str, Value)> {
    let page = include_str!("../shared/src/value/examples.md");
    let sections = page.split("\n## ").skip(1).map(|section| {
        let (title, rest) = section.split_once('\n').unwrap();
        let example = rest.split("```").nth(1).unwrap().strip_prefix("json").unwrap();
        (title, serde_json::from_str(example).unwrap_or_else(|error| panic!("{title}: {error}")))
    });
    sections.collect()
}

/// The plain item with sorted sets, because DynamoDB keeps no order.
fn in_order(mut plain: Value, stored: &Value) -> Value {
    for (name, value) in plain.as_object_mut().unwrap() {
        if ["SS", "NS", "BS"].iter().any(|set| stored[name].get(set).is_some()) {
            value.as_array_mut().unwrap().sort_by_key(ToString::to_string);
        }
    }
    plain
}

#[tokio::test]
async fn every_example_of_the_page_is_true() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let examples = examples();
    assert!(examples.len() >= 10, "{} examples", examples.len());
    for (title, mut example) in examples {
        let mut event = example["in"].take();
        event["tableName"] = "Tab".into();
        event["item"]["id"] = title.into();
        harness.proxy().take_seen();
        harness.ok("create-item", event).await;
        example["stored"]["id"] = json!({"S": title});
        assert_eq!(harness.proxy().take_body("PutItem")["Item"], example["stored"], "{title}");

        let event = json!({"tableName": "Tab", "hashKeyValue": title, "outputFormat": "plain", "consistentRead": true});
        let item = harness.ok("get-item", event).await["data"]["result"]["Item"].take();
        example["out"]["id"] = title.into();
        assert_eq!(in_order(item, &example["stored"]), example["out"], "{title}");
    }
}
