//! Runs every sample event, in the order of a table's life.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use local::Identity;
use serde_json::{Value, json};

use crate::{harness::Harness, manifest};

/// The events in `events/`.
pub(crate) fn names() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events");
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "json") && name != "env.json")
        .collect()
}

/// The text of an event.
pub(crate) fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(name)).unwrap()
}

/// The events in the order of the life of their tables.
const ORDER: &[&str] = &[
    "select-region.json",
    "create-table.json",
    "create-table.component.json",
    "describe-table.json",
    "update-table.json",
    "update-table.settings.json",
    "describe-table.include.json",
    "list-tables.json",
    "list-tables.all.json",
    "select-table.json",
    "test-connection.json",
    "create-item.json",
    "create-item.component.json",
    "create-item.typed.json",
    "get-item.json",
    "get-item.plain.json",
    "get-item.key.json",
    "update-item.json",
    "update-item.component.json",
    "query-items.json",
    "query-items.component.json",
    "query-items.index.json",
    "query-items.next-page.json",
    "scan-items.json",
    "scan-items.segments.json",
    "batch-write-items.json",
    "batch-get-items.json",
    "batch-get-items.requests.json",
    "batch-write-items.requests.json",
    "raw-request.json",
    "raw-request.component.json",
    "transact-write-items.json",
    "transact-write-items.component.json",
    "transact-get-items.json",
    "batch-statements.json",
    "batch-statements.transaction.json",
    "plain-records.json",
    "plain-records.pipe.json",
    "plain-records.step-functions.json",
    "delete-item.json",
    "delete-item.component.json",
    "delete-table.json",
];

#[tokio::test]
async fn every_sample_event_works() {
    run(text).await;
}

/// What a connector makes of the manifest alone does the same as the sample events.
#[tokio::test]
async fn every_sample_event_is_built_from_the_manifest() {
    run(|name| manifest::build(name, &text(name))).await;
}

async fn run(event: impl Fn(&str) -> String) {
    // `test-connection` calls STS.
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.user("local", "local", "arn:aws:iam::123456789012:user/local");
    let harness = Harness::guarded(&identity, |builder| builder).await;
    let listed: BTreeSet<String> = ORDER.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(listed, names(), "every event is run here, once");
    let mut answers = Vec::new();
    for name in ORDER.iter().copied() {
        let (function, _) = name.split_once('.').unwrap();
        answers.push((name, harness.ok(function, event(name)).await));
    }
    let answer = |name: &str| -> &Value { &answers.iter().find(|(known, _)| *known == name).unwrap().1 };
    assert_eq!(answer("test-connection.json")["data"]["ok"], true);
    let changed = json!(["billingMode", "streamSpecification", "createIndexes"]);
    assert_eq!(answer("update-table.json")["data"]["Changed"], changed);
    let changed = json!(["tags", "pointInTimeRecovery", "timeToLiveAttribute"]);
    assert_eq!(answer("update-table.settings.json")["data"]["Changed"], changed);
    let described = &answer("describe-table.include.json")["data"];
    assert_eq!(described["Tags"], json!([{"Key": "team", "Value": "sales"}]));
    assert_eq!(described["TimeToLiveDescription"]["AttributeName"], "expiresAt");
    let recovery = &described["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
    assert_eq!(recovery["PointInTimeRecoveryStatus"], "ENABLED");
    assert_eq!(answer("get-item.json")["data"]["result"]["Item"]["balance"], json!({"N": "12345678901234567890.12"}));
    assert_eq!(
        answer("get-item.plain.json")["data"]["result"]["Item"].to_string(),
        r#"{"lines":[{"count":2}],"status":"open","total":99.9}"#
    );
    assert_eq!(answer("update-item.json")["data"]["Attributes"]["address"]["city"], "Bergen");
    assert_eq!(answer("update-item.component.json")["data"]["Attributes"]["status"], json!({"S": "shipped"}));
    assert_eq!(answer("query-items.json")["data"]["Count"], 2);
    assert_eq!(answer("query-items.component.json")["data"]["Items"][0]["orderId"], 1002);
    assert_eq!(answer("query-items.index.json")["data"]["Count"], 1);
    assert_eq!(answer("query-items.next-page.json")["data"]["Items"][0]["orderId"], json!({"N": "1002"}));
    assert_eq!(answer("scan-items.json")["data"]["Count"], 2);
    assert_eq!(answer("scan-items.segments.json")["data"]["Count"], 2);
    assert_eq!(answer("batch-write-items.json")["data"]["Written"], 2);
    assert_eq!(answer("batch-get-items.json")["data"]["NotFound"], json!([{"customerId": "C-9", "orderId": 1}]));
    assert_eq!(answer("batch-get-items.requests.json")["data"]["Responses"][1]["Items"][0]["orderId"], 1002);
    assert_eq!(answer("batch-write-items.requests.json")["data"]["Deleted"], 2);
    assert_eq!(answer("raw-request.json")["data"]["Items"], json!([{"orderId": 1002, "status": "open"}]));
    let items = &answer("transact-get-items.json")["data"]["Items"];
    assert_eq!((&items[0]["name"], &items[0]["lastOrder"]), (&json!("Ann B."), &json!(1004)));
    assert_eq!((&items[1]["status"], &items[1]["total"], &items[2]), (&json!("paid"), &json!(14.75), &Value::Null));
    let responses = &answer("batch-statements.json")["data"]["Responses"];
    assert_eq!(responses[0]["Item"], json!({"orderId": 1001, "status": "shipped"}));
    assert_eq!(responses[2]["Error"]["Code"], "ConditionalCheckFailed");
    assert_eq!(responses[3]["Item"], json!({"total": 13.5}));
    for (name, numbers) in [
        ("plain-records.json", &["1003", "1003", "1001"][..]),
        ("plain-records.pipe.json", &["1003", "1003"]),
        ("plain-records.step-functions.json", &["1001"]),
    ] {
        let keys: Vec<String> =
            answer(name).as_array().unwrap().iter().map(|record| record["keys"]["orderId"].to_string()).collect();
        assert_eq!(keys, numbers, "{name}");
    }
    assert_eq!(answer("delete-item.json")["data"]["Attributes"]["orderId"], 1002);
}
