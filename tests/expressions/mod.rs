//! Reserved words, names and placeholders, through the binaries.

mod checks;
mod simple_form;

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

/// An attribute may have the name of a keyword or a function in every position. No operand in these expressions is
/// compared with itself: AWS rejects that, but the embedded engine does not.
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
