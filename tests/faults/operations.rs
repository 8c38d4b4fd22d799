//! Operations of every kind, with the item before and after.

use serde_json::{Value, json};

/// What sending an operation twice does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Nothing.
    Read,
    /// It counts twice, is refused because of itself, or answers otherwise.
    Once,
    /// Nothing, and the function itself sends it again after an error that the SDK does not repeat.
    ReadAgain,
    /// The same as sending it once.
    Repeatable,
}

pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) function: &'static str,
    /// The event, without its key's value.
    pub(super) event: fn(&str) -> Value,
    /// The item before it, without its key. `null`: there is none.
    pub(super) before: Value,
    /// The item after it happened once.
    pub(super) after: Value,
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn operations() -> Vec<Operation> {
    use Kind::{Once, Read, ReadAgain, Repeatable};
    let op = |name, kind, function, event, before, after| Operation { name, kind, function, event, before, after };
    vec![
        op("read", Read, "get-item", |id| json!({"key": {"id": id}}), json!({"n": 1}), json!({"n": 1})),
        op(
            "SELECT",
            Read,
            "raw-request",
            |id| json!({"statement": "SELECT * FROM \"Tab\" WHERE id = ?", "parameters": [id]}),
            json!({"n": 1}),
            json!({"n": 1}),
        ),
        op(
            "add",
            Once,
            "update-item",
            |id| json!({"key": {"id": id}, "add": {"n": 1}}),
            json!({"n": 1}),
            json!({"n": 2}),
        ),
        op(
            "append",
            Once,
            "update-item",
            |id| json!({"key": {"id": id}, "append": {"l": ["b"]}}),
            json!({"l": ["a"]}),
            json!({"l": ["a", "b"]}),
        ),
        op(
            "update expression",
            Once,
            "update-item",
            |id| {
                json!({
                    "key": {"id": id},
                    "updateExpression": "SET n = n + :one",
                    "expressionAttributeValues": {":one": 1},
                })
            },
            json!({"n": 1}),
            json!({"n": 2}),
        ),
        op(
            "remove of a list's element",
            Once,
            "update-item",
            |id| json!({"key": {"id": id}, "remove": ["l[0]"]}),
            json!({"l": ["a", "b", "c"]}),
            json!({"l": ["b", "c"]}),
        ),
        op(
            "set with a condition",
            Once,
            "update-item",
            |id| json!({"key": {"id": id}, "set": {"v": "new"}, "conditionExpression": "attribute_not_exists(v)"}),
            json!({"n": 1}),
            json!({"n": 1, "v": "new"}),
        ),
        op(
            "conditional put",
            Once,
            "create-item",
            |id| json!({"item": {"id": id, "v": 1}, "conditionExpression": "attribute_not_exists(id)"}),
            Value::Null,
            json!({"v": 1}),
        ),
        op(
            "put with ALL_OLD",
            Once,
            "create-item",
            |id| json!({"item": {"id": id, "v": 1}, "returnValues": "ALL_OLD"}),
            json!({"n": 1}),
            json!({"v": 1}),
        ),
        op(
            "delete with ALL_OLD",
            Once,
            "delete-item",
            |id| json!({"key": {"id": id}, "returnValues": "ALL_OLD"}),
            json!({"n": 1}),
            Value::Null,
        ),
        op(
            "PartiQL SET n = n + 1",
            Once,
            "raw-request",
            |id| json!({"statement": "UPDATE \"Tab\" SET n = n + 1 WHERE id = ?", "parameters": [id]}),
            json!({"n": 1}),
            json!({"n": 2}),
        ),
        op(
            "PartiQL INSERT",
            Once,
            "raw-request",
            |id| json!({"statement": "INSERT INTO \"Tab\" VALUE {'id': ?, 'v': 1}", "parameters": [id]}),
            Value::Null,
            json!({"v": 1}),
        ),
        op(
            "add with expectedVersion",
            Once,
            "update-item",
            |id| json!({"key": {"id": id}, "add": {"n": 1}, "expectedVersion": 7}),
            json!({"n": 1, "version": 7}),
            json!({"n": 2, "version": 8}),
        ),
        op(
            "add with a token",
            Repeatable,
            "update-item",
            |id| json!({"key": {"id": id}, "add": {"n": 1}, "requestToken": id}),
            json!({"n": 1}),
            json!({"n": 2}),
        ),
        op(
            "conditional put with a token",
            Repeatable,
            "create-item",
            |id| {
                json!({
                    "item": {"id": id, "v": 1},
                    "conditionExpression": "attribute_not_exists(id)",
                    "requestToken": id,
                })
            },
            Value::Null,
            json!({"v": 1}),
        ),
        op(
            "delete with a token and expectedVersion",
            Repeatable,
            "delete-item",
            |id| json!({"key": {"id": id}, "expectedVersion": 7, "requestToken": id}),
            json!({"version": 7}),
            Value::Null,
        ),
        op(
            "put",
            Repeatable,
            "create-item",
            |id| json!({"item": {"id": id, "v": 1}}),
            json!({"n": 1}),
            json!({"v": 1}),
        ),
        op(
            "batch of reads",
            ReadAgain,
            "batch-get-items",
            |id| json!({"keys": [{"id": id}]}),
            json!({"n": 1}),
            json!({"n": 1}),
        ),
        op(
            "batch with a put",
            Repeatable,
            "batch-write-items",
            |id| json!({"put": [{"id": id, "v": 1}]}),
            json!({"n": 1}),
            json!({"v": 1}),
        ),
        op(
            "batch with a delete",
            Repeatable,
            "batch-write-items",
            |id| json!({"delete": [id]}),
            json!({"n": 1}),
            Value::Null,
        ),
        op("delete", Repeatable, "delete-item", |id| json!({"key": {"id": id}}), json!({"n": 1}), Value::Null),
        op(
            "set and remove",
            Repeatable,
            "update-item",
            |id| json!({"key": {"id": id}, "set": {"v": 2}, "remove": ["n"]}),
            json!({"n": 1, "v": 1}),
            json!({"v": 2}),
        ),
        op(
            "transaction of reads",
            Read,
            "transact-get-items",
            |id| json!({"gets": [{"tableName": "Tab", "key": {"id": id}}]}),
            json!({"n": 1}),
            json!({"n": 1}),
        ),
        op(
            "transaction",
            Once,
            "transact-write-items",
            |id| json!({"actions": [{"update": {"tableName": "Tab", "key": {"id": id}, "add": {"n": 1}}}]}),
            json!({"n": 1}),
            json!({"n": 2}),
        ),
        op(
            "transaction of a put",
            Once,
            "transact-write-items",
            |id| json!({"actions": [{"put": {"tableName": "Tab", "item": {"id": id, "v": 1}}}]}),
            json!({"n": 1}),
            json!({"v": 1}),
        ),
        op(
            "transaction with a token",
            Repeatable,
            "transact-write-items",
            |id| {
                json!({
                    "actions": [{"update": {"tableName": "Tab", "key": {"id": id}, "add": {"n": 1}}}],
                    "requestToken": id,
                })
            },
            json!({"n": 1}),
            json!({"n": 2}),
        ),
        op(
            "batch of SELECT",
            Read,
            "batch-statements",
            |id| json!({"statements": [{"statement": "SELECT * FROM \"Tab\" WHERE id = ?", "parameters": [id]}]}),
            json!({"n": 1}),
            json!({"n": 1}),
        ),
        op(
            "batch of UPDATE",
            Once,
            "batch-statements",
            |id| json!({"statements": [add_one(id)]}),
            json!({"n": 1}),
            json!({"n": 2}),
        ),
        op(
            "transaction of SELECT",
            Read,
            "batch-statements",
            |id| {
                json!({
                    "statements": [{"statement": "SELECT * FROM \"Tab\" WHERE id = ?", "parameters": [id]}],
                    "transaction": true,
                })
            },
            json!({"n": 1}),
            json!({"n": 1}),
        ),
        op(
            "transaction of UPDATE",
            Once,
            "batch-statements",
            |id| json!({"statements": [add_one(id)], "transaction": true}),
            json!({"n": 1}),
            json!({"n": 2}),
        ),
        op(
            "transaction of UPDATE with a token",
            Repeatable,
            "batch-statements",
            |id| json!({"statements": [add_one(id)], "transaction": true, "requestToken": id}),
            json!({"n": 1}),
            json!({"n": 2}),
        ),
    ]
}

/// A statement that counts twice if it is executed twice.
fn add_one(id: &str) -> Value {
    json!({"statement": "UPDATE \"Tab\" SET n = n + 1 WHERE id = ?", "parameters": [id]})
}
