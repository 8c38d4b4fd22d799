//! What no action may be given: each gets the contract's error, and the process serves the next event.

use serde_json::json;

use crate::stage::{FUNCTIONS, Stage};

#[tokio::test]
async fn a_payload_that_is_no_event_is_refused_by_every_function() {
    let stage = Stage::new().await;
    for (function, _) in FUNCTIONS {
        for (payload, message) in [
            ("", "the payload is not JSON: EOF"),
            ("null", "the payload is not a JSON object"),
            ("[]", "the payload is not a JSON object"),
            ("\"text\"", "the payload is not a JSON object"),
            ("12", "the payload is not a JSON object"),
            ("{", "the payload is not JSON: EOF"),
            ("{'a': 1}", "the payload is not JSON: key must be a string"),
            ("\u{feff}{}", "the payload is not JSON"),
            (r#"{"nonsense": 1}"#, "`nonsense`: unknown input; the nearest is `"),
            (r#"{"awsRegion": "us-east-1", "awsRegion": "us-west-2"}"#, "`awsRegion`: given twice"),
        ] {
            let error = stage.err(function, payload).await;
            assert_eq!(error.error_type, "InvalidInput", "{function} {payload:?}: {error:?}");
            assert!(error.error_message.starts_with(message), "{function} {payload:?}: {error:?}");
        }
    }
    assert!(stage.wire().take_seen().is_empty());
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused() {
    let stage = Stage::new().await;
    for payload in [&b"\xff\xfe{}"[..], b"{\"item\": \"\xc3\x28\"}", b"{\"item\": \"\\ud800\"}"] {
        let error = stage.invoke("create-item", payload.to_vec()).await.error().unwrap();
        assert_eq!(error.error_type, "InvalidInput", "{payload:?}: {error:?}");
    }
    stage.ok("list-tables", "{}").await;
}

#[tokio::test]
async fn nesting_without_end_is_refused_with_the_inputs_name() {
    let stage = Stage::new().await;
    stage.table("Tab", false).await;
    for (levels, message) in [
        (1_000, "`item`: nested more than 127 levels deep"),
        (100_000, "`item`: nested more than 127 levels deep"),
        (40, "`item.deep`: nested 41 levels deep; DynamoDB holds 32 levels"),
    ] {
        let event = format!(
            r#"{{"tableName": "Tab", "item": {{"id": "a", "deep": {}{}}}}}"#,
            "[".repeat(levels),
            "]".repeat(levels)
        );
        stage.refuses("create-item", event, "InvalidInput", &[message]).await;
    }
    let text = format!(r#"{{"tableName": "Tab", "item": {}}}"#, json!("[".repeat(1_000)));
    stage
        .refuses("create-item", text, "InvalidInput", &["`item`: the text is not JSON: recursion limit exceeded"])
        .await;
    stage.put("Tab", json!({"id": "a", "deep": [[[[[[[[[[1]]]]]]]]]]})).await;
}

#[tokio::test]
async fn an_item_above_400_kb_is_refused_with_its_size() {
    let stage = Stage::new().await;
    stage.table("Tab", false).await;
    stage.wire().take_seen();
    let item = |bytes: usize| json!({"tableName": "Tab", "item": {"id": "a", "text": "x".repeat(bytes)}});
    stage.refuses("create-item", item(409_600), "InvalidInput", &["`item`: the item has 409607 bytes"]).await;
    // A payload of 6 MB.
    stage.refuses("create-item", item(6_200_000), "InvalidInput", &["`item`: the item has 6200007 bytes"]).await;
    assert!(stage.wire().take_seen().is_empty());
    stage.ok("create-item", item(409_600 - 7)).await;
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_path() {
    let stage = Stage::new().await;
    for (event, message) in [
        (json!({"tableName": "Tab"}), "`item`: required input is missing"),
        (json!({"tableName": "Tab", "item": null}), "`item`: required input is missing"),
        (
            json!({"tableName": "Tab", "item": 5}),
            "`item`: `5` is not an object {\"name\": value} or a list [{\"key\", \"value\"}]",
        ),
        (
            json!({"tableName": "Tab", "item": [{"key": "id", "value": "a"}, {"key": "id", "value": "b"}]}),
            "`item.id`: the list has this key twice",
        ),
        (
            json!({"tableName": "Tab", "item": [{"key": "id", "valeu": "a"}]}),
            "`item[0]`: `{\"key\":\"id\",\"valeu\":\"a\"}` is not an object with a `key` and a `value`",
        ),
        (
            json!({"tableName": "Tab", "item": {"id": "a"}, "itemTypes": {"x": "S"}}),
            "`itemTypes.x`: a type for a name that has no value",
        ),
        (
            json!({"tableName": "Tab", "item": {"id": "a"}, "itemTypes": {"id": "TEXT"}}),
            "`itemTypes.id`: `\"TEXT\"` is not a type",
        ),
        (
            json!({"tableName": "Tab", "item": {"id": "a", "n": {"m": "x"}}, "itemTypes": {"n": {"m": "N"}}}),
            "`item.n.m`: `\"x\"` is not a number",
        ),
        (
            json!({"tableName": "Tab", "item": {"id": "a"}, "inputFormat": "typed"}),
            "`item.id`: `\"a\"` is not a typed value",
        ),
        (
            json!({"tableName": "Tab", "item": {"id": "a"}, "inputFormat": "xml"}),
            "`inputFormat`: `\"xml\"` is not one of plain typed",
        ),
        (
            json!({"tableName": "Tab", "item": {"id": "a"}, "outputFormat": 1}),
            "`outputFormat`: `1` is not one of plain typed",
        ),
        (
            json!({"tableName": "Tab", "item": {"id": "a"}, "awsRegion": "evil.example"}),
            "`awsRegion`: `\"evil.example\"` is not the name of an AWS region",
        ),
        (
            json!({"tableName": "Tab", "item": {"id": "a"}, "awsRegion": "us-east-1", "region": "us-east-1"}),
            "the same input as `",
        ),
    ] {
        stage.refuses("create-item", event, "InvalidInput", &[message]).await;
    }
    assert!(stage.wire().take_seen().is_empty());
}

#[tokio::test]
async fn an_object_that_names_a_member_twice_loses_nothing() {
    let stage = Stage::new().await;
    let event = r#"{"tableName": "Tab", "item": {"id": "a", "m": {"x": 1, "x": 2}}}"#;
    stage.refuses("create-item", event, "InvalidInput", &["`item`: the object names `x` twice"]).await;
}

#[tokio::test]
async fn null_and_empty_optional_inputs_are_left_out() {
    let stage = Stage::new().await;
    stage.table("Tab", false).await;
    stage
        .ok(
            "create-item",
            json!({
                "tableName": "Tab", "item": {"id": "a", "empty": ""}, "itemTypes": "", "conditionExpression": "",
                "expressionAttributeNames": null, "expressionAttributeValues": "", "returnValues": "", "connection": null,
                "awsConnection": "", "awsRegion": "", "inputFormat": null, "outputFormat": "", "returnItemOnConditionFailure": "",
            }),
        )
        .await;
    let answer = stage.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": ""})).await;
    assert_eq!(answer["data"]["result"]["Item"]["empty"], json!({"S": ""}));
}
