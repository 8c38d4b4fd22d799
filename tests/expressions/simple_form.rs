//! The simple form of an update.

use serde_json::json;

use crate::harness::Harness;

#[tokio::test]
async fn the_simple_form_accepts_what_forms_send() {
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
