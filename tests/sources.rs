use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn select_region_lists_every_partition_and_makes_no_calls() {
    let harness = Harness::new().await;
    // Form inputs are ignored, even an incomplete connection.
    let event = json!({"connection": {"accessKeyId": "half"}, "awsRegion": "?"});
    let answer = harness.ok("select-region", event).await;
    let choices = answer["result"].as_array().unwrap();
    assert!(choices.len() > 40);
    assert!(choices.contains(&json!({"label": "US East (N. Virginia) — us-east-1", "key": "us-east-1"})));
    for key in ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "eusc-de-east-1"] {
        assert!(choices.iter().any(|choice| choice["key"] == key), "{key}");
    }
    assert!(harness.proxy().take_seen().is_empty());
    harness
        .refuses(
            "select-region",
            json!({"awsRegon": ""}),
            "InvalidInput",
            &["`awsRegon`: unknown input; the nearest is `awsRegion`"],
        )
        .await;
}

#[tokio::test]
async fn select_table_lists_tables_by_their_name() {
    let harness = Harness::new().await;
    assert_eq!(harness.ok("select-table", "{}").await, json!({"result": []}));
    harness.table("Orders", false).await;
    assert_eq!(harness.ok("select-table", "{}").await, json!({"result": [{"label": "Orders", "key": "Orders"}]}));
}
