use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn runs_statements() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    let insert = json!({
        "statement": "INSERT INTO Tab VALUE {'id': ?, 'at': ?, 'tags': ?, 'n': ?}",
        "parameters": ["a", "1", ["x", "y", "x"], null], "parameterTypes": [null, "N", "SS"],
    });
    let answer = harness.ok("raw-request", insert.clone()).await;
    assert_eq!(answer["data"]["Items"], json!([]));
    let error = harness.err("raw-request", insert).await;
    assert!(error.error_type.starts_with("DuplicateItem"), "{error:?}");
    let select = json!({"statement": "SELECT * FROM Tab WHERE id = ?", "parameters": r#"["a"]"#});
    let answer = harness.ok("raw-request", select.clone()).await;
    assert_eq!(answer["data"]["$metadata"]["httpStatusCode"], 200);
    let mut item = answer["data"]["Items"][0].clone();
    item["tags"]["SS"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
    assert_eq!(item, json!({"id": {"S": "a"}, "at": {"N": "1"}, "tags": {"SS": ["x", "y"]}, "n": {"NULL": true}}));
    let mut plain = select;
    plain["outputFormat"] = "plain".into();
    plain["consistentRead"] = true.into();
    let answer = harness.ok("raw-request", plain).await;
    assert_eq!(answer["data"]["Items"][0]["at"], 1);
}

#[tokio::test]
async fn statements_of_every_kind_run() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    for at in 0..4 {
        let event = json!({
            "statement": "INSERT INTO Tab VALUE {'id': 'a', 'at': ?, 'color': ?, 'Status': ?}",
            "parameters": [at, if at % 2 == 0 { "red" } else { "blue" }, "open"],
        });
        harness.ok("raw-request", event).await;
    }
    let run = |statement: &str, parameters: serde_json::Value, types: serde_json::Value| json!({"statement": statement, "parameters": parameters, "parameterTypes": types, "outputFormat": "plain"});
    // A keyword of PartiQL needs double quotes, as `at` does. AWS rejects it without quotes, but the embedded engine
    // accepts it. AWS also accepts several `SET` clauses, but the embedded engine only accepts commas.
    let update = run(
        r#"UPDATE Tab SET "Status" = ?, sizes = ?, photo = ?, m = ? WHERE id = ? AND "at" = ?"#,
        json!(["done", ["1", "1.0", 2], "aGk", {"zip": 7001}, "a", "1"]),
        json!([null, "NS", "B", {"zip": "S"}, "", "N"]),
    );
    harness.ok("raw-request", update).await;
    let select = run(r#"SELECT "Status", photo, m FROM Tab WHERE id = ? AND "at" = ?"#, json!(["a", 1]), json!(null));
    let answer = harness.ok("raw-request", select).await;
    assert_eq!(answer["data"]["Items"], json!([{"Status": "done", "photo": "aGk=", "m": {"zip": "7001"}}]));
    let select = run(r#"SELECT sizes FROM Tab WHERE id = ? AND "at" = ?"#, json!(["a", 1]), json!(null));
    let sizes = harness.ok("raw-request", select).await["data"]["Items"][0]["sizes"].take();
    assert_eq!(sizes.as_array().unwrap().len(), 2);
    assert!(sizes.as_array().unwrap().contains(&json!(2)), "{sizes}");

    let delete = run(r#"DELETE FROM Tab WHERE id = ? AND "at" = ?"#, json!(["a", 1]), json!(null));
    harness.ok("raw-request", delete).await;
    let on_index = run(r#"SELECT "at" FROM "Tab"."byColor" WHERE color = ?"#, json!(["blue"]), json!(null));
    assert_eq!(harness.ok("raw-request", on_index).await["data"]["Items"], json!([{"at": 3}]));
    let missing = json!({
        "statement": r#"UPDATE Tab SET n = ? WHERE id = ? AND "at" = ?"#, "inputFormat": "typed",
        "parameters": [{"n": "1"}, {"s": "a"}, {"N": "9"}],
    });
    harness.refuses("raw-request", missing, "ConditionalCheckFailedException", &["ExecuteStatement"]).await;
}

#[tokio::test]
async fn continues_a_statement_from_its_token() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    for at in 0..5 {
        harness.put("Tab", json!({"id": "a", "at": at})).await;
    }
    let mut event = json!({
        "statement": r#"SELECT "at" FROM Tab WHERE id = ?"#, "parameters": ["a"], "limit": 2, "outputFormat": "plain",
    });
    let mut got = Vec::new();
    loop {
        let answer = harness.ok("raw-request", event.clone()).await;
        got.extend(answer["data"]["Items"].as_array().unwrap().iter().map(|item| item["at"].as_u64().unwrap()));
        let Some(token) = answer["data"].get("NextToken") else { break };
        event["nextToken"] = token.clone();
    }
    assert_eq!(got, [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn sends_every_input_and_query_parameters_win() {
    let harness = Harness::new().await;
    let event = json!({
        "statement": "SELECT 1", "parameters": [1], "limit": 3, "nextToken": "token", "consistentRead": false,
        "queryParameters": {
            "Statement": "SELECT * FROM Tab WHERE id = ?", "Parameters": ["a"], "Limit": "7", "ConsistentRead": true,
            "NextToken": "other", "ReturnConsumedCapacity": "INDEXES", "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        },
    });
    harness.invoke("raw-request", event.to_string()).await;
    assert_eq!(
        harness.proxy().take_body("ExecuteStatement"),
        json!({
            "Statement": "SELECT * FROM Tab WHERE id = ?", "Parameters": [{"S": "a"}], "Limit": 7, "ConsistentRead": true,
            "NextToken": "other", "ReturnConsumedCapacity": "INDEXES", "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        })
    );
    let event = json!({"statement": "SELECT 1", "parameters": [{"N": "1"}], "inputFormat": "typed"});
    harness.invoke("raw-request", event.to_string()).await;
    assert_eq!(harness.proxy().take_body("ExecuteStatement")["Parameters"], json!([{"N": "1"}]));
    harness.invoke("raw-request", json!({"statement": "SELECT 1", "parameters": []}).to_string()).await;
    assert!(harness.proxy().take_body("ExecuteStatement").get("Parameters").is_none());
}

#[tokio::test]
async fn rejects_invalid_statements() {
    let harness = Harness::new().await;
    for (event, message) in [
        (json!({}), "`statement`: required input is missing"),
        (json!({"statement": "  "}), "`statement`: required input is missing"),
        (json!({"statement": "x", "parameters": {"a": 1}}), "`parameters`: `{\"a\":1}` is not a list"),
        (
            json!({"statement": "x", "parameters": ["y"], "parameterTypes": ["N"]}),
            "`parameters[0]`: `\"y\"` is not a number",
        ),
        (
            json!({"statement": "x", "parameters": [1], "parameterTypes": ["N", "N"]}),
            "`parameterTypes[1]`: a type for a parameter that has no value",
        ),
        (
            json!({"statement": "x", "queryParameters": {"TableName": "Tab"}}),
            "`queryParameters.TableName`: unknown input",
        ),
    ] {
        harness.refuses("raw-request", event, "InvalidInput", &[message]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
    harness
        .refuses("raw-request", json!({"statement": "nonsense"}), "ValidationException", &["ExecuteStatement"])
        .await;
}
