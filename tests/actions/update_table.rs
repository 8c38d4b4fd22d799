use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{
    Harness,
    proxy::{Canned, Seen},
};

/// The requests that changed something: operation and body.
fn changes(harness: &Harness) -> Vec<(String, Value)> {
    let is_change = |seen: &Seen| !seen.operation.starts_with("Describe") && seen.operation != "ListTagsOfResource";
    let seen = harness.proxy().take_seen().into_iter().filter(is_change);
    seen.map(|seen| (seen.operation.clone(), serde_json::from_str(&seen.text()).unwrap())).collect()
}

/// The bodies of the `UpdateTable` requests, without the table's name.
fn updates(harness: &Harness) -> Vec<Value> {
    let body = |(operation, mut body): (String, Value)| {
        assert_eq!(operation, "UpdateTable");
        body.as_object_mut().unwrap().remove("TableName");
        body
    };
    changes(harness).into_iter().map(body).collect()
}

fn by(attribute: &str) -> Value {
    json!({
        "IndexName": format!("by-{attribute}"),
        "KeySchema": [{"AttributeName": attribute, "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    })
}

/// A description that the proxy answers with.
fn described(table: &Value) -> Canned {
    let mut whole = json!({"TableName": "Tab", "TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/Tab"});
    whole.as_object_mut().unwrap().extend(table.as_object().unwrap().clone());
    Canned::Answer(200, json!({"Table": whole}).to_string())
}

fn updated(status: &str) -> Canned {
    let table = json!({"TableName": "Tab", "TableStatus": status});
    Canned::Answer(200, json!({"TableDescription": table}).to_string())
}

#[tokio::test]
async fn makes_one_change_after_the_other_and_none_the_second_time() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "color": "red", "size": 5})).await;
    harness.proxy().take_seen();
    let event = json!({
        "tableName": "Tab",
        "billingMode": "PROVISIONED",
        "readCapacityUnits": 3,
        "writeCapacityUnits": "4",
        "attributeDefinitions": [
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "color", "AttributeType": "S"},
            {"AttributeName": "size", "AttributeType": "N"},
        ],
        "createIndexes": [by("color"), by("size")],
        "streamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
        "waitUntilActive": true,
    });
    let answer = harness.ok("update-table", &event).await;
    assert_eq!(
        answer["data"]["Changed"],
        json!(["billingMode", "readCapacityUnits", "writeCapacityUnits", "streamSpecification", "createIndexes"])
    );
    let table = &answer["data"]["TableDescription"];
    assert_eq!(table["TableStatus"], "ACTIVE");
    let statuses = table["GlobalSecondaryIndexes"].as_array().unwrap().iter().map(|index| &index["IndexStatus"]);
    assert_eq!(statuses.collect::<Vec<_>>(), ["ACTIVE", "ACTIVE"]);
    assert!(table["CreationDateTime"].as_str().unwrap().ends_with('Z'));
    let units = json!({"ReadCapacityUnits": 3, "WriteCapacityUnits": 4});
    let create = |attribute: &str, r#type: &str| {
        let mut index = by(attribute);
        index["ProvisionedThroughput"] = units.clone();
        json!({
            "AttributeDefinitions": [{"AttributeName": attribute, "AttributeType": r#type}],
            "GlobalSecondaryIndexUpdates": [{"Create": index}],
        })
    };
    assert_eq!(
        updates(&harness),
        [
            json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}),
            json!({"StreamSpecification": event["streamSpecification"]}),
            create("color", "S"),
            create("size", "N"),
        ]
    );

    let again = harness.ok("update-table", &event).await;
    assert_eq!(again["data"]["Changed"], json!([]));
    assert_eq!(again["data"]["TableDescription"]["TableName"], "Tab");
    assert_eq!(harness.proxy().take_operations(), ["DescribeTable"]);

    let query = json!({
        "tableName": "Tab", "indexName": "by-color", "keyConditionExpression": "color = :c",
        "expressionAttributeValues": {":c": "red"},
    });
    assert_eq!(harness.ok("query-items", query).await["data"]["Count"], 1);
}

#[tokio::test]
async fn changes_settings_with_operations_of_their_own_and_back() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let on = json!({
        "tableName": "Tab", "timeToLiveAttribute": "expiresAt", "pointInTimeRecovery": "yes",
        "recoveryPeriodInDays": 7, "tags": {"team": "sales", "owner": ""}, "removeTags": "nothing",
    });
    let answer = harness.ok("update-table", &on).await;
    let changed = json!(["tags", "pointInTimeRecovery", "recoveryPeriodInDays", "timeToLiveAttribute"]);
    assert_eq!(answer["data"]["Changed"], changed);
    assert_eq!(answer["data"]["$metadata"]["attempts"], 4);
    let sent = changes(&harness);
    let operations: Vec<&str> = sent.iter().map(|(operation, _)| operation.as_str()).collect();
    assert_eq!(operations, ["TagResource", "UpdateContinuousBackups", "UpdateTimeToLive"]);
    assert_eq!(sent[0].1["Tags"], json!([{"Key": "owner", "Value": ""}, {"Key": "team", "Value": "sales"}]));
    assert!(sent[0].1["ResourceArn"].as_str().unwrap().ends_with(":table/Tab"), "{sent:?}");
    let recovery = json!({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 7});
    assert_eq!(sent[1].1["PointInTimeRecoverySpecification"], recovery);
    assert_eq!(sent[2].1["TimeToLiveSpecification"], json!({"AttributeName": "expiresAt", "Enabled": true}));

    assert_eq!(harness.ok("update-table", &on).await["data"]["Changed"], json!([]));
    assert_eq!(changes(&harness), []);

    let off = json!({
        "tableName": "Tab", "timeToLiveAttribute": false, "pointInTimeRecovery": false,
        "tags": [{"Key": "team", "Value": "it"}], "removeTags": ["owner", "owner"],
    });
    let answer = harness.ok("update-table", &off).await;
    assert_eq!(answer["data"]["Changed"], json!(["removeTags", "tags", "pointInTimeRecovery", "timeToLiveAttribute"]));
    let sent = changes(&harness);
    assert_eq!(sent[0].1["TagKeys"], json!(["owner"]));
    assert_eq!(sent[2].1["PointInTimeRecoverySpecification"], json!({"PointInTimeRecoveryEnabled": false}));
    assert_eq!(sent[3].1["TimeToLiveSpecification"], json!({"AttributeName": "expiresAt", "Enabled": false}));
    assert_eq!(harness.ok("update-table", &off).await["data"]["Changed"], json!([]));

    let include = json!({"tableName": "Tab", "include": ["timeToLive", "pointInTimeRecovery", "tags"]});
    let described = &harness.ok("describe-table", include).await["data"];
    assert_eq!(described["Tags"], json!([{"Key": "team", "Value": "it"}]));
    assert_eq!(described["TimeToLiveDescription"]["TimeToLiveStatus"], "DISABLED");
}

#[tokio::test]
async fn asks_only_for_what_the_inputs_need() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    for (input, operations) in [
        (json!({}), &["DescribeTable"][..]),
        (json!({"billingMode": "PAY_PER_REQUEST", "tags": {}, "removeTags": []}), &["DescribeTable"]),
        (json!({"timeToLiveAttribute": false}), &["DescribeTable", "DescribeTimeToLive"]),
        (json!({"pointInTimeRecovery": false}), &["DescribeTable", "DescribeContinuousBackups"]),
        (json!({"removeTags": ["a"]}), &["DescribeTable", "ListTagsOfResource"]),
    ] {
        harness.proxy().take_seen();
        let mut event = json!({"tableName": "Tab"});
        event.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
        assert_eq!(harness.ok("update-table", &event).await["data"]["Changed"], json!([]), "{event}");
        assert_eq!(harness.proxy().take_operations(), operations, "{event}");
    }
}

#[tokio::test]
async fn deletes_replaces_and_keeps_indexes() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    let create = json!({
        "tableName": "Tab", "createIndexes": [by("size")], "waitUntilActive": true,
        "attributeDefinitions": [{"AttributeName": "size", "AttributeType": "N"}],
    });
    harness.ok("update-table", create).await;
    harness.proxy().take_seen();
    let mut by_color = by("color");
    by_color["IndexName"] = "byColor".into();
    by_color["Projection"] = json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["y", "x"]});
    let event = json!({
        "tableName": "Tab", "deleteIndexes": ["by-size", "never"], "createIndexes": [by_color], "waitUntilActive": true,
    });
    let problem =
        "`createIndexes[0]`: the table has an index of this name with another key or projection; to replace it";
    harness.refuses("update-table", &event, "InvalidInput", &[problem]).await;
    assert_eq!(changes(&harness), []);

    let mut event = event;
    event["deleteIndexes"] = json!(["by-size", "never", "byColor"]);
    let answer = harness.ok("update-table", &event).await;
    assert_eq!(answer["data"]["Changed"], json!(["deleteIndexes", "createIndexes"]));
    let indexes = answer["data"]["TableDescription"]["GlobalSecondaryIndexes"].as_array().unwrap();
    assert_eq!(indexes.len(), 1);
    assert_eq!(indexes[0]["Projection"]["ProjectionType"], "INCLUDE");
    assert_eq!(
        updates(&harness),
        [
            json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-size"}}]}),
            json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "byColor"}}]}),
            json!({
                "AttributeDefinitions": [{"AttributeName": "color", "AttributeType": "S"}],
                "GlobalSecondaryIndexUpdates": [{"Create": by_color}],
            }),
        ]
    );
    let answer = harness.ok("update-table", &event).await;
    assert_eq!(answer["data"]["Changed"], json!([]), "the replaced index stays");
    assert_eq!(changes(&harness), []);

    // What `describeTable` returns goes back in.
    let description = harness.ok("describe-table", json!({"tableName": "Tab"})).await["data"]["Table"].clone();
    let back = json!({
        "tableName": "Tab",
        "billingMode": description["BillingModeSummary"]["BillingMode"],
        "readCapacityUnits": description["ProvisionedThroughput"]["ReadCapacityUnits"],
        "attributeDefinitions": description["AttributeDefinitions"],
        "createIndexes": description["GlobalSecondaryIndexes"],
    });
    assert_eq!(harness.ok("update-table", back).await["data"]["Changed"], json!([]));
}

#[tokio::test]
async fn a_table_that_becomes_provisioned_gives_each_index_a_throughput() {
    let harness = Harness::new().await;
    let index = |name: &str| json!({"IndexName": name, "IndexStatus": "ACTIVE"});
    let is = described(&json!({
        "TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "GlobalSecondaryIndexes": [index("one"), index("two")],
    }));
    harness.proxy().next("DescribeTable", is);
    harness.proxy().next("UpdateTable", updated("UPDATING"));
    let event = json!({
        "tableName": "Tab", "billingMode": "PROVISIONED", "readCapacityUnits": 9, "writeCapacityUnits": 8,
        "updateIndexes": [
            {"IndexName": "two", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}},
        ],
    });
    let answer = harness.ok("update-table", event).await;
    let changed = json!(["billingMode", "readCapacityUnits", "writeCapacityUnits", "updateIndexes"]);
    assert_eq!(answer["data"]["Changed"], changed);
    assert_eq!(answer["data"]["TableDescription"]["TableStatus"], "UPDATING", "it does not wait");
    let update = |name: &str, read: u8, write: u8| {
        let units = json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write});
        json!({"Update": {"IndexName": name, "ProvisionedThroughput": units}})
    };
    assert_eq!(
        updates(&harness),
        [json!({
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 9, "WriteCapacityUnits": 8},
            "GlobalSecondaryIndexUpdates": [update("one", 9, 8), update("two", 1, 2)],
        })]
    );
}

#[tokio::test]
async fn sends_every_setting_that_no_local_engine_keeps() {
    let harness = Harness::new().await;
    let index = json!({
        "IndexName": "one", "IndexStatus": "ACTIVE", "WarmThroughput": {"ReadUnitsPerSecond": 12_000},
        "OnDemandThroughput": {"MaxReadRequestUnits": 7, "MaxWriteRequestUnits": 7},
    });
    harness.proxy().next(
        "DescribeTable",
        described(&json!({
            "TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
            "WarmThroughput": {"ReadUnitsPerSecond": 20_000, "WriteUnitsPerSecond": 4_000, "Status": "ACTIVE"},
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
            "TableClassSummary": {"TableClass": "STANDARD_INFREQUENT_ACCESS"},
            "GlobalSecondaryIndexes": [index],
        })),
    );
    for _ in 0..9 {
        harness.proxy().next("UpdateTable", updated("ACTIVE"));
    }
    let key = "arn:aws:kms:us-east-1:123456789012:key/k1";
    let event = json!({
        "tableName": "Tab",
        "onDemandThroughput": {"MaxReadRequestUnits": 50, "MaxWriteRequestUnits": -1},
        "warmThroughput": {"ReadUnitsPerSecond": 15_000, "WriteUnitsPerSecond": 5_000},
        "updateIndexes": [{
            "IndexName": "one",
            "OnDemandThroughput": {"MaxWriteRequestUnits": -1},
            "WarmThroughput": {"ReadUnitsPerSecond": 13_000},
        }],
        "streamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        "sseSpecification": {"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": key},
        "tableClass": "standard",
        "deletionProtectionEnabled": true,
    });
    let answer = harness.ok("update-table", event).await;
    assert_eq!(
        answer["data"]["Changed"],
        json!([
            "deletionProtectionEnabled",
            "onDemandThroughput",
            "updateIndexes",
            "warmThroughput",
            "streamSpecification",
            "sseSpecification",
            "tableClass",
        ])
    );
    let index = |member: &str, value: Value| json!([{"Update": {"IndexName": "one", member: value}}]);
    assert_eq!(
        updates(&harness),
        [
            json!({"DeletionProtectionEnabled": true}),
            json!({
                "OnDemandThroughput": {"MaxReadRequestUnits": 50, "MaxWriteRequestUnits": -1},
                "GlobalSecondaryIndexUpdates": index("OnDemandThroughput", json!({"MaxWriteRequestUnits": -1})),
            }),
            // What is warm already does not shrink.
            json!({"WarmThroughput": {"ReadUnitsPerSecond": 20_000, "WriteUnitsPerSecond": 5_000}}),
            json!({"GlobalSecondaryIndexUpdates": index("WarmThroughput", json!({"ReadUnitsPerSecond": 13_000}))}),
            json!({"StreamSpecification": {"StreamEnabled": false}}),
            json!({"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}),
            json!({"SSESpecification": {"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": key}}),
            json!({"TableClass": "STANDARD"}),
        ]
    );
}

#[tokio::test]
async fn waits_before_between_and_after_the_changes() {
    let harness = Harness::new().await;
    let proxy = harness.proxy();
    let filling = |filled: bool| {
        let status = if filled { "ACTIVE" } else { "CREATING" };
        json!([{"IndexName": "old", "IndexStatus": "ACTIVE"}, {"IndexName": "new", "IndexStatus": status}])
    };
    // Another change is under way at the start.
    proxy.next(
        "DescribeTable",
        described(&json!({"TableStatus": "UPDATING", "GlobalSecondaryIndexes": filling(false)})),
    );
    proxy.next("DescribeTable", described(&json!({"TableStatus": "ACTIVE", "GlobalSecondaryIndexes": filling(false)})));
    proxy.next("DescribeTable", described(&json!({"TableStatus": "ACTIVE", "GlobalSecondaryIndexes": filling(true)})));
    // Two changes. The first leaves an index that is still being deleted.
    proxy.next("UpdateTable", updated("UPDATING"));
    let going = json!([{"IndexName": "new", "IndexStatus": "ACTIVE"}, {"IndexName": "old", "IndexStatus": "DELETING"}]);
    proxy.next("DescribeTable", described(&json!({"TableStatus": "ACTIVE", "GlobalSecondaryIndexes": going})));
    let gone = json!([{"IndexName": "new", "IndexStatus": "ACTIVE"}]);
    proxy.next("DescribeTable", described(&json!({"TableStatus": "ACTIVE", "GlobalSecondaryIndexes": gone})));
    proxy.next("UpdateTable", updated("UPDATING"));
    proxy.next("DescribeTable", described(&json!({"TableStatus": "ACTIVE", "SSEDescription": {"Status": "UPDATING"}})));
    proxy.next("DescribeTable", described(&json!({"TableStatus": "ACTIVE"})));
    let event = json!({"tableName": "Tab", "deleteIndexes": ["old", "new"], "waitUntilActive": true});
    let answer = harness.ok("update-table", event).await;
    assert_eq!(answer["data"]["Changed"], json!(["deleteIndexes"]));
    assert_eq!(answer["data"]["TableDescription"]["TableStatus"], "ACTIVE");
    assert_eq!(answer["data"]["$metadata"]["attempts"], 3, "the two changes and the last description");
    let expected = ["DescribeTable"; 3].into_iter().chain(["UpdateTable", "DescribeTable", "DescribeTable"]);
    let expected: Vec<&str> = expected.chain(["UpdateTable", "DescribeTable", "DescribeTable"]).collect();
    assert_eq!(proxy.take_operations(), expected);
}

#[tokio::test]
async fn plans_from_a_table_that_is_not_being_changed() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    // The change that the event asks for is under way, so the description does not have it yet.
    harness.proxy().next("DescribeTable", described(&json!({"TableStatus": "UPDATING"})));
    let event = json!({"tableName": "Tab", "billingMode": "PAY_PER_REQUEST", "tags": {"a": "1"}});
    assert_eq!(harness.ok("update-table", event).await["data"]["Changed"], json!(["tags"]));
    let expected = ["DescribeTable", "ListTagsOfResource", "DescribeTable", "TagResource"];
    assert_eq!(harness.proxy().take_operations(), expected);
}

#[tokio::test]
async fn an_index_that_is_being_filled_can_be_deleted() {
    let harness = Harness::new().await;
    let filling = json!([{"IndexName": "new", "IndexStatus": "CREATING", "Backfilling": true}]);
    let is = described(&json!({"TableStatus": "ACTIVE", "GlobalSecondaryIndexes": filling}));
    harness.proxy().next("DescribeTable", is);
    harness.proxy().next("UpdateTable", updated("UPDATING"));
    harness.ok("update-table", json!({"tableName": "Tab", "deleteIndexes": "new"})).await;
    assert_eq!(harness.proxy().take_operations(), ["DescribeTable", "UpdateTable"]);
}

#[tokio::test]
async fn nothing_to_change_is_answered_while_the_table_is_being_changed() {
    let harness = Harness::new().await;
    let going = json!([{"IndexName": "old", "IndexStatus": "DELETING"}]);
    let is = described(&json!({"TableStatus": "UPDATING", "GlobalSecondaryIndexes": going}));
    harness.proxy().next("DescribeTable", is);
    let answer = harness.ok("update-table", json!({"tableName": "Tab", "deleteIndexes": ["old"]})).await;
    assert_eq!(answer["data"]["Changed"], json!([]));
    assert_eq!(harness.proxy().take_operations(), ["DescribeTable"]);
}

#[tokio::test]
async fn a_change_that_comes_too_early_is_sent_again() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.proxy().take_seen();
    harness.proxy().next("UpdateTable", Canned::error(400, "LimitExceededException"));
    harness.proxy().next("UpdateTable", Canned::error(400, "ResourceInUseException"));
    harness.proxy().next("UpdateContinuousBackups", Canned::error(400, "ContinuousBackupsUnavailableException"));
    let event = json!({"tableName": "Tab", "deleteIndexes": ["byColor"], "pointInTimeRecovery": true});
    let answer = harness.ok("update-table", event).await;
    assert_eq!(answer["data"]["Changed"], json!(["pointInTimeRecovery", "deleteIndexes"]));
    let operations: Vec<String> = changes(&harness).into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(
        operations,
        ["UpdateContinuousBackups", "UpdateContinuousBackups", "UpdateTable", "UpdateTable", "UpdateTable"]
    );
}

#[tokio::test]
async fn a_refusal_that_stays_is_the_services_error() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let event = json!({"tableName": "Tab", "deletionProtectionEnabled": true});
    for _ in 0..9 {
        harness.proxy().next("UpdateTable", Canned::error(400, "ResourceInUseException"));
    }
    harness.refuses("update-table", &event, "ResourceInUseException", &["UpdateTable, table `Tab`"]).await;
    // A limit is waited for only where one index keeps another one waiting. The SDK tries three times.
    for _ in 0..3 {
        harness.proxy().next("UpdateTable", Canned::error(400, "LimitExceededException"));
    }
    harness.refuses("update-table", &event, "LimitExceededException", &["canned"]).await;
    let parts = ["DynamoDB DescribeTable", "table `nowhere`"];
    harness.refuses("update-table", json!({"tableName": "nowhere"}), "ResourceNotFoundException", &parts).await;
}

#[tokio::test]
async fn an_error_names_what_was_changed_before() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    let event = json!({
        "tableName": "Tab", "deleteIndexes": ["byColor"], "tags": {"a": "1"}, "timeToLiveAttribute": "expiresAt",
        "waitUntilActive": true,
    });
    let before = "what came before it took effect: DynamoDB UpdateTimeToLive";
    harness.proxy().next("UpdateTable", Canned::error(400, "ValidationException"));
    let parts = ["canned; ", before, "(`tags`, `timeToLiveAttribute`)", "DynamoDB UpdateTable"];
    harness.refuses("update-table", &event, "ValidationException", &parts).await;

    let event = json!({
        "tableName": "Tab", "deleteIndexes": ["byColor"], "tags": {"a": "2"}, "waitUntilActive": true,
    });
    harness.proxy().next("UpdateTable", Canned::error(500, "InternalServerError"));
    let parts = ["whether it took effect is not known", "took effect: DynamoDB TagResource", "(`tags`)"];
    harness.refuses("update-table", &event, "OutcomeUnknown", &parts).await;
}

#[tokio::test]
async fn a_wait_that_is_too_long_names_what_was_changed() {
    let harness = Harness::with(|builder| builder.timeout(Duration::from_secs(2))).await;
    harness.proxy().next("DescribeTable", described(&json!({"TableStatus": "ACTIVE"})));
    harness.proxy().next("UpdateTable", updated("UPDATING"));
    for _ in 0..100 {
        harness.proxy().next("DescribeTable", described(&json!({"TableStatus": "UPDATING"})));
    }
    let event = json!({"tableName": "Tab", "deletionProtectionEnabled": true, "waitUntilActive": true});
    let parts = ["longer timeout; what came before it took effect", "UpdateTable", "(`deletionProtectionEnabled`)"];
    harness.refuses("update-table", &event, "Timeout", &parts).await;
    // The table is still busy, and the change cannot begin.
    harness.refuses("update-table", &event, "Timeout", &["longer timeout; nothing was changed"]).await;
}

#[tokio::test]
async fn refuses_what_contradicts_the_table_or_itself_before_the_first_change() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    let with = |more: Value| {
        let mut event = json!({"tableName": "Tab", "deletionProtectionEnabled": true});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let color = |r#type: &str| json!([{"AttributeName": "color", "AttributeType": r#type}]);
    for (event, message) in [
        (
            json!({"tableName": "Tab", "createIndex": []}),
            "`createIndex`: unknown input; the nearest is `createIndexes`",
        ),
        (json!({"deletionProtectionEnabled": true}), "`tableName`: required input is missing"),
        (
            with(json!({"createIndexes": [{"IndexName": "x"}]})),
            "`createIndexes[0].KeySchema`: required input is missing",
        ),
        (
            with(json!({"createIndexes": [by("size")]})),
            "`createIndexes[0].KeySchema[0].AttributeName`: the attribute has",
        ),
        (with(json!({"createIndexes": [by("id"), by("id")]})), "`createIndexes[1].IndexName`: the list has this index"),
        (
            with(json!({"attributeDefinitions": color("N")})),
            "`attributeDefinitions[0]`: a key of the table has this attribute",
        ),
        (
            with(json!({"attributeDefinitions": [{"AttributeName": "size", "AttributeType": "N"}]})),
            "`attributeDefinitions[0]`: no key of the table",
        ),
        (
            with(json!({"updateIndexes": [{"IndexName": "never"}]})),
            "`updateIndexes[0].IndexName`: the table has no global",
        ),
        (
            with(json!({"updateIndexes": [{"IndexName": "byColor"}], "deleteIndexes": "byColor"})),
            "`updateIndexes[0].IndexName`: `deleteIndexes` has this index",
        ),
        (with(json!({"readCapacityUnits": 5})), "`readCapacityUnits`: the table's billing mode is PAY_PER_REQUEST"),
        (with(json!({"billingMode": "PROVISIONED"})), "`readCapacityUnits`: required input is missing"),
        (
            with(json!({"billingMode": "PROVISIONED", "readCapacityUnits": 5, "writeCapacityUnits": 0})),
            "`writeCapacityUnits`: `0` is not a whole number from 1",
        ),
        (
            with(json!({
                "billingMode": "PROVISIONED", "readCapacityUnits": 5, "writeCapacityUnits": 5,
                "onDemandThroughput": {"MaxReadRequestUnits": 5},
            })),
            "`onDemandThroughput`: a maximum on-demand throughput is for the billing mode PAY_PER_REQUEST",
        ),
        (
            with(json!({"streamSpecification": {"StreamEnabled": true}})),
            "`streamSpecification.StreamViewType`: required",
        ),
        (
            with(json!({"sseSpecification": {"Enabled": true, "KMSMasterKeyId": "alias/ours"}})),
            "`sseSpecification.KMSMasterKeyId`: `\"alias/ours\"` is not the id or ARN of a key",
        ),
        (
            with(json!({"sseSpecification": {"SSEType": "KMS"}})),
            "`sseSpecification`: a type or key is for `Enabled` true",
        ),
        (with(json!({"timeToLiveAttribute": true})), "`timeToLiveAttribute`: `true` is not the name of an attribute"),
        (with(json!({"recoveryPeriodInDays": 5})), "`recoveryPeriodInDays`: point-in-time recovery is off"),
        (with(json!({"recoveryPeriodInDays": 36})), "`recoveryPeriodInDays`: `36` is not a whole number from 1 to 35"),
        (
            with(json!({"tags": {"a": "1"}, "removeTags": ["b", "a"]})),
            "`removeTags[1]`: `tags` has a tag with this key",
        ),
    ] {
        harness.refuses("update-table", event, "InvalidInput", &[message]).await;
    }
    assert_eq!(changes(&harness).len(), 1, "the table was created, and nothing else changed");
}

#[tokio::test]
async fn another_time_to_live_attribute_needs_it_off_first() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let event = |attribute: Value| json!({"tableName": "Tab", "tags": {"a": "1"}, "timeToLiveAttribute": attribute});
    harness.ok("update-table", event("one".into())).await;
    harness.proxy().take_seen();
    let parts =
        ["`timeToLiveAttribute`: the table's time to live is on with the attribute `one`", "switch it off first"];
    harness.refuses("update-table", event("two".into()), "InvalidInput", &parts).await;
    assert_eq!(changes(&harness), []);
    harness.ok("update-table", event("False".into())).await;
    assert_eq!(
        harness.ok("update-table", event("two".into())).await["data"]["Changed"],
        json!(["timeToLiveAttribute"])
    );
}
