//! Payloads that no action accepts. Each gets the contract's error, and the process then serves the next event.

use serde_json::json;

use crate::harness::{FUNCTIONS, Harness};

#[tokio::test]
async fn a_payload_that_is_no_event_is_refused_by_every_function() {
    let harness = Harness::new().await;
    for (function, _) in FUNCTIONS {
        let takes_a_list = shared::catalog::function(function).unwrap().event.list.is_some();
        for (payload, message) in [
            ("", "the payload is empty; give a JSON object"),
            ("null", "the payload is not a JSON object"),
            ("[]", "the payload is not a JSON object"),
            ("\"text\"", "the payload is not a JSON object"),
            ("12", "the payload is not a JSON object"),
            ("{", "the payload is not JSON: EOF"),
            ("{'a': 1}", "the payload is not JSON: key must be a string"),
            (r#"{"nonsense": 1}"#, "`nonsense`: unknown input; the nearest is `"),
            (r#"{"awsRegion": "us-east-1", "awsRegion": "us-west-2"}"#, "`awsRegion`: given twice"),
        ] {
            if takes_a_list && payload == "[]" {
                continue;
            }
            let error = harness.err(function, payload).await;
            assert_eq!(error.error_type, "InvalidInput", "{function} {payload:?}: {error:?}");
            assert!(error.error_message.starts_with(message), "{function} {payload:?}: {error:?}");
        }
    }
    assert!(harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused() {
    let harness = Harness::new().await;
    for payload in [&b"\xff\xfe{}"[..], b"{\"item\": \"\xc3\x28\"}", b"{\"item\": \"\\ud800\"}"] {
        let error = harness.invoke("create-item", payload.to_vec()).await.error().unwrap();
        assert_eq!(error.error_type, "InvalidInput", "{payload:?}: {error:?}");
    }
    harness.ok("list-tables", "{}").await;
}

#[tokio::test]
async fn nesting_without_end_is_refused_with_the_inputs_name() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
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
        harness.refuses("create-item", event, "InvalidInput", &[message]).await;
    }
    let text = format!(r#"{{"tableName": "Tab", "item": {}}}"#, json!("[".repeat(1_000)));
    harness.refuses("create-item", text, "InvalidInput", &["`item`: nested more than 127 levels deep"]).await;
    harness.put("Tab", json!({"id": "a", "deep": [[[[[[[[[[1]]]]]]]]]]})).await;
}

/// Both engines accept 32 levels. One more level is rejected before the call, for every input that takes a value.
#[tokio::test]
async fn values_have_32_levels_at_most() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let nested = |levels: usize| (1..levels).fold(json!("leaf"), |inner, _| json!([inner]));
    harness.put("Tab", json!({"id": "a", "deep": nested(32)})).await;
    harness.ok("update-item", json!({"tableName": "Tab", "value": "a", "set": {"deep": nested(32)}})).await;
    harness.proxy().take_seen();
    let deep = || nested(33);
    for (function, event, place) in [
        ("create-item", json!({"item": {"id": "a", "deep": deep()}}), "item.deep"),
        ("update-item", json!({"value": "a", "set": {"deep": deep()}}), "set.deep"),
        ("update-item", json!({"value": "a", "append": {"deep": deep()}}), "append.deep"),
        (
            "update-item",
            json!({"value": "a", "updateExpression": "SET deep = :v", "expressionAttributeValues": {":v": deep()}}),
            "expressionAttributeValues.:v",
        ),
        ("raw-request", json!({"statement": "?", "parameters": [deep()]}), "parameters[0]"),
    ] {
        let mut event = event;
        if function != "raw-request" {
            event["tableName"] = "Tab".into();
        }
        let message = format!("`{place}`: nested 33 levels deep; DynamoDB holds 32 levels");
        harness.refuses(function, event, "InvalidInput", &[&message]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn an_item_above_400_kb_is_refused_with_its_size() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let item = |bytes: usize| json!({"tableName": "Tab", "item": {"id": "a", "text": "x".repeat(bytes)}});
    harness.refuses("create-item", item(409_600), "InvalidInput", &["`item`: the item has 409607 bytes"]).await;
    // This payload has 6 MB.
    harness.refuses("create-item", item(6_200_000), "InvalidInput", &["`item`: the item has 6200007 bytes"]).await;
    assert!(harness.proxy().take_seen().is_empty());
    harness.ok("create-item", item(409_600 - 7)).await;
}

/// An item of exactly the largest size, with every type in it, is accepted. One byte more is rejected before the call.
#[tokio::test]
async fn sizes_are_counted_as_the_engine_counts_them() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let item = |padding: usize| {
        json!({
            "tableName": "Tab",
            "item": {
                "id": "a", "größe": [1, -1, 1.5, 0.012, 123, 1e20, 0, -98_350_163], "m": {"é": {"x": null, "y": true}, "z": []},
                "ss": ["ab", "c"], "ns": [1, 22, 0.5], "bs": ["aGk=", ""], "b": "aGk=", "pad": "x".repeat(padding),
            },
            "itemTypes": {"ss": "SS", "ns": "NS", "bs": "BS", "b": "B"},
        })
    };
    let error = harness.err("create-item", item(409_600)).await;
    let size: usize = error.error_message.split(' ').find_map(|word| word.parse().ok()).unwrap();
    let room = 409_600 - (size - 409_600);
    harness.proxy().take_seen();
    harness.refuses("create-item", item(room + 1), "InvalidInput", &["`item`: the item has 409601 bytes"]).await;
    assert!(harness.proxy().take_seen().is_empty());
    harness.ok("create-item", item(room)).await;
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_path() {
    let harness = Harness::new().await;
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
        harness.refuses("create-item", event, "InvalidInput", &[message]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn an_object_that_names_a_member_twice_loses_nothing() {
    let harness = Harness::new().await;
    let event = r#"{"tableName": "Tab", "item": {"id": "a", "m": {"x": 1, "x": 2}}}"#;
    harness.refuses("create-item", event, "InvalidInput", &["`item.m`: the object names `x` twice"]).await;
}

#[tokio::test]
async fn null_and_empty_optional_inputs_are_left_out() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness
        .ok(
            "create-item",
            json!({
                "tableName": "Tab", "item": {"id": "a", "empty": ""}, "itemTypes": "", "conditionExpression": "",
                "expressionAttributeNames": null, "expressionAttributeValues": "", "returnValues": "", "connection": null,
                "awsRegion": "", "inputFormat": null, "outputFormat": "", "returnItemOnConditionFailure": "",
            }),
        )
        .await;
    let answer = harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": ""})).await;
    assert_eq!(answer["data"]["result"]["Item"]["empty"], json!({"S": ""}));
}

#[test]
fn a_function_that_lambda_did_not_start_says_so() {
    for (function, binary) in FUNCTIONS {
        let output = std::process::Command::new(binary).env_clear().output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{function}: {said}");
        assert!(said.contains("this is a Lambda function, which Lambda starts"), "{function}: {said}");
    }
}

#[test]
fn a_setting_that_is_no_number_ends_the_function_with_its_name() {
    for (name, value) in [("MAX_RESPONSE_BYTES", "6 MB"), ("MAX_IDENTITIES", "0"), ("SECRET_TTL_SECONDS", "soon")] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_get-item"))
            .env_clear()
            .envs([("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"), (name, value)])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("{name}: `{value}` is not a whole number from ")), "{said}");
    }
}
