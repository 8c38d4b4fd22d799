//! Every word that DynamoDB reserves, as the name of an attribute and of a key.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use shared::internals::expression::reserved_words::RESERVED_WORDS;

use crate::harness::Harness;

/// Every reserved word. The spelling alternates: `ABORT`, `absolute`, `Action`.
fn names() -> Vec<String> {
    let spelt = RESERVED_WORDS.iter().enumerate().map(|(place, word)| match place % 3 {
        0 => (*word).to_owned(),
        1 => word.to_ascii_lowercase(),
        _ => word[..1].to_owned() + &word[1..].to_ascii_lowercase(),
    });
    spelt.collect()
}

fn each(names: &[String], between: &str, part: impl Fn(&str) -> String) -> String {
    names.iter().map(|name| part(name)).collect::<Vec<_>>().join(between)
}

/// The words in one expression. An expression has at most 4 KB and 300 operators:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters>.
const IN_ONE_EXPRESSION: usize = 100;

#[tokio::test]
async fn every_reserved_word_is_written_read_updated_and_compared() {
    let harness = Harness::new().await;
    harness.table("Tab", false).await;
    let names = names();
    let mut item: Map<String, Value> = names.iter().map(|name| (name.clone(), json!(1))).collect();
    item.insert("id".to_owned(), json!("a"));
    harness.put("Tab", Value::Object(item)).await;
    for names in names.chunks(IN_ONE_EXPRESSION) {
        // The update changes each attribute from 1 to 3.
        let event = json!({
            "tableName": "Tab", "hashKeyValue": "a", "returnValues": "UPDATED_NEW", "outputFormat": "plain",
            "updateExpression": "SET ".to_owned() + &each(names, ", ", |name| format!("{name} = {name} + :two")),
            "conditionExpression": each(names, " AND ", |name| format!("{name} = :one")),
            "expressionAttributeValues": {":one": 1, ":two": 2},
        });
        let updated: BTreeMap<_, _> = names.iter().map(|name| (name.clone(), 3)).collect();
        assert_eq!(harness.ok("update-item", event.clone()).await["data"]["Attributes"], json!(updated));
        harness.refuses("update-item", event, "ConditionalCheckFailedException", &[]).await;

        let simple = json!({
            "tableName": "Tab", "hashKeyValue": "a", "returnValues": "UPDATED_NEW", "outputFormat": "plain",
            "add": names.iter().map(|name| (name.clone(), json!(1))).collect::<Map<_, _>>(),
        });
        let added: BTreeMap<_, _> = names.iter().map(|name| (name.clone(), 4)).collect();
        assert_eq!(harness.ok("update-item", simple).await["data"]["Attributes"], json!(added));

        let projection = each(names, ",", str::to_owned);
        let event = json!({
            "tableName": "Tab", "hashKeyValue": "a", "projectionExpression": projection, "outputFormat": "plain",
        });
        assert_eq!(harness.ok("get-item", event).await["data"]["result"]["Item"], json!(added));

        for (filter, count) in [
            (each(names, " AND ", |name| format!("{name} BETWEEN :three AND :four")), 1),
            (each(names, " OR ", |name| format!("NOT {name} IN (:three, :four)")), 0),
        ] {
            let event = json!({
                "tableName": "Tab", "keyConditionExpression": "id = :id", "filterExpression": filter,
                "projectionExpression": projection, "expressionAttributeValues": {":id": "a", ":three": 3, ":four": 4},
            });
            let answer = harness.ok("query-items", event).await;
            assert_eq!(answer["data"]["Count"], count, "{filter}");
            assert!(answer["data"]["Items"].as_array().unwrap().iter().all(|item| *item == json!(added)));
        }
    }
}

/// The words in one table. The table and its 20 indexes have two key attributes each.
const IN_ONE_TABLE: usize = 42;

#[tokio::test]
async fn every_reserved_word_may_be_a_key() {
    let harness = Harness::new().await;
    for (number, names) in names().chunks(IN_ONE_TABLE).enumerate() {
        let table = format!("Table{number}");
        let schema = |names: &[String]| {
            let types = ["HASH", "RANGE"];
            json!(
                names
                    .iter()
                    .zip(types)
                    .map(|(name, key)| json!({"AttributeName": name, "KeyType": key}))
                    .collect::<Vec<_>>()
            )
        };
        let indexes: Vec<_> = names
            .chunks(2)
            .skip(1)
            .map(|names| {
                json!({"IndexName": format!("by-{}", names[0]), "KeySchema": schema(names), "Projection": {"ProjectionType": "ALL"}})
            })
            .collect();
        let attributes: Vec<_> =
            names.iter().map(|name| json!({"AttributeName": name, "AttributeType": "S"})).collect();
        let event = json!({
            "tableName": table, "billingMode": "PAY_PER_REQUEST", "waitUntilActive": true,
            "attributeDefinitions": attributes, "keySchema": schema(&names[..2]), "globalSecondaryIndexes": indexes,
        });
        harness.ok("create-table", event).await;
        let item: Map<String, Value> = names.iter().map(|name| (name.clone(), json!(format!("a {name}")))).collect();
        harness.put(&table, Value::Object(item.clone())).await;
        for (place, names) in names.chunks(2).enumerate() {
            let mut event = json!({
                "tableName": table,
                "keyConditionExpression": format!("{} = :hash", names[0]),
                "expressionAttributeValues": {":hash": item[&names[0]]},
            });
            if place > 0 {
                event["indexName"] = format!("by-{}", names[0]).into();
            }
            if let Some(range) = names.get(1) {
                event["keyConditionExpression"] =
                    format!("begins_with({range}, :range) AND {} = :hash", names[0]).into();
                event["expressionAttributeValues"][":range"] = "a".into();
            }
            assert_eq!(harness.ok("query-items", event).await["data"]["Items"], json!([item]), "{names:?}");
        }
        let event = json!({
            "tableName": table, "hashKeyValue": item[&names[0]], "rangeKeyValue": item[&names[1]], "outputFormat": "plain",
        });
        assert_eq!(harness.ok("get-item", event).await["data"]["result"]["Item"], json!(item));
    }
}
