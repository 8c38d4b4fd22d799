use serde_json::json;

use crate::harness::{Harness, proxy::Canned};

#[tokio::test]
async fn describes_a_table() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    let answer = harness.ok("describe-table", json!({"tableName": "Tab"})).await;
    let table = &answer["data"]["Table"];
    assert_eq!(table["TableName"], "Tab");
    assert_eq!(table["TableStatus"], "ACTIVE");
    assert_eq!(table["GlobalSecondaryIndexes"][0]["IndexName"], "byColor");
    assert!(table["CreationDateTime"].is_string());
}

#[tokio::test]
async fn passes_on_unknown_members_in_their_order() {
    let harness = Harness::new().await;
    let body = r#"{"Table":{"Zeta":[1.0,{"a":1E+3}],"Alpha":null,"CreationDateTime":1.7E9,"ArchivalSummary":{"ArchivalDateTime":1}},"New":true}"#;
    harness.proxy().next("DescribeTable", Canned::Answer(200, body.into()));
    let invocation = harness.invoke("describe-table", r#"{"tableName": "Tab"}"#).await;
    let text = String::from_utf8(invocation.payload.to_vec()).unwrap();
    assert_eq!(
        text,
        r#"{"data":{"$metadata":{"httpStatusCode":200,"requestId":"CANNED","attempts":1,"totalRetryDelay":0},"Table":{"Zeta":[1.0,{"a":1e+3}],"Alpha":null,"CreationDateTime":"2023-11-14T22:13:20.000Z","ArchivalSummary":{"ArchivalDateTime":"1970-01-01T00:00:01.000Z"}},"New":true}}"#
    );
}

#[tokio::test]
async fn an_unknown_table_is_the_services_error() {
    let harness = Harness::new().await;
    let parts = ["DynamoDB DescribeTable", "table `nowhere`", "region us-east-1", "request id "];
    harness.refuses("describe-table", json!({"tableName": "nowhere"}), "ResourceNotFoundException", &parts).await;
}

#[tokio::test]
async fn requires_the_tables_name() {
    let harness = Harness::new().await;
    harness.refuses("describe-table", "{}", "InvalidInput", &["`tableName`: required input is missing"]).await;
    harness
        .refuses("describe-table", json!({"tableName": 5}), "InvalidInput", &["`tableName`: `5` is not a string"])
        .await;
}

#[tokio::test]
async fn includes_other_descriptions_with_all_pages_of_tags() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let backups = r#"{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED","EarliestRestorableDateTime":1.7E9}}}"#;
    harness.proxy().next("DescribeContinuousBackups", Canned::Answer(200, backups.into()));
    for page in [r#"{"Tags":[{"Key":"a","Value":"1"}],"NextToken":"t"}"#, r#"{"Tags":[{"Key":"b","Value":"2"}]}"#] {
        harness.proxy().next("ListTagsOfResource", Canned::Answer(200, page.into()));
    }
    let event = json!({"tableName": "Tab", "include": "[\"tags\", \"PointInTimeRecovery\", \"timeToLive\"]"});
    let answer = harness.ok("describe-table", event).await;
    let data = &answer["data"];
    assert_eq!(data["Table"]["TableName"], "Tab");
    assert_eq!(data["TimeToLiveDescription"], json!({"TimeToLiveStatus": "DISABLED"}));
    let recovery = &data["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
    assert_eq!(recovery["EarliestRestorableDateTime"], "2023-11-14T22:13:20.000Z");
    assert_eq!(data["Tags"], json!([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]));
    assert_eq!(data["$metadata"]["attempts"], 5);
    let seen = harness.proxy().take_seen();
    let last: serde_json::Value = serde_json::from_str(&seen.last().unwrap().text()).unwrap();
    assert_eq!(last["NextToken"], "t");
    assert_eq!(last["ResourceArn"], data["Table"]["TableArn"]);
}

#[tokio::test]
async fn includes_only_what_it_knows_and_only_what_is_asked_for() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let answer = harness.ok("describe-table", json!({"tableName": "Tab", "include": "timeToLive"})).await;
    assert!(answer["data"].get("Tags").is_none(), "{answer}");
    harness.ok("describe-table", json!({"tableName": "Tab", "include": []})).await;
    assert_eq!(harness.proxy().take_operations(), ["DescribeTable", "DescribeTimeToLive", "DescribeTable"]);
    let parts = ["`include[1]`: `\"ttl\"` is not one of timeToLive pointInTimeRecovery tags"];
    harness
        .refuses("describe-table", json!({"tableName": "Tab", "include": ["tags", "ttl"]}), "InvalidInput", &parts)
        .await;
    harness.proxy().next("DescribeTimeToLive", Canned::error(400, "AccessDeniedException"));
    let event = json!({"tableName": "Tab", "include": "timeToLive"});
    harness.refuses("describe-table", event, "AccessDeniedException", &["DescribeTimeToLive, table `Tab`"]).await;
}
