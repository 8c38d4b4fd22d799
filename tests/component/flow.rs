use std::sync::Arc;

use local::{Identity, Role};
use serde_json::{Value, json};
use shared::catalog;

use crate::{
    component::forms::FORMS,
    harness::{FUNCTIONS, Harness},
};

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

/// What the platform adds to each step: the connection, the region, and in older flows `debug`.
struct Platform<'h> {
    harness: &'h Harness,
    connection: Value,
    debug: Option<Value>,
}

/// Named values as the platform's forms send them.
fn pairs(named: &[(&str, Value)]) -> Value {
    named.iter().map(|(name, value)| json!({"key": name, "value": value})).collect()
}

impl Platform<'_> {
    fn step(&self, action: &str, inputs: Value) -> (&'static str, Value) {
        let form = FORMS.iter().find(|form| form.action == action).unwrap();
        let mut event = inputs;
        event["awsConnection"] = self.connection.clone();
        event["awsRegion"] = "us-east-1".into();
        if let Some(debug) = &self.debug {
            event["debug"] = debug.clone();
        }
        (form.function, event)
    }

    /// Runs an action with these inputs of its form.
    async fn run(&self, action: &str, inputs: Value) -> Value {
        let (function, event) = self.step(action, inputs);
        self.harness.ok(function, event).await
    }

    /// Runs an action that must fail.
    async fn fails(&self, action: &str, inputs: Value, error_type: &str, parts: &[&str]) {
        let (function, event) = self.step(action, inputs);
        self.harness.refuses(function, event, error_type, parts).await;
    }
}

fn item(answer: &Value) -> &Value {
    &answer["data"]["result"]["Item"]
}

/// The four members that each answer of the component's page has.
fn has_metadata(data: &Value) {
    let metadata = data["$metadata"].as_object().unwrap();
    let names: Vec<&String> = metadata.keys().collect();
    assert_eq!(names, ["attempts", "httpStatusCode", "requestId", "totalRetryDelay"]);
    assert_eq!(metadata["httpStatusCode"], 200);
}

async fn tables(platform: &Platform<'_>) {
    assert!(platform.run("selectRegion", json!({})).await["result"].as_array().unwrap().len() > 20);
    let users = platform
        .run(
            "createTable",
            json!({
                "tableName": " Users ",
                "attributeDefinition": "[\n  {\"AttributeName\": \"userId\", \"AttributeType\": \"S\"}\n]",
                "keySchema": "[{\"AttributeName\": \"userId\", \"KeyType\": \"HASH\"}]",
                "billingMode": "PROVISIONED", "readCapacityUnits": "5", "writeCapacityUnits": "5",
            }),
        )
        .await;
    has_metadata(&users["data"]);
    assert_eq!(users["data"]["TableDescription"]["TableName"], "Users");
    assert_eq!(users["data"]["TableDescription"]["ProvisionedThroughput"]["ReadCapacityUnits"], 5);
    // The form's default capacities come along with on-demand, and a code editor's JSON may come as an object.
    platform
        .run(
            "createTable",
            json!({
                "tableName": "Orders",
                "attributeDefinition": [
                    {"AttributeName": "orderId", "AttributeType": "N"}, {"AttributeName": "userId", "AttributeType": "S"},
                ],
                "keySchema": [{"AttributeName": "userId", "KeyType": "HASH"}, {"AttributeName": "orderId", "KeyType": "RANGE"}],
                "billingMode": "PAY_PER_REQUEST", "readCapacityUnits": "5", "writeCapacityUnits": "5",
            }),
        )
        .await;
    let flowers = json!({
        "tableName": "Flowers", "attributeDefinition": "[{\"AttributeName\": \"Name\", \"AttributeType\": \"S\"}]",
        "keySchema": "[{\"AttributeName\": \"Name\", \"KeyType\": \"HASH\"}]", "billingMode": "",
        "readCapacityUnits": "", "writeCapacityUnits": "",
    });
    let flowers = platform.run("createTable", flowers).await;
    assert_eq!(flowers["data"]["TableDescription"]["ProvisionedThroughput"]["WriteCapacityUnits"], 5);
    let described = platform.run("describeTable", json!({"tableName": "Users"})).await;
    has_metadata(&described["data"]);
    assert_eq!(described["data"]["Table"]["TableName"], "Users");
    for fetch_all in [json!(true), json!(false), json!("true"), json!("false"), json!(""), json!(null)] {
        let listed = platform.run("listTables", json!({"fetchAll": fetch_all})).await;
        has_metadata(&listed["data"]["result"]);
        assert_eq!(listed["data"]["result"]["TableNames"], json!(["Flowers", "Orders", "Users"]));
        assert_eq!(listed["data"]["found"], true);
    }
    let choices = platform.run("selectTable", json!({})).await;
    assert_eq!(choices["result"][0], json!({"label": "Flowers", "key": "Flowers"}));
}

async fn items(platform: &Platform<'_>) {
    // Typed into the form: text, whatever the type.
    let answer = platform
        .run(
            "createItem",
            json!({
                "tableName": "Users",
                "item": pairs(&[
                    ("userId", "user-12345".into()), ("age", "32".into()), ("isActive", "true".into()),
                    ("preferences", json!({"theme": {"S": "dark"}, "notifications": {"BOOL": true}})),
                    ("tags", json!([{"S": "premium"}, {"S": "verified"}])), ("roles", json!(["admin", "user", "admin"])),
                    ("scores", json!("[\"1\", 2]")), ("photo", json!({"utf8": "é"})), ("note", "".into()),
                ]),
                "itemTypes": pairs(&[
                    ("userId", "S".into()), ("age", "N".into()), ("isActive", "BOOL".into()), ("preferences", "M".into()),
                    ("tags", "L".into()), ("roles", "SS".into()), ("scores", "NS".into()), ("photo", "B".into()),
                    ("note", "S".into()),
                ]),
                "conditionExpression": "", "expressionAttributeValues": [], "expressionAttributeValueTypes": [],
            }),
        )
        .await;
    has_metadata(&answer["data"]);
    assert_eq!(answer["data"]["ConsumedCapacity"]["TableName"], "Users");
    let got = platform.run("getItem", json!({"tableName": "Users", "value": "user-12345", "rangeKeyValue": ""})).await;
    assert_eq!(got["data"]["found"], true);
    has_metadata(&got["data"]["result"]);
    let mut expected = json!({
        "userId": {"S": "user-12345"}, "age": {"N": "32"}, "isActive": {"BOOL": true}, "note": {"S": ""},
        "preferences": {"M": {"theme": {"S": "dark"}, "notifications": {"BOOL": true}}},
        "tags": {"L": [{"S": "premium"}, {"S": "verified"}]}, "photo": {"B": "w6k="},
    });
    let mut stored = item(&got).clone();
    for (set, kind, elements) in [("roles", "SS", json!(["admin", "user"])), ("scores", "NS", json!(["1", "2"]))] {
        stored[set][kind].as_array_mut().unwrap().sort_by_key(ToString::to_string);
        expected[set] = json!({kind: elements});
    }
    assert_eq!(stored, expected);
    // Referenced from an earlier step: any JSON. With a condition, its values are used.
    for order in 1..=3 {
        let inputs = json!({
            "tableName": "Orders",
            "item": pairs(&[
                ("userId", "user-12345".into()), ("orderId", order.into()), ("total", json!(99.90)), ("status", "open".into()),
            ]),
            "itemTypes": pairs(&[
                ("userId", "S".into()), ("orderId", "N".into()), ("total", "N".into()), ("status", "S".into()),
            ]),
            "conditionExpression": "attribute_not_exists(orderId) OR status = :s",
            "expressionAttributeValues": pairs(&[(":s", "draft".into())]),
            "expressionAttributeValueTypes": pairs(&[(":s", "S".into())]),
        });
        platform.run("createItem", inputs.clone()).await;
        platform.fails("createItem", inputs, "ConditionalCheckFailedException", &["table `Orders`"]).await;
    }
    // A hash key that is the digits of a number, and the two messages that the component's users know.
    let got =
        platform.run("getItem", json!({"tableName": "Orders", "value": "user-12345", "rangeKeyValue": "1"})).await;
    assert_eq!(item(&got)["orderId"], json!({"N": "1"}));
    let none = platform.run("getItem", json!({"tableName": "Users", "value": "nobody", "rangeKeyValue": ""})).await;
    assert_eq!(none["data"]["found"], false);
    let missing = "your table has a range key, but you did not provide a range key value";
    let inputs = json!({"tableName": "Orders", "value": "user-12345", "rangeKeyValue": ""});
    platform.fails("getItem", inputs, "InvalidInput", &[missing]).await;
    let surplus = "your table does not have a range key, but you provided one";
    let inputs = json!({"tableName": "Users", "value": "user-12345", "rangeKeyValue": "Acme Inc"});
    platform.fails("getItem", inputs, "InvalidInput", &[surplus]).await;
}

async fn changes(platform: &Platform<'_>) {
    let change = |condition: &str| {
        json!({
            "tableName": "Orders", "value": "user-12345", "rangeKeyValue": "1", "query": "set status = :s, total = total + :n",
            "queryParams": pairs(&[(":s", "shipped".into()), (":n", "0.15".into())]),
            "queryParamTypes": pairs(&[(":s", "S".into()), (":n", "N".into())]), "conditionExpression": condition,
        })
    };
    let answer = platform.run("updateItem", change("")).await;
    has_metadata(&answer["data"]);
    assert_eq!(
        answer["data"]["Attributes"],
        json!({"userId": {"S": "user-12345"}, "orderId": {"N": "1"}, "total": {"N": "100.05"}, "status": {"S": "shipped"}})
    );
    assert_eq!(answer["data"]["ConsumedCapacity"]["TableName"], "Orders");
    platform.run("updateItem", change("status = :s")).await;
    platform.fails("updateItem", change("status <> :s"), "ConditionalCheckFailedException", &["UpdateItem"]).await;
    let blank = json!({
        "tableName": "Users", "value": "user-12345", "rangeKeyValue": "", "query": "REMOVE note", "queryParams": [],
        "queryParamTypes": [], "conditionExpression": "",
    });
    assert!(platform.run("updateItem", blank).await["data"]["Attributes"].get("note").is_none());

    let query = |filter: &str, parameters: Value| {
        let mut values = vec![(":u", json!("user-12345"))];
        let mut types = vec![(":u", json!("S"))];
        if !filter.is_empty() {
            values.push((":s", "open".into()));
            types.push((":s", "S".into()));
        }
        json!({
            "tableName": "Orders", "keyConditionExpression": "userId = :u", "filterExpression": filter,
            "expressionAttributeValues": pairs(&values), "expressionAttributeValueTypes": pairs(&types),
            "queryParameters": parameters,
        })
    };
    let ids = |answer: &Value| -> Vec<u64> {
        answer["data"]["Items"].as_array().unwrap().iter().map(|item| item["orderId"].as_u64().unwrap()).collect()
    };
    let answer = platform.run("queryItems", query("", json!([]))).await;
    has_metadata(&answer["data"]);
    assert_eq!(ids(&answer), [1, 2, 3]);
    assert_eq!((&answer["data"]["Count"], &answer["data"]["ScannedCount"]), (&json!(3), &json!(3)));
    assert_eq!(ids(&platform.run("queryItems", query("status = :s", json!([]))).await), [2, 3]);
    let parameters = pairs(&[("Limit", "1".into()), ("ScanIndexForward", "false".into())]);
    let answer = platform.run("queryItems", query("", parameters)).await;
    assert_eq!(ids(&answer), [3]);
    assert_eq!(answer["data"]["LastEvaluatedKey"]["orderId"], json!({"N": "3"}));
    let parameters = pairs(&[
        ("ExpressionAttributeNames", r##"{"#t": "total"}"##.into()),
        ("ProjectionExpression", "#t".into()),
        ("ExclusiveStartKey", r#"{"userId": {"S": "user-12345"}, "orderId": {"N": "2"}}"#.into()),
    ]);
    let answer = platform.run("queryItems", query("", parameters)).await;
    assert_eq!(answer["data"]["Items"], json!([{"total": 99.9}]));
}

async fn statements(platform: &Platform<'_>) {
    // The form's example with its default parameters.
    let insert = json!({
        "statement": "INSERT INTO Flowers value {'Name':?}", "parameters": "[\n  \"Rose\"\n]", "queryParameters": [],
    });
    has_metadata(&platform.run("rawRequest", insert).await["data"]);
    let select =
        json!({"statement": "SELECT * FROM Flowers WHERE Name = ?", "parameters": "[\"Rose\"]", "queryParameters": ""});
    assert_eq!(platform.run("rawRequest", select).await["data"]["Items"], json!([{"Name": {"S": "Rose"}}]));
    let all = json!({
        "statement": "SELECT Name FROM Flowers", "parameters": "",
        "queryParameters": pairs(&[("Limit", "10".into()), ("ConsistentRead", "true".into())]),
    });
    assert_eq!(platform.run("rawRequest", all).await["data"]["Items"], json!([{"Name": {"S": "Rose"}}]));
    let inside = json!({
        "statement": "SELECT Name FROM Flowers WHERE Name = ?",
        "queryParameters": pairs(&[("Parameters", "[\"Rose\"]".into())]),
    });
    assert_eq!(platform.run("rawRequest", inside).await["data"]["Items"], json!([{"Name": {"S": "Rose"}}]));
    let text = json!({"statement": "SELECT * FROM Flowers WHERE Name = ?", "parameters": "Rose"});
    platform.fails("rawRequest", text, "InvalidInput", &["`parameters`: the text is not JSON"]).await;
}

async fn the_end(platform: &Platform<'_>) {
    let delete = |condition: &str, values: Value, types: Value| {
        json!({
            "tableName": "Orders", "value": "user-12345", "rangeKeyValue": "1", "conditionExpression": condition,
            "expressionAttributeValues": values, "expressionAttributeValueTypes": types,
        })
    };
    let limit = || (pairs(&[(":limit", "1000".into())]), pairs(&[(":limit", "N".into())]));
    let (values, types) = limit();
    let refused = delete("total > :limit", values, types);
    platform.fails("deleteItem", refused, "ConditionalCheckFailedException", &["DeleteItem"]).await;
    // Values without a condition: the component drops them, and would delete whatever is there.
    let (values, types) = limit();
    let unused = delete("", values, types);
    platform.fails("deleteItem", unused, "InvalidInput", &["`expressionAttributeValues.:limit`: used by no"]).await;
    let answer = platform.run("deleteItem", delete("", json!([]), json!([]))).await;
    has_metadata(&answer["data"]);
    assert_eq!(answer["data"]["ConsumedCapacity"]["TableName"], "Orders");
    for table in ["Users", "Orders", "Flowers"] {
        let answer = platform.run("deleteTable", json!({"tableName": table})).await;
        has_metadata(&answer["data"]);
        assert_eq!(answer["data"]["TableDescription"]["TableName"], table);
    }
}

#[tokio::test]
async fn a_flow_of_the_component_works_with_each_connection() {
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.user("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG", "arn:aws:iam::123456789012:user/ada");
    identity.role(Role::new(ROLE, ["AKIAIOSFODNN7EXAMPLE"]).external_id("shared-common-secret"));
    let keys = json!({"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG\n"});
    let mut role = keys.clone();
    role["roleArn"] = ROLE.into();
    role["externalId"] = "shared-common-secret".into();
    for (connection, debug) in [
        (json!({"key": "apiKeySecret", "configVarKey": "AWS", "fields": keys}), None),
        (
            json!({"key": "awsAssumeRole", "configVarKey": "AWS", "fields": role, "token": null, "context": {"a": 1}}),
            Some(json!("true")),
        ),
        (json!({"key": "apiKeySecret", "fields": keys, "token": {}}), Some(json!(false))),
    ] {
        let harness = Harness::guarded(&identity, |builder| builder).await;
        let platform = Platform { harness: &harness, connection, debug };
        tables(&platform).await;
        items(&platform).await;
        changes(&platform).await;
        statements(&platform).await;
        the_end(&platform).await;
        let signer = if platform.connection["key"] == "awsAssumeRole" { "assumed-role/reader/" } else { "user/ada" };
        for seen in harness.proxy().take_seen() {
            let arn = seen.signed_by.unwrap().unwrap().arn;
            assert!(arn.contains(signer), "{}: {arn}", seen.operation);
        }
    }
}

/// A blank connection never becomes the function's own role.
#[tokio::test]
async fn a_blank_connection_of_the_component_is_refused() {
    let harness = Harness::new().await;
    for key in ["apiKeySecret", "awsAssumeRole"] {
        for fields in [
            json!({}),
            json!({"accessKeyId": "", "secretAccessKey": ""}),
            json!({"accessKeyId": " ", "secretAccessKey": null, "roleArn": "", "externalId": ""}),
            json!({"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": ""}),
        ] {
            let connection = json!({"key": key, "configVarKey": "AWS", "fields": fields});
            let has_connection = |name: &&str| catalog::function(name).unwrap().has_connection();
            for function in FUNCTIONS.iter().map(|(function, _)| *function).filter(has_connection) {
                let event = json!({"awsConnection": connection, "awsRegion": "us-east-1"});
                harness.refuses(function, event, "InvalidConnection", &["`awsConnection.fields"]).await;
            }
        }
    }
    assert!(harness.proxy().take_seen().is_empty());
}
