use serde_json::{Value, json};

use crate::harness::{Harness, proxy::Canned};

/// The table `Tab` (`id`).
async fn harness() -> Harness {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness
}

fn insert(id: &str) -> Value {
    json!({"statement": "INSERT INTO Tab VALUE {'id': ?, 'n': ?}", "parameters": [id, 1]})
}

fn select(id: &str) -> Value {
    json!({"statement": "SELECT * FROM Tab WHERE id = ?", "parameters": [id], "consistentRead": true})
}

fn set(id: &str, n: u32) -> Value {
    json!({"statement": "UPDATE Tab SET n = ? WHERE id = ?", "parameters": [n, id]})
}

/// The number of statements of each call.
fn calls(harness: &Harness) -> Vec<usize> {
    let requests = harness.proxy().take_seen().into_iter();
    requests
        .filter(|seen| seen.operation == "BatchExecuteStatement")
        .map(|seen| {
            let body: Value = serde_json::from_str(&seen.text()).unwrap();
            body["Statements"].as_array().unwrap().len()
        })
        .collect()
}

/// A response for each statement in a canned answer: `None` for one that was executed, or its error's code.
fn canned(codes: &[Option<&str>]) -> Canned {
    let responses: Vec<Value> = codes
        .iter()
        .map(|code| match code {
            Some(code) => json!({"Error": {"Code": code, "Message": "canned"}}),
            None => json!({"TableName": "Tab"}),
        })
        .collect();
    Canned::Answer(200, json!({"Responses": responses}).to_string())
}

#[tokio::test]
async fn answers_each_statement_in_its_order() {
    let harness = harness().await;
    let event = json!({
        "statements": [
            insert("a"),
            insert("b"),
            select("a"),
            select("none"),
            set("b", 2),
            insert("a"),
            select("b"),
        ],
        "outputFormat": "plain",
    });
    let answer = harness.ok("batch-statements", event.clone()).await;
    let responses = answer["data"]["Responses"].as_array().unwrap();
    assert_eq!(responses.len(), 7);
    assert!([0, 1, 3, 4].iter().all(|index| responses[*index].get("Error").is_none()), "{answer}");
    assert_eq!(responses[5]["Error"]["Code"], "DuplicateItem");
    assert_eq!(responses[2]["Item"], json!({"id": "a", "n": 1}));
    assert_eq!(responses[3].get("Item"), None);
    assert_eq!(responses[6]["Item"], json!({"id": "b", "n": 2}));
    // DynamoDB Local reports no capacity here.
    if let Some(capacity) = answer["data"].get("ConsumedCapacity") {
        assert_eq!(capacity[0]["TableName"], "Tab");
        assert_eq!(capacity.as_array().unwrap().len(), 1, "added up: {answer}");
    }
    let typed = harness.ok("batch-statements", json!({"statements": [select("b")]})).await;
    assert_eq!(typed["data"]["Responses"][0]["Item"]["n"], json!({"N": "2"}));
}

#[tokio::test]
async fn any_number_of_statements_is_split_by_25_and_keeps_its_order() {
    let harness = harness().await;
    let ids: Vec<String> = (0..60).map(|number| format!("i{number}")).collect();
    let mut statements: Vec<Value> = ids.iter().map(|id| insert(id)).collect();
    statements.extend(ids.iter().rev().map(|id| select(id)));
    harness.proxy().take_seen();
    let answer = harness.ok("batch-statements", json!({"statements": statements, "outputFormat": "plain"})).await;
    let mut sizes = calls(&harness);
    assert_eq!(sizes[..3], [25, 25, 10], "writes are sent in order");
    sizes[3..].sort_unstable();
    assert_eq!(sizes[3..], [10, 25, 25]);
    let responses = answer["data"]["Responses"].as_array().unwrap();
    assert!(responses[..60].iter().all(|response| response.get("Error").is_none()));
    let read: Vec<&str> = responses[60..].iter().map(|response| response["Item"]["id"].as_str().unwrap()).collect();
    assert_eq!(read, ids.iter().rev().collect::<Vec<_>>());
    assert_eq!(answer["data"]["$metadata"]["attempts"], 6);
}

/// DynamoDB refuses a call with two statements about one item as a whole.
#[tokio::test]
async fn several_reads_of_one_item_are_answered_in_their_order() {
    let harness = harness().await;
    harness.put("Tab", json!({"id": "a"})).await;
    harness.put("Tab", json!({"id": "b"})).await;
    let ids = ["a", "b", "a", "none", "a", "b"];
    let statements: Vec<Value> = ids.iter().map(|id| select(id)).collect();
    let answer = harness.ok("batch-statements", json!({"statements": statements, "outputFormat": "plain"})).await;
    let responses = answer["data"]["Responses"].as_array().unwrap();
    let found: Vec<&str> = responses.iter().map(|response| response["Item"]["id"].as_str().unwrap_or("none")).collect();
    assert_eq!(found, ids);
}

/// A write that DynamoDB refused as a whole is not sent again.
#[tokio::test]
async fn several_neighbouring_writes_of_one_item_are_an_error_with_a_remedy() {
    let harness = harness().await;
    harness.proxy().take_seen();
    let both = json!({"statements": [insert("a"), insert("b"), set("a", 2)]});
    let parts = ["duplicates", "neighbouring writes must be about different items"];
    harness.refuses("batch-statements", both, "ValidationException", &parts).await;
    assert_eq!(calls(&harness), [3]);
    // A read between them makes two calls.
    let apart = json!({"statements": [insert("c"), select("c"), set("c", 2), select("c")], "outputFormat": "plain"});
    let answer = harness.ok("batch-statements", apart).await;
    assert_eq!(answer["data"]["Responses"][3]["Item"]["n"], 2);
}

#[tokio::test]
async fn a_refused_statement_does_not_stop_the_others() {
    let harness = harness().await;
    harness.put("Tab", json!({"id": "a", "n": 1})).await;
    harness.put("Tab", json!({"id": "b", "n": 1})).await;
    let event = json!({
        "statements": [
            {"statement": "UPDATE Tab SET n = ? WHERE id = ? AND n = ?", "parameters": [5, "a", 9],
             "returnItemOnConditionFailure": true},
            {"statement": "UPDATE Gone SET n = ? WHERE id = ?", "parameters": [5, "a"]},
            {"statement": "nonsense"},
            set("b", 3),
        ],
        "outputFormat": "plain",
    });
    let answer = harness.ok("batch-statements", event).await;
    let responses = &answer["data"]["Responses"];
    assert_eq!(responses[0]["Error"]["Code"], "ConditionalCheckFailed", "{answer}");
    if let Some(item) = responses[0]["Error"].get("Item") {
        assert_eq!(item["id"], "a");
    }
    assert_eq!(responses[1]["Error"]["Code"], "ResourceNotFound", "{answer}");
    assert!(responses[2]["Error"]["Code"].as_str().unwrap().starts_with("Validation"), "{answer}");
    assert_eq!(responses[3].get("Error"), None, "{answer}");
    let answer = harness.ok("batch-statements", json!({"statements": [select("b")], "outputFormat": "plain"})).await;
    assert_eq!(answer["data"]["Responses"][0]["Item"]["n"], 3);
}

#[tokio::test]
async fn a_throttled_statement_is_sent_again_alone() {
    let harness = harness().await;
    harness.proxy().take_seen();
    for code in ["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"] {
        harness.proxy().next("BatchExecuteStatement", canned(&[None, Some(code), None]));
        let id = format!("{code}1");
        let answer =
            harness.ok("batch-statements", json!({"statements": [insert("x"), insert(&id), insert("y")]})).await;
        assert!(answer["data"]["Responses"][1].get("Error").is_none(), "{answer}");
        assert_eq!(calls(&harness), [3, 1]);
        assert_eq!(answer["data"]["$metadata"]["attempts"], 2);
    }
    // A read may be sent again after an internal error, and a write may not.
    harness.proxy().next("BatchExecuteStatement", canned(&[Some("InternalServerError")]));
    let answer = harness.ok("batch-statements", json!({"statements": [select("ThrottlingError1")]})).await;
    assert_eq!(answer["data"]["Responses"][0]["Item"]["id"], json!({"S": "ThrottlingError1"}));
    assert_eq!(calls(&harness), [1, 1]);
    for code in ["InternalServerError", "TransactionConflict", "ConditionalCheckFailed"] {
        harness.proxy().next("BatchExecuteStatement", canned(&[Some(code), None]));
        let answer = harness.ok("batch-statements", json!({"statements": [insert("u"), insert("v")]})).await;
        assert_eq!(answer["data"]["Responses"][0]["Error"], json!({"Code": code, "Message": "canned"}));
        assert_eq!(calls(&harness), [2]);
    }
}

#[tokio::test]
async fn a_throttled_call_is_sent_again_while_there_is_time() {
    let harness = harness().await;
    harness.proxy().take_seen();
    for (code, statement) in [("ThrottlingException", insert("a")), ("RequestLimitExceeded", select("a"))] {
        // The SDK gives up after three attempts.
        for _ in 0..4 {
            harness.proxy().next("BatchExecuteStatement", Canned::error(400, code));
        }
        let answer = harness.ok("batch-statements", json!({"statements": [statement]})).await;
        assert_eq!(answer["data"]["Responses"][0].get("Error"), None, "{answer}");
        assert_eq!(calls(&harness).len(), 5);
    }
}

#[tokio::test]
async fn what_stays_throttled_is_handed_back_in_time() {
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    for _ in 0..50 {
        harness.proxy().next("BatchExecuteStatement", canned(&[Some("ThrottlingError")]));
    }
    harness.proxy().next("BatchExecuteStatement", canned(&[Some("ThrottlingError"); 2]));
    let mut statements = vec![insert("a"), select("a")];
    statements.extend([insert("b"), insert("c")]);
    let answer = harness.ok("batch-statements", json!({"statements": statements})).await;
    let codes: Vec<&str> = answer["data"]["Responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|response| response["Error"]["Code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["ThrottlingError", "NotExecuted", "NotExecuted", "NotExecuted"]);
    assert!(answer["data"]["$metadata"]["attempts"].as_u64().unwrap() > 3, "{answer}");
}

#[tokio::test]
async fn a_transaction_takes_effect_as_a_whole() {
    let harness = harness().await;
    // More than the 25 of a batch.
    let statements: Vec<Value> = (0..26).map(|number| insert(&format!("i{number}"))).collect();
    harness.proxy().take_seen();
    let event = json!({"statements": statements, "transaction": true, "requestToken": "t", "returnConsumedCapacity": "INDEXES"});
    let answer = harness.ok("batch-statements", event).await;
    assert_eq!(answer["data"]["Responses"], json!(vec![json!({}); 26]));
    let body = harness.proxy().take_body("ExecuteTransaction");
    assert_eq!(body["TransactStatements"].as_array().unwrap().len(), 26);
    assert_eq!((&body["ClientRequestToken"], &body["ReturnConsumedCapacity"]), (&json!("t"), &json!("INDEXES")));

    let reads = json!({"statements": [select("i3"), select("none"), select("i25")], "transaction": true, "outputFormat": "plain"});
    let answer = harness.ok("batch-statements", reads).await;
    assert_eq!(
        answer["data"]["Responses"],
        json!([{"Item": {"id": "i3", "n": 1}}, {}, {"Item": {"id": "i25", "n": 1}}])
    );

    let refused = json!({
        "statements": [
            set("i1", 7),
            {"statement": "UPDATE Tab SET n = ? WHERE id = ? AND n = ?", "parameters": [5, "i2", 9],
             "returnItemOnConditionFailure": true},
        ],
        "transaction": true,
    });
    let parts = ["nothing was changed: `statements[1]`: ConditionalCheckFailed (", "DynamoDB ExecuteTransaction"];
    harness.refuses("batch-statements", refused, "TransactionCanceledException", &parts).await;
    let event = json!({"statements": [select("i1")], "outputFormat": "plain"});
    assert_eq!(harness.ok("batch-statements", event).await["data"]["Responses"][0]["Item"]["n"], 1);
}

#[tokio::test]
async fn a_token_makes_the_transaction_take_effect_once() {
    let harness = harness().await;
    harness.put("Tab", json!({"id": "a", "n": 1})).await;
    let more = |by: u32| {
        json!({
            "statements": [{"statement": "UPDATE Tab SET n = n + ? WHERE id = ?", "parameters": [by, "a"]}],
            "transaction": true, "requestToken": "once",
        })
    };
    for _ in 0..2 {
        harness.ok("batch-statements", more(1)).await;
    }
    harness.refuses("batch-statements", more(2), "IdempotentParameterMismatchException", &[]).await;
    let event = json!({"statements": [select("a")], "outputFormat": "plain"});
    assert_eq!(harness.ok("batch-statements", event).await["data"]["Responses"][0]["Item"]["n"], 2);
}

#[tokio::test]
async fn rejects_invalid_statements_before_the_call_with_their_path() {
    let harness = Harness::new().await;
    let many = json!(vec![select("a"); 101]);
    for (event, message) in [
        (json!({}), "`statements`: required input is missing"),
        (json!({"statements": []}), "`statements`: an empty list; give 1"),
        (json!({"statements": [], "transaction": true}), "`statements`: an empty list; give 1 to 100"),
        (json!({"statements": many, "transaction": true}), "`statements`: a list of 101; a transaction takes 100"),
        (json!({"statements": ["SELECT"]}), "`statements[0]`: "),
        (json!({"statements": [select("a"), {}]}), "`statements[1].statement`: required input is missing"),
        (
            json!({"statements": [select("a"), {"statement": "x", "limit": 1}]}),
            "`statements[1].limit`: unknown input; the nearest is ",
        ),
        (
            json!({"statements": [{"statement": "x", "parameters": ["y"], "parameterTypes": ["N"]}]}),
            "`statements[0].parameters[0]`: `\"y\"` is not a number",
        ),
        (
            json!({"statements": [{"statement": "x", "parameters": [], "parameterTypes": ["N"]}]}),
            "`statements[0].parameterTypes[0]`: a type for a parameter that has no value",
        ),
        (
            json!({"statements": [select("a"), select("b"), set("c", 1)], "transaction": true}),
            "`statements[2]`: a write in a transaction whose first statement is a read",
        ),
        (
            json!({"statements": [set("c", 1), select("a")], "transaction": true}),
            "`statements[1]`: a read in a transaction whose first statement is a write",
        ),
        (json!({"statements": [set("c", 1)], "requestToken": "t"}), "`requestToken`: only a transaction has a token"),
        (json!({"statements": [set("c", 1)], "transaction": true, "requestToken": "t".repeat(37)}), "`requestToken`: "),
    ] {
        harness.refuses("batch-statements", event, "InvalidInput", &[message]).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn a_failed_call_is_the_error_if_nothing_took_effect() {
    let harness = harness().await;
    harness.proxy().next("BatchExecuteStatement", Canned::error(400, "AccessDeniedException"));
    harness
        .refuses("batch-statements", json!({"statements": [insert("a"), insert("b")]}), "AccessDeniedException", &[])
        .await;
    // Only reads were answered.
    harness.proxy().next("BatchExecuteStatement", canned(&[None]));
    harness.proxy().next("BatchExecuteStatement", Canned::error(400, "AccessDeniedException"));
    harness
        .refuses("batch-statements", json!({"statements": [select("a"), insert("b")]}), "AccessDeniedException", &[])
        .await;
}

#[tokio::test]
async fn a_failed_call_after_a_write_is_told_for_each_statement() {
    let harness = harness().await;
    let mut statements: Vec<Value> = (0..26).map(|number| insert(&format!("i{number}"))).collect();
    statements.extend([select("i1"), select("i2")]);
    harness.proxy().next("BatchExecuteStatement", canned(&[None; 25]));
    harness.proxy().next("BatchExecuteStatement", Canned::error(400, "AccessDeniedException"));
    let answer = harness.ok("batch-statements", json!({"statements": statements})).await;
    let responses = answer["data"]["Responses"].as_array().unwrap();
    assert!(responses[..25].iter().all(|response| response.get("Error").is_none()));
    assert_eq!(responses[25]["Error"]["Code"], "AccessDeniedException");
    assert_eq!(responses[26]["Error"]["Code"], "NotExecuted");
    assert_eq!(responses[27]["Error"]["Code"], "NotExecuted");
}

#[tokio::test]
async fn an_unknown_outcome_names_the_statements() {
    let harness = harness().await;
    let statements: Vec<Value> = (0..60).map(|number| insert(&format!("i{number}"))).collect();
    harness.proxy().take_seen();
    let mut first = [None; 25];
    first[3] = Some("DuplicateItem");
    harness.proxy().next("BatchExecuteStatement", canned(&first));
    harness.proxy().next("BatchExecuteStatement", Canned::error(500, "InternalServerError"));
    let parts = [
        "not known whether executed: `statements[25]` to `statements[49]`; the write was sent",
        "; executed: `statements[0]` to `statements[2]`, `statements[4]` to `statements[24]`; not executed: `statements[50]` \
         to `statements[59]`; refused: `statements[3]`",
        "whether it took effect is not known",
    ];
    harness.refuses("batch-statements", json!({"statements": statements}), "OutcomeUnknown", &parts).await;
    assert_eq!(calls(&harness), [25, 25]);
}

#[tokio::test]
async fn a_write_without_an_answer_at_the_deadline_is_named() {
    let harness = Harness::with(|builder| builder.timeout(std::time::Duration::from_secs(2))).await;
    harness.table("Tab", false).await;
    let statements: Vec<Value> = (0..51).map(|number| insert(&format!("i{number}"))).collect();
    harness.proxy().next("BatchExecuteStatement", canned(&[None; 25]));
    harness.proxy().next("BatchExecuteStatement", Canned::Silence);
    let parts = [
        "not known whether executed: `statements[25]` to `statements[49]`; no answer before the invocation's deadline",
        "; executed: `statements[0]` to `statements[24]`; not executed: `statements[50]`",
    ];
    harness.refuses("batch-statements", json!({"statements": statements}), "OutcomeUnknown", &parts).await;
}

#[tokio::test]
async fn an_answer_without_room_says_so_and_loses_no_write() {
    let harness = Harness::with(|builder| builder.env("MAX_RESPONSE_BYTES", "6000")).await;
    harness.table("Tab", false).await;
    for id in ["a", "b", "c"] {
        harness.put("Tab", json!({"id": id, "text": "x".repeat(1_500)})).await;
    }
    let update = json!({"statement": "UPDATE Tab SET n = 1 WHERE id = 'c' RETURNING ALL NEW *"});
    let event = json!({"statements": [select("a"), select("b"), select("c"), update, insert("new")]});
    let answer = harness.ok("batch-statements", event).await;
    assert!(answer.to_string().len() <= 6_000);
    let responses = answer["data"]["Responses"].as_array().unwrap();
    assert_eq!(responses[0]["Item"]["id"], json!({"S": "a"}));
    assert_eq!(responses[2]["Error"]["Code"], "ResponseTooLarge", "{answer}");
    assert!(
        responses[3]
            .get("Error")
            .is_none_or(|error| { error["Message"].as_str().unwrap().contains("the statement took effect") }),
        "{answer}"
    );
    assert_eq!(responses[4].get("Error"), None, "{answer}");
    let many = json!({"statements": vec![select("a"); 40]});
    harness
        .refuses("batch-statements", many, "InvalidInput", &["`statements`: a list of 40; the answer has room for "])
        .await;
}
