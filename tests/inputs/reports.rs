use std::sync::Arc;

use local::Identity;
use serde_json::{Map, Value, json};

use crate::harness::{FUNCTIONS, Harness};

/// A table with the key `id` and `at`, and the items `a`/0 to `a`/4 in it.
async fn harness_with_items() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    for at in 0..5 {
        harness.put("Tab", json!({"id": "a", "at": at})).await;
    }
    harness.proxy().take_seen();
    harness
}

/// `event` with the members of `more`.
fn with(event: &Value, more: &Value) -> Value {
    let mut event = event.clone();
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

fn query() -> Value {
    json!({
        "tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {":id": "a"},
    })
}

fn key() -> Value {
    json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1})
}

#[tokio::test]
async fn query_parameters_may_be_the_components_pairs() {
    let harness = harness_with_items().await;
    for pairs in [
        json!([{"key": "Limit", "value": "1"}, {"key": "ScanIndexForward", "value": "false"}]),
        json!([{"key": "Limit", "value": 1}, {"key": "ScanIndexForward", "value": false}]),
        json!(r#"[{"key": "Limit", "value": "1"}, {"key": "ScanIndexForward", "value": "false"}]"#),
    ] {
        let answer = harness.ok("query-items", with(&query(), &json!({"queryParameters": pairs}))).await;
        assert_eq!(answer["data"]["Items"], json!([{"id": "a", "at": 4}]), "{pairs}");
        let sent = harness.proxy().take_body("Query");
        assert_eq!((&sent["Limit"], &sent["ScanIndexForward"]), (&json!(1), &json!(false)));
    }
    // Text that is no JSON stays text; text that holds an object is read.
    let pairs = json!([
        {"key": "FilterExpression", "value": "color = :c"},
        {"key": "ExpressionAttributeValues", "value": r#"{":c": {"S": "red"}}"#},
    ]);
    harness.ok("query-items", with(&query(), &json!({"queryParameters": pairs}))).await;
    let sent = harness.proxy().take_body("Query");
    assert_eq!(sent["FilterExpression"], "color = :c");
    assert_eq!(sent["ExpressionAttributeValues"], json!({":id": {"S": "a"}, ":c": {"S": "red"}}));

    let event = json!({
        "statement": "SELECT * FROM Tab WHERE id = ?",
        "queryParameters": [{"key": "Limit", "value": "2"}, {"key": "Parameters", "value": "[\"a\"]"}],
    });
    harness.ok("raw-request", event).await;
    let sent = harness.proxy().take_body("ExecuteStatement");
    assert_eq!((&sent["Limit"], &sent["Parameters"]), (&json!(2), &json!([{"S": "a"}])));
    let twice = json!({"queryParameters": [{"key": "Limit", "value": "1"}, {"key": "Limit", "value": "2"}]});
    harness.refuses("query-items", with(&query(), &twice), "InvalidInput", &["`queryParameters.Limit`", "twice"]).await;
}

#[tokio::test]
async fn parameters_inside_query_parameters_follow_the_input_format() {
    let harness = harness_with_items().await;
    for more in [
        json!({"queryParameters": {"Parameters": ["a"]}}),
        json!({"queryParameters": {"Parameters": [{"S": "a"}]}, "inputFormat": "typed"}),
    ] {
        let event = with(&json!({"statement": "SELECT * FROM Tab WHERE id = ?"}), &more);
        harness.ok("raw-request", event).await;
        assert_eq!(harness.proxy().take_body("ExecuteStatement")["Parameters"], json!([{"S": "a"}]), "{more}");
    }
}

#[tokio::test]
async fn every_function_takes_a_connection_as_the_platform_sends_it() {
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.user("ada", "ada secret", "arn:aws:iam::123456789012:user/ada");
    let harness = Harness::guarded(&identity, |builder| builder).await;
    let fields = json!({"accessKeyId": " ada\n", "secretAccessKey": "ada secret\r\n"});
    for (function, _) in FUNCTIONS {
        for more in [json!({}), json!({"token": null, "context": {}}), json!({"token": {"a": 1}, "context": "x"})] {
            let connection = with(&json!({"key": "apiKeySecret", "configVarKey": "AWS", "fields": fields}), &more);
            let event = json!({"awsConnection": connection, "tableName": null});
            let invocation = harness.invoke(function, event.to_string()).await;
            let error = invocation.error().map(|error| error.error_message).unwrap_or_default();
            assert!(!error.contains("onnection"), "{function}: {error}");
        }
    }
    harness.ok("list-tables", json!({"awsConnection": {"key": "apiKeySecret", "fields": fields}})).await;
    let signed_by = harness.proxy().take_seen().pop().unwrap().signed_by.unwrap().unwrap();
    assert_eq!(signed_by.arn, "arn:aws:iam::123456789012:user/ada");
}

#[tokio::test]
async fn a_secret_may_have_the_names_of_apis_and_of_environments() {
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.user("ada", "ada secret", "arn:aws:iam::123456789012:user/ada");
    let harness = Harness::guarded(&identity, |builder| builder).await;
    for (name, text) in [
        ("environment", json!({"AWS_ACCESS_KEY_ID": "ada", "AWS_SECRET_ACCESS_KEY": "ada secret\n"})),
        ("api", json!({"AccessKeyId": "ada", "SecretAccessKey": "ada secret"})),
        ("ours", json!({"accessKeyId": "ada", "secretAccessKey": "ada secret"})),
        ("platform", json!({"key": "apiKeySecret", "fields": {"accessKeyId": "ada", "secretAccessKey": "ada secret"}})),
    ] {
        identity.secret(name, text.to_string());
        harness.ok("list-tables", json!({"connection": {"secretId": name}})).await;
        let signed_by = harness.proxy().take_seen().pop().unwrap().signed_by.unwrap().unwrap();
        assert_eq!(signed_by.arn, "arn:aws:iam::123456789012:user/ada", "{name}");
    }
    identity.secret("other", json!({"user": "ada", "password": "marked"}).to_string());
    let error = harness.err("list-tables", json!({"connection": {"secretId": "other"}})).await;
    assert_eq!(error.error_type, "InvalidConnection");
    for part in ["`accessKeyId` and `secretAccessKey`", "`roleArn`"] {
        assert!(error.error_message.contains(part), "{error:?}");
    }
    assert!(!error.error_message.contains("marked"), "{error:?}");
}

#[tokio::test]
async fn an_empty_structure_is_left_out() {
    let harness = harness_with_items().await;
    let change = json!({"updateExpression": "SET n = :n", "expressionAttributeValues": {":n": 1}});
    for empty in [json!({}), json!([]), json!("{}"), json!("[]"), json!(" [ ] "), json!("\u{feff}{ }"), json!(null)] {
        for name in ["set", "remove", "add", "deleteFromSet", "append", "setTypes", "addTypes", "key", "keyTypes"] {
            harness.ok("update-item", with(&with(&key(), &change), &json!({name: empty}))).await;
        }
        for name in ["key", "keyTypes", "expressionAttributeNames"] {
            harness.ok("get-item", with(&key(), &json!({name: empty}))).await;
        }
        harness.proxy().take_seen();
        for name in
            ["exclusiveStartKey", "queryParameters", "expressionAttributeNames", "expressionAttributeValueTypes"]
        {
            harness.ok("query-items", with(&query(), &json!({name: empty}))).await;
            let sent = harness.proxy().take_body("Query");
            assert!(
                sent.get("ExclusiveStartKey").is_none() && sent.get("ExpressionAttributeNames").is_none(),
                "{sent}"
            );
        }
        let statement = json!({"statement": "SELECT * FROM Tab", "parameters": empty, "queryParameters": empty});
        harness.ok("raw-request", statement).await;
        assert!(harness.proxy().take_body("ExecuteStatement").get("Parameters").is_none());
        let table = json!({
            "tableName": "New", "attributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "globalSecondaryIndexes": empty,
            "localSecondaryIndexes": empty, "streamSpecification": empty, "sseSpecification": empty, "tags": empty,
            "onDemandThroughput": empty, "warmThroughput": empty, "resourcePolicy": empty, "connection": null,
        });
        harness.ok("create-table", table).await;
        let sent = harness.proxy().take_body("CreateTable");
        let members: Vec<&String> = sent.as_object().unwrap().keys().collect();
        let expected = ["AttributeDefinitions", "BillingMode", "KeySchema", "ProvisionedThroughput", "TableName"];
        assert_eq!(members, expected, "{sent}");
        harness.ok("delete-table", json!({"tableName": "New", "waitUntilDeleted": true})).await;
    }
    // Inside a value nothing is left out.
    let item = json!({"id": "b", "at": 1, "map": {}, "list": [], "text": "", "null": null});
    harness.put("Tab", item.clone()).await;
    let got = json!({"tableName": "Tab", "hashKeyValue": "b", "rangeKeyValue": 1, "outputFormat": "plain"});
    assert_eq!(harness.ok("get-item", got).await["data"]["result"]["Item"], item);
}

#[tokio::test]
async fn a_typed_value_in_a_plain_key_is_an_error_that_names_the_format() {
    let harness = harness_with_items().await;
    let event = json!({"tableName": "Tab", "hashKeyValue": {"S": "x"}, "rangeKeyValue": 1, "set": {"a": 1}});
    harness.refuses("update-item", event, "InvalidInput", &["`hashKeyValue`", "`inputFormat` `typed`"]).await;
    assert!(!harness.proxy().take_operations().contains(&"UpdateItem".to_owned()));
}

#[tokio::test]
async fn whole_numbers_may_be_written_as_decimals() {
    let harness = harness_with_items().await;
    for number in ["2", "2.0", "2e0", "0.2e1", "20e-1", "\"2\"", "\" 2.0 \"", "\"2e0\""] {
        let event = format!(
            r#"{{"tableName": "Tab", "keyConditionExpression": "id = :id", "expressionAttributeValues": {{":id": "a"}}, "limit": {number}, "maxItems": {number}}}"#
        );
        harness.ok("query-items", event).await;
        assert_eq!(harness.proxy().take_body("Query")["Limit"], 2, "{number}");
    }
    for number in ["2.5", "\"2.5\"", "\"two\"", "true", "1e99"] {
        let event = format!(r#"{{"tableName": "Tab", "keyConditionExpression": "id = :id", "limit": {number}}}"#);
        let message = "is not a whole number from 1 to 2147483647";
        harness.refuses("query-items", event, "InvalidInput", &["`limit`", message]).await;
    }
    let role = |seconds: &str| {
        format!(r#"{{"connection": {{"roleArn": "arn:aws:iam::123456789012:role/r", "durationSeconds": {seconds}}}}}"#)
    };
    harness.refuses("list-tables", role("60.0"), "InvalidConnection", &["`connection.durationSeconds`"]).await;
}

#[tokio::test]
async fn text_may_hold_the_elements_of_a_set() {
    let harness = harness_with_items().await;
    let set = json!({"set": {"tags": ["a", "b"], "nums": ["1"]}, "setTypes": {"tags": "SS", "nums": "NS"}});
    harness.ok("update-item", with(&key(), &set)).await;
    for (more, name, expected) in [
        (json!({"deleteFromSet": {"tags": "[\"a\"]"}}), "tags", json!({"SS": ["b"]})),
        (json!({"add": {"nums": ["3"]}, "addTypes": {"nums": "NS"}}), "nums", json!({"NS": ["1", "3"]})),
    ] {
        let answer = harness.ok("update-item", with(&key(), &more)).await;
        assert_eq!(answer["data"]["Attributes"][name], expected);
    }
}

#[tokio::test]
async fn a_type_in_a_list_holds_where_the_member_is() {
    let harness = harness_with_items().await;
    let event = json!({
        "tableName": "Tab", "item": {"id": "b", "at": 1, "lines": [{"sku": "A", "qty": "1"}, {"sku": "B"}]},
        "itemTypes": {"lines": [{"qty": "N"}]},
    });
    harness.ok("create-item", event).await;
    assert_eq!(
        harness.proxy().take_body("PutItem")["Item"]["lines"],
        json!({"L": [{"M": {"sku": {"S": "A"}, "qty": {"N": "1"}}}, {"M": {"sku": {"S": "B"}}}]})
    );
}

#[tokio::test]
async fn nulls_in_a_typed_value_are_ignored() {
    let harness = harness_with_items().await;
    let event = json!({
        "tableName": "Tab", "inputFormat": "typed",
        "item": {"id": {"s": "b", "n": null, "ss": null}, "at": {"N": "1"}, "no": {"Bool": false}, "nil": {"Nul": true}},
    });
    harness.ok("create-item", event).await;
    assert_eq!(
        harness.proxy().take_body("PutItem")["Item"],
        json!({"id": {"S": "b"}, "at": {"N": "1"}, "no": {"BOOL": false}, "nil": {"NULL": true}})
    );
}

#[tokio::test]
async fn credentials_and_base64_may_end_in_a_line_break() {
    let harness = harness_with_items().await;
    let event =
        json!({"tableName": "Tab", "item": {"id": "b", "at": 1, "photo": "aGk=\n"}, "itemTypes": {"photo": "B"}});
    harness.ok("create-item", event).await;
    assert_eq!(harness.proxy().take_body("PutItem")["Item"]["photo"], json!({"B": "aGk="}));
    let connection = json!({"accessKeyId": "KEY\n", "secretAccessKey": "marked\n", "sessionToken": "token\r\n"});
    harness.ok("list-tables", json!({"connection": connection})).await;
    let seen = harness.proxy().take_seen().pop().unwrap();
    assert_eq!(seen.headers["x-amz-security-token"], "token");
    assert!(seen.headers["authorization"].to_str().unwrap().contains("Credential=KEY/"));
}

#[tokio::test]
async fn a_count_stops_at_max_items_with_a_key() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    for at in 0..60 {
        harness.put("Tab", json!({"id": "a", "at": at})).await;
    }
    harness.proxy().take_seen();
    let count = json!({"select": "COUNT", "fetchAll": true, "maxItems": 1});
    let answer = harness.ok("query-items", with(&query(), &count)).await;
    assert_eq!(answer["data"]["Count"], 1);
    assert_eq!(answer["data"]["LastEvaluatedKey"], json!({"id": {"S": "a"}, "at": {"N": "0"}}));
    assert!(harness.proxy().take_operations().len() <= 2);
    // Whatever the limits, the parts add up.
    for (limit, most) in [(1, 7), (7, 7), (7, 10), (25, 13), (100, 59), (100, 61)] {
        let mut event = with(&query(), &json!({"select": "COUNT", "fetchAll": true, "maxItems": most, "limit": limit}));
        let (mut sum, mut parts) = (0, 0);
        loop {
            let answer = harness.ok("query-items", &event).await;
            let part = answer["data"]["Count"].as_u64().unwrap();
            assert!(part <= most && answer["data"].get("Items").is_none(), "{answer}");
            (sum, parts) = (sum + part, parts + 1);
            match answer["data"].get("LastEvaluatedKey") {
                Some(key) => event["exclusiveStartKey"] = key.clone(),
                None => break,
            }
        }
        assert_eq!(sum, 60, "{limit} {most}");
        assert!(parts <= 60 / most + 2, "{limit} {most}: {parts}");
    }
}

#[tokio::test]
async fn one_path_may_be_text() {
    let harness = harness_with_items().await;
    harness.ok("update-item", with(&key(), &json!({"set": {"q": 1}}))).await;
    let answer = harness.ok("update-item", with(&key(), &json!({"remove": "q"}))).await;
    assert_eq!(answer["data"]["Attributes"], json!({"id": {"S": "a"}, "at": {"N": "1"}}));
}

#[tokio::test]
async fn messages_say_the_way_out() {
    let harness = harness_with_items().await;
    for (function, event, parts) in [
        (
            "query-items",
            with(&query(), &json!({"exclusiveStartKey": {"id": "a", "at": 1}})).to_string(),
            &["`exclusiveStartKey.at`", "give the `LastEvaluatedKey` as it came"][..],
        ),
        (
            "create-item",
            r#"{"tableName": "Tab", "item": {"id": "a", "note": "\ud83d"}}"#.to_owned(),
            &["`item.note`", "half a character"],
        ),
        ("get-item", r#"{"Payload": {"tableName": "Tab"}}"#.to_owned(), &["`Payload`: the event is wrapped once more"]),
        ("get-item", r#"{"body": "{}"}"#.to_owned(), &["`body`: the event is wrapped once more"]),
        ("get-item", r#"{"data": {"tableName": "Tab"}}"#.to_owned(), &["`data`: the event is wrapped once more"]),
        ("get-item", r#"{"Input": {"tableName": "Tab"}}"#.to_owned(), &["`Input`: the event is wrapped once more"]),
        ("get-item", r#"{"EVENT": {"tableName": "Tab"}}"#.to_owned(), &["`EVENT`: the event is wrapped once more"]),
    ] {
        harness.refuses(function, event, "InvalidInput", parts).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
    let mark = format!("\u{feff}{}", key());
    assert_eq!(harness.ok("get-item", mark).await["data"]["found"], true);
    let item = format!("\u{feff}{}", json!({"id": "b", "at": 1}));
    harness.ok("create-item", json!({"tableName": "Tab", "item": item})).await;

    let none = json!({"expressionAttributeValues": {":id": "nobody"}, "maxResponseBytes": 200});
    let error = harness.err("query-items", with(&query(), &none)).await;
    assert_eq!(error.error_type, "ResponseTooLarge");
    assert!(error.error_message.contains("bytes without any item, more than the 200 allowed"), "{error:?}");
    assert!(error.error_message.contains("raise `maxResponseBytes`"), "{error:?}");
    let error = harness.err("query-items", with(&query(), &json!({"maxResponseBytes": 250}))).await;
    assert!(error.error_message.contains("one item makes an answer of"), "{error:?}");
}

#[tokio::test]
async fn a_name_with_an_underscore_is_replaced() {
    let harness = harness_with_items().await;
    let update = json!({"updateExpression": "SET _rev = :n", "expressionAttributeValues": {":n": 1}});
    let answer = harness.ok("update-item", with(&key(), &update)).await;
    assert_eq!(answer["data"]["Attributes"]["_rev"], json!({"N": "1"}));
    let sent = harness.proxy().take_body("UpdateItem");
    let names = sent["ExpressionAttributeNames"].as_object().unwrap();
    assert!(names.iter().all(|(name, attribute)| name.starts_with('#') && attribute == "_rev"), "{sent}");
}

/// Where a request has several faults, the one that DynamoDB would complain of is not hidden.
#[tokio::test]
async fn dynamodbs_syntax_error_comes_before_an_unused_placeholder() {
    let harness = harness_with_items().await;
    let event =
        with(&key(), &json!({"updateExpression": "SET a == :a", "expressionAttributeValues": {":a": 1, ":unused": 2}}));
    let error = harness.err("update-item", event).await;
    assert_eq!(error.error_type, "ValidationException", "{error:?}");
    assert!(!error.error_message.contains("unused"), "{error:?}");
}

/// What a form sends that has every field and none of them filled.
#[tokio::test]
async fn a_form_without_content_says_what_is_missing() {
    let harness = Harness::new().await;
    for function in shared::catalog::FUNCTIONS {
        if !function.has_connection() || function.is_source() {
            continue;
        }
        let blank: Map<String, Value> = (function.event.fields)()
            .iter()
            .map(|field| (field.name().to_owned(), Value::from("")))
            // A connection that is given is never replaced by the function's own role, not even a blank one.
            .filter(|(name, _)| name != "connection")
            .collect();
        let invocation = harness.invoke(function.name, Value::from(blank).to_string()).await;
        if let Some(error) = invocation.error() {
            assert_eq!(error.error_type, "InvalidInput", "{}: {error:?}", function.name);
            assert!(error.error_message.contains("required input is missing"), "{}: {error:?}", function.name);
        }
    }
}
