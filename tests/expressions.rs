//! Reserved words, names and placeholders, through the binaries.

use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn reserved_words_just_work() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1, "Name": "n", "status": {"Size": [1, {"Value": 2}]}, "set": 1})).await;
    let key = json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1});
    let with = |more: serde_json::Value| {
        let mut event = key.clone();
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let event = with(json!({
        "updateExpression": "SET Name = :n, set = set + :one, status.Size[1].Value = if_not_exists(Year, :one) REMOVE Order ADD Count :one",
        "conditionExpression": "size(Name) = :one AND NOT contains(Name, :x) AND attribute_exists(status.Size)",
        "expressionAttributeValues": {":n": "new", ":one": 1, ":x": "x"}, "returnValues": "ALL_NEW", "outputFormat": "plain",
    }));
    let answer = harness.ok("update-item", event).await;
    assert_eq!(
        answer["data"]["Attributes"],
        json!({"id": "a", "at": 1, "Name": "new", "status": {"Size": [1, {"Value": 1}]}, "set": 2, "Count": 1})
    );
    let event = with(json!({"projectionExpression": "Name, status.Size[1].Value, Count", "outputFormat": "plain"}));
    let answer = harness.ok("get-item", event).await;
    assert_eq!(
        answer["data"]["result"]["Item"],
        json!({"Name": "new", "status": {"Size": [{"Value": 1}]}, "Count": 1})
    );
}

#[tokio::test]
async fn a_reserved_word_may_be_a_key() {
    let harness = Harness::new().await;
    let event = json!({
        "tableName": "Tab", "billingMode": "PAY_PER_REQUEST", "waitUntilActive": true,
        "attributeDefinitions": [{"AttributeName": "Name", "AttributeType": "S"}, {"AttributeName": "Order", "AttributeType": "N"}],
        "keySchema": [{"AttributeName": "Name", "KeyType": "HASH"}, {"AttributeName": "Order", "KeyType": "RANGE"}],
    });
    harness.ok("create-table", event).await;
    harness.put("Tab", json!({"Name": "a", "Order": 1, "Status": "open"})).await;
    let event = json!({
        "tableName": "Tab", "keyConditionExpression": "Name = :n AND Order BETWEEN :a AND :b", "filterExpression": "Status IN (:s)",
        "projectionExpression": "Order, Status", "expressionAttributeValues": {":n": "a", ":a": 0, ":b": 2, ":s": "open"},
    });
    let answer = harness.ok("query-items", event).await;
    assert_eq!(answer["data"]["Items"], json!([{"Order": 1, "Status": "open"}]));
}

#[tokio::test]
async fn the_callers_names_win() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.put("Tab", json!({"id": "a", "Name": 1, "Other": 2})).await;
    let event = json!({
        "tableName": "Tab", "hashKeyValue": "a", "projectionExpression": "#Name, Name", "outputFormat": "plain",
        "expressionAttributeNames": {"#Name": "Other"},
    });
    let answer = harness.ok("get-item", event).await;
    assert_eq!(answer["data"]["result"]["Item"], json!({"Name": 1, "Other": 2}));
}

#[tokio::test]
async fn placeholders_that_do_not_meet_are_named_before_the_call() {
    let harness = Harness::new().await;
    let event = |more: serde_json::Value| {
        let mut event = json!({"tableName": "Tab", "item": {"id": "a"}});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    for (more, parts) in [
        (
            json!({"expressionAttributeValues": {":a": 1}, "expressionAttributeNames": {"#b": "b"}}),
            ["`expressionAttributeNames.#b`", "`expressionAttributeValues.:a`"],
        ),
        (json!({"conditionExpression": "#x = :y"}), ["`#x`", "`:y`"]),
        (
            json!({"conditionExpression": "a = :a", "expressionAttributeValues": {"a": 1}}),
            ["`expressionAttributeValues.a`", "must be `:`"],
        ),
    ] {
        harness.refuses("create-item", event(more), "InvalidInput", &parts).await;
    }
    assert!(harness.proxy().take_seen().is_empty());
}

/// An attribute may have the name of a keyword or a function in every place. No operand here is compared with itself: AWS
/// refuses that, and the embedded engine does not.
#[tokio::test]
async fn keywords_and_functions_may_name_attributes() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let item = json!({
        "id": "a", "and": 1, "or": 1, "not": 1, "in": 1, "between": 1, "set": 1, "size": "x", "contains": ["x"],
        "m": {"and": {"not": [1]}},
    });
    harness.put("Tab", item.clone()).await;
    let with_values = |mut event: serde_json::Value, expression: &str| {
        let values = [(":zero", json!(0)), (":one", json!(1)), (":two", json!(2)), (":x", json!("x"))];
        let used = values.into_iter().filter(|(name, _)| expression.contains(name));
        event["expressionAttributeValues"] = used.map(|(name, value)| (name.to_owned(), value)).collect();
        event
    };
    for (condition, holds) in [
        ("and = or AND or = and OR and = :zero", true),
        ("(and = :zero) or (or = :one)", true),
        ("between BETWEEN :zero AND :two", true),
        ("between between in and and", true),
        ("in IN (between, not, and)", true),
        ("NOT not = :zero", true),
        ("not not not = in", true),
        ("not IN (:one)", true),
        ("NOT in = :one", false),
        ("NOT in IN (:zero)", true),
        ("NOT and = :one", false),
        ("not BETWEEN :zero AND :two", true),
        ("NOT between = :one", false),
        ("NOT between BETWEEN :zero AND :two", false),
        ("NOT between BETWEEN and AND :two", false),
        ("between BETWEEN not AND in AND NOT and = :zero", true),
        ("size(size) = :one", true),
        ("contains(contains, :x)", true),
        ("m.and.not[0] = not", true),
        ("attribute_exists(set) AND NOT attribute_exists(remove)", true),
    ] {
        let event = with_values(json!({"tableName": "Tab", "item": item, "conditionExpression": condition}), condition);
        if holds {
            harness.ok("create-item", event).await;
        } else {
            harness.refuses("create-item", event, "ConditionalCheckFailedException", &[]).await;
        }
    }
    for (update, name, expected) in [
        ("set set = set + :two remove or", "set", json!(3)),
        ("ADD add :two, set :two", "set", json!(5)),
        ("SET size = if_not_exists(remove, set), delete = :x", "size", json!(5)),
        ("remove remove, add Set not = not-and", "not", json!(0)),
        ("SET list_append = list_append(contains, contains)", "list_append", json!(["x", "x"])),
        ("SET m.and.not[0] = between ADD between :one", "m", json!({"and": {"not": [1]}})),
    ] {
        let event =
            json!({"tableName": "Tab", "hashKeyValue": "a", "updateExpression": update, "outputFormat": "plain"});
        let answer = harness.ok("update-item", with_values(event, update)).await;
        assert_eq!(answer["data"]["Attributes"][name], expected, "{update}");
    }
}

#[tokio::test]
async fn names_that_start_with_an_underscore_just_work() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1, "_rev": 1, "m": {"_x": [1]}})).await;
    let key = json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1, "outputFormat": "plain"});
    let with = |more: serde_json::Value| {
        let mut event = key.clone();
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let event = with(json!({
        "updateExpression": "SET _rev = _rev + :one, m._x[0] = :two REMOVE _none ADD _n :one",
        "conditionExpression": "_rev = :one AND attribute_not_exists(_none) AND m._x[0] < :two",
        "expressionAttributeValues": {":one": 1, ":two": 2},
    }));
    let answer = harness.ok("update-item", event).await;
    assert_eq!(answer["data"]["Attributes"], json!({"id": "a", "at": 1, "_rev": 2, "_n": 1, "m": {"_x": [2]}}));
    let answer = harness.ok("get-item", with(json!({"projectionExpression": "_rev, m._x[0]"}))).await;
    assert_eq!(answer["data"]["result"]["Item"], json!({"_rev": 2, "m": {"_x": [2]}}));
    let event = json!({
        "tableName": "Tab", "keyConditionExpression": "id = :id", "filterExpression": "_rev IN (:two) AND NOT _n = :two",
        "projectionExpression": "_n", "expressionAttributeValues": {":id": "a", ":two": 2},
    });
    assert_eq!(harness.ok("query-items", event).await["data"]["Items"], json!([{"_n": 1}]));
    harness.ok("update-item", with(json!({"set": {"_rev": 5}, "remove": "_n"}))).await;
}

/// An error of syntax is often the reason why a placeholder is not used. DynamoDB reports it first, and so does the function.
#[tokio::test]
async fn an_error_of_syntax_is_reported_before_a_placeholder() {
    let harness = Harness::new().await;
    harness.table("Tab", true).await;
    harness.put("Tab", json!({"id": "a", "at": 1})).await;
    let unused = json!({":unused": 1, ":v": "x"});
    let key =
        || json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1, "expressionAttributeValues": unused});
    for (function, input, expression) in [
        ("create-item", "conditionExpression", "id == :v"),
        ("create-item", "conditionExpression", "id = :v AND"),
        ("create-item", "conditionExpression", "id = :v AND (at = :missing"),
        ("update-item", "updateExpression", "SET Name := :v"),
        ("update-item", "updateExpression", "SET Name :v"),
        ("update-item", "updateExpression", "Name = :v"),
        ("delete-item", "conditionExpression", "Name = 'x'"),
        ("query-items", "keyConditionExpression", "id == :v"),
        ("query-items", "filterExpression", "Name LIKE :v"),
        ("query-items", "projectionExpression", "id Name"),
    ] {
        let mut event = key();
        match function {
            "create-item" => {
                event = json!({"tableName": "Tab", "item": {"id": "a", "at": 1}, "expressionAttributeValues": unused})
            }
            "query-items" => {
                event = json!({"tableName": "Tab", "keyConditionExpression": "id = :v", "expressionAttributeValues": unused});
            }
            _ => {}
        }
        event[input] = expression.into();
        // The embedded engine has another message for a projection.
        let part = if input == "projectionExpression" { "ProjectionExpression" } else { "Syntax error" };
        harness.refuses(function, event, "ValidationException", &[part]).await;
    }
    // The same events with the syntax put right.
    let mut event = key();
    event["updateExpression"] = "SET Name = :v".into();
    harness.refuses("update-item", event, "InvalidInput", &["`expressionAttributeValues.:unused`: used by no"]).await;
    let event = json!({"tableName": "Tab", "keyConditionExpression": "id = :v", "filterExpression": "Name = :w", "expressionAttributeValues": unused});
    harness.refuses("query-items", event, "InvalidInput", &["`filterExpression`: uses `:w`, not given"]).await;
    let item = harness.ok("get-item", json!({"tableName": "Tab", "hashKeyValue": "a", "rangeKeyValue": 1})).await;
    assert_eq!(item["data"]["result"]["Item"], json!({"id": {"S": "a"}, "at": {"N": "1"}}));
}

/// What is larger than DynamoDB takes costs one short error, and no call.
#[tokio::test]
async fn expressions_have_dynamodbs_limits() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let large = "Name = :v OR ".repeat(400_000);
    let many: serde_json::Map<_, _> = (0..300_000).map(|number| (format!(":v{number}"), json!(1))).collect();
    let names: serde_json::Map<_, _> = (0..200_000).map(|number| (format!("#v{number}"), json!("x"))).collect();
    for (function, more, part) in [
        (
            "create-item",
            json!({"item": {"id": "a"}, "conditionExpression": large}),
            "`conditionExpression`: the expression has 5199999 bytes; DynamoDB takes 4096 bytes (4 KB)",
        ),
        ("get-item", json!({"hashKeyValue": "a", "projectionExpression": "x".repeat(4_097)}), "has 4097 bytes"),
        (
            "update-item",
            json!({"hashKeyValue": "a", "updateExpression": large}),
            "`updateExpression`: the expression has",
        ),
        ("query-items", json!({"keyConditionExpression": large}), "`keyConditionExpression`: the expression has"),
        (
            "create-item",
            json!({"item": {"id": "a"}, "conditionExpression": "id = :v1", "expressionAttributeValues": many}),
            "`expressionAttributeValues`: 300000 placeholders; the expressions of one request have room for 4096",
        ),
        (
            "get-item",
            json!({"hashKeyValue": "a", "expressionAttributeNames": names}),
            "`expressionAttributeNames`: 200000 placeholders",
        ),
        (
            "query-items",
            json!({
                "keyConditionExpression": "id = :v1",
                "queryParameters": {"ExpressionAttributeNames": names},
            }),
            "`queryParameters.ExpressionAttributeNames`: 200000 placeholders",
        ),
        (
            "update-item",
            json!({"hashKeyValue": "a", "set": (0..1_000).map(|field| (format!("field {field}"), json!(1))).collect::<serde_json::Map<_, _>>()}),
            "DynamoDB takes 4096 bytes (4 KB); make several updates",
        ),
        (
            "update-item",
            json!({"hashKeyValue": "a", "set": many}),
            "300000 paths; an update expression has 4096 bytes (4 KB) at most",
        ),
        (
            "update-item",
            json!({"hashKeyValue": "a", "remove": "a.".repeat(2_500_000)}),
            "it has more than 1365 names and indexes",
        ),
        (
            "create-item",
            json!({
                "item": {"id": "a"}, "conditionExpression": "id = :v",
                "expressionAttributeValues": many.iter().take(4_000).map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>(),
            }),
            "`:v`, not given in `expressionAttributeValues`",
        ),
        (
            "create-item",
            json!({
                "item": {"id": "a"},
                "expressionAttributeValues": many.iter().take(4_000).map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>(),
            }),
            " and 3990 more: used by no expression",
        ),
    ] {
        let mut event = more;
        event["tableName"] = "Tab".into();
        let error = harness.err(function, &event).await;
        assert_eq!(error.error_type, "InvalidInput", "{error:?}");
        assert!(error.error_message.contains(part), "{part}: {error:?}");
        assert!(error.error_message.len() < 2_000, "{} bytes", error.error_message.len());
    }
    let operations = harness.proxy().take_operations();
    assert!(operations.iter().all(|operation| operation == "DescribeTable"), "{operations:?}");
}

#[tokio::test]
async fn the_simple_form_takes_what_forms_send() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let item = json!({"id": "a", "tags": ["a", "b"], "nums": [1], "list": [1], "n": 1, "q": 1, "r": 1});
    let types = json!({"tags": "SS", "nums": "NS"});
    harness.ok("create-item", json!({"tableName": "Tab", "item": item, "itemTypes": types})).await;
    for (change, name, expected) in [
        (json!({"deleteFromSet": {"tags": "[\"a\"]"}}), "tags", json!({"SS": ["b"]})),
        (json!({"add": {"tags": "[\"c\", \"b\"]"}}), "tags", json!({"SS": ["b", "c"]})),
        (json!({"add": "{\"tags\": [\"d\"]}"}), "tags", json!({"SS": ["b", "c", "d"]})),
        (json!({"add": {"nums": ["3"]}, "addTypes": {"nums": "NS"}}), "nums", json!({"NS": ["1", "3"]})),
        (json!({"add": {"nums": "4"}, "addTypes": {"nums": "NS"}}), "nums", json!({"NS": ["1", "3", "4"]})),
        (
            json!({"deleteFromSet": {"nums": ["3", "4"]}, "deleteFromSetTypes": [{"key": "nums", "value": "NS"}]}),
            "nums",
            json!({"NS": ["1"]}),
        ),
        (json!({"append": {"list": "[2]"}}), "list", json!({"L": [{"N": "1"}, {"N": "2"}]})),
        (
            json!({"append": {"list": ["3"]}, "appendTypes": {"list": ["N"]}}),
            "list",
            json!({"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]}),
        ),
        (json!({"add": {"n": "2"}, "addTypes": {"n": "N"}}), "n", json!({"N": "3"})),
        (json!({"remove": "q"}), "q", json!(null)),
        (json!({"remove": "[\"r\"]"}), "r", json!(null)),
        (
            json!({"set": {}, "setTypes": "{}", "remove": [], "updateExpression": "SET n = :n", "expressionAttributeValues": {":n": 9}}),
            "n",
            json!({"N": "9"}),
        ),
    ] {
        let mut event = change;
        event["tableName"] = "Tab".into();
        event["hashKeyValue"] = "a".into();
        let mut answer = harness.ok("update-item", event.clone()).await["data"]["Attributes"][name].take();
        for set in ["SS", "NS"] {
            if let Some(elements) = answer.get_mut(set).and_then(serde_json::Value::as_array_mut) {
                elements.sort_by_key(ToString::to_string);
            }
        }
        assert_eq!(answer, expected, "{event}");
    }
    for (change, part) in [
        (json!({"add": {"tags": []}}), "`add.tags`: an empty list of elements"),
        (json!({"deleteFromSet": {"tags": "[]"}}), "`deleteFromSet.tags`: an empty list of elements"),
        (json!({"add": {"n": "x"}, "addTypes": {"n": "S"}}), "`add.n`: a number, or a list of the elements of a set"),
        (json!({"append": {"list": ["1"]}, "appendTypes": {"lsit": ["N"]}}), "`appendTypes.lsit`: a type for a name"),
    ] {
        let mut event = change;
        event["tableName"] = "Tab".into();
        event["hashKeyValue"] = "a".into();
        harness.refuses("update-item", event, "InvalidInput", &[part]).await;
    }
}
