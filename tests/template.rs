//! Compares what `template.yaml` allows for each function with what the function does.
//!
//! Every test shows that the template allows enough, because the proxy in front of DynamoDB refuses a request that the
//! template does not allow. The first test shows that the template allows no more: it makes each function call every
//! API that it can call.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use local::{Identity, Operation, Role};
use serde_json::{Value, json};

use crate::harness::{
    FUNCTIONS, Harness,
    deployment::{Deployment, template},
    permission::{granted, needed, resource},
    proxy::Canned,
};

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";
const SECRET: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:reader-??????";

/// Events that make each function call every API that it can call. They use the table `Orders`, in the order of a
/// table's life.
fn everything_it_does() -> Vec<(&'static str, Value)> {
    let key = json!({"tableName": "Orders", "hashKeyValue": "a", "rangeKeyValue": 1});
    let with = |more: Value| {
        let mut event = key.clone();
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let statement = |text: &str| ("raw-request", json!({"statement": text}));
    let statements = |texts: &[&str]| {
        let statements: Vec<Value> = texts.iter().map(|text| json!({"statement": text})).collect();
        ("batch-statements", json!({"statements": statements}))
    };
    let equal = |name: &str| json!({"tableName": "Orders", "keyConditionExpression": format!("{name} = :x"), "expressionAttributeValues": {":x": "a"}});
    let mut by_index = equal("color");
    by_index["indexName"] = json!("byColor");
    vec![
        ("select-region", json!({})),
        ("plain-records", json!({"records": []})),
        (
            "create-table",
            json!({
                "tableName": "Orders",
                "attributeDefinitions": [
                    {"AttributeName": "id", "AttributeType": "S"},
                    {"AttributeName": "at", "AttributeType": "N"},
                    {"AttributeName": "color", "AttributeType": "S"},
                ],
                "keySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
                "globalSecondaryIndexes": [{
                    "IndexName": "byColor",
                    "KeySchema": [{"AttributeName": "color", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }],
                "billingMode": "PAY_PER_REQUEST",
                "tags": {"team": "sales"},
                "waitUntilActive": true,
            }),
        ),
        ("describe-table", json!({"tableName": "Orders", "include": ["timeToLive", "pointInTimeRecovery", "tags"]})),
        (
            "update-table",
            json!({
                "tableName": "Orders",
                "deletionProtectionEnabled": false,
                "streamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
                "timeToLiveAttribute": "expiresAt",
                "pointInTimeRecovery": true,
                "tags": {"owner": "ada"},
            }),
        ),
        ("update-table", json!({"tableName": "Orders", "removeTags": ["owner"]})),
        ("list-tables", json!({"fetchAll": true})),
        ("select-table", json!({})),
        ("test-connection", json!({"tableName": "Orders"})),
        ("create-item", json!({"tableName": "Orders", "item": {"id": "a", "at": 1, "color": "red"}})),
        // A condition on the key needs the key's name.
        ("create-item", json!({"tableName": "Orders", "item": {"id": "c", "at": 1}, "expectedVersion": null})),
        ("get-item", key.clone()),
        ("update-item", with(json!({"set": {"color": "blue"}, "conditionExpression": "attribute_exists(color)"}))),
        ("delete-item", with(json!({"returnValues": "ALL_OLD"}))),
        ("query-items", equal("id")),
        ("query-items", by_index.clone()),
        ("scan-items", json!({"tableName": "Orders"})),
        ("scan-items", json!({"tableName": "Orders", "indexName": "byColor", "segments": 2})),
        (
            "batch-write-items",
            json!({"tableName": "Orders", "put": [{"id": "a", "at": 1}], "delete": [{"id": "c", "at": 1}]}),
        ),
        ("batch-get-items", json!({"tableName": "Orders", "keys": [{"id": "a", "at": 1}]})),
        statement("INSERT INTO Orders VALUE {'id': 'b', 'at': 1}"),
        statement(r#"SELECT * FROM "Orders" WHERE id = 'b'"#),
        statement(r#"SELECT * FROM "Orders"."byColor" WHERE color = 'red'"#),
        statement(r#"UPDATE "Orders" SET color = 'red' WHERE id = 'b' AND "at" = 1"#),
        statement(r#"DELETE FROM "Orders" WHERE id = 'b' AND "at" = 1"#),
        (
            "transact-write-items",
            json!({"actions": [
                {"put": {"tableName": "Orders", "item": {"id": "t", "at": 1}}},
                {"update": {"tableName": "Orders", "hashKeyValue": "t", "rangeKeyValue": 2, "set": {"color": "red"}}},
                {"delete": {"tableName": "Orders", "hashKeyValue": "t", "rangeKeyValue": 3}},
                {"check": {
                    "tableName": "Orders", "hashKeyValue": "t", "rangeKeyValue": 4,
                    "conditionExpression": "attribute_not_exists(color)",
                }},
            ]}),
        ),
        ("transact-get-items", json!({"gets": [key]})),
        statements(&[
            "INSERT INTO Orders VALUE {'id': 's', 'at': 1}",
            r#"SELECT * FROM "Orders" WHERE id = 's' AND "at" = 1"#,
            r#"UPDATE "Orders" SET color = 'red' WHERE id = 's' AND "at" = 1"#,
            r#"DELETE FROM "Orders" WHERE id = 's' AND "at" = 1"#,
        ]),
        ("delete-table", json!({"tableName": "Orders", "waitUntilDeleted": true})),
    ]
}

#[tokio::test]
async fn grants_what_is_called_and_nothing_more() {
    // The connection is a secret that holds a role. The function's own role reads the secret and assumes the role, so
    // the test covers all calls of a connection.
    let identity = Arc::new(Identity::start().await.unwrap());
    identity.role(Role::new(ROLE, ["own"]));
    identity.secret("reader", json!({"roleArn": ROLE}).to_string());
    let harness = Harness::guarded(&identity, |builder| builder).await;

    let mut called: BTreeSet<(String, String)> = BTreeSet::new();
    for (function, mut event) in everything_it_does() {
        event["connection"] = json!({"secretId": "reader"});
        if event["statement"].as_str().is_some_and(|statement| statement.contains("byColor")) {
            // Not every engine supports indexes in statements.
            harness.proxy().next("ExecuteStatement", Canned::Answer(200, r#"{"Items": []}"#.to_owned()));
        }
        harness.ok(function, event).await;
        for seen in harness.proxy().take_seen() {
            let body = serde_json::from_str(&seen.text()).unwrap();
            let needed = needed(&seen.operation, &body);
            assert!(!needed.is_empty(), "{function}: {} needs a permission", seen.operation);
            called.extend(needed.into_iter().map(|permission| (function.to_owned(), permission.action)));
        }
        for call in identity.take_calls() {
            let action = match call.operation {
                Operation::AssumeRole => "sts:AssumeRole",
                Operation::GetSecretValue => "secretsmanager:GetSecretValue",
                // This call needs no permission
                // (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
                Operation::GetCallerIdentity => continue,
            };
            called.insert((function.to_owned(), action.to_owned()));
        }
    }

    let deployment = Deployment::with(&[("AssumableRoles", ROLE), ("ReadableSecrets", SECRET)]);
    let given = FUNCTIONS.iter().flat_map(|(function, _)| {
        let permissions = granted(&deployment, function).into_iter();
        permissions.map(|permission| ((*function).to_owned(), permission.action))
    });
    let given: BTreeSet<_> = given.collect();
    let name = |set: BTreeSet<&(String, String)>| -> Vec<String> {
        set.into_iter().map(|(function, action)| format!("{function}: {action}")).collect()
    };
    assert_eq!(name(called.difference(&given).collect()), Vec::<String>::new(), "called, and not granted");
    assert_eq!(name(given.difference(&called).collect()), Vec::<String>::new(), "granted, and not called");
}

#[test]
fn grants_no_more_than_its_parameters_name() {
    let deployment =
        Deployment::with(&[("TablePattern", "Orders"), ("AssumableRoles", ROLE), ("ReadableSecrets", SECRET)]);
    let table = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";
    for (function, _) in FUNCTIONS {
        for permission in granted(&deployment, function) {
            let expected: &[&str] = match permission.action.as_str() {
                // IAM accepts no resource for this action.
                "dynamodb:ListTables" => &["*"],
                "sts:AssumeRole" => &[ROLE],
                "secretsmanager:GetSecretValue" => &[SECRET],
                // Only these actions apply to indexes, and they only read.
                "dynamodb:Query" | "dynamodb:Scan" | "dynamodb:PartiQLSelect" => &[table, &format!("{table}/index/*")],
                _ => &[table],
            };
            assert!(expected.contains(&permission.resource.as_str()), "{function}: {permission:?}");
            assert!(!permission.action.contains('*'), "{function}: {permission:?}");
        }
    }
}

#[test]
fn assumes_only_named_roles_and_reads_only_named_secrets() {
    let deployment = Deployment::with(&[]);
    for (function, _) in FUNCTIONS {
        for permission in granted(&deployment, function) {
            assert!(permission.action.starts_with("dynamodb:"), "{function}: {permission:?}");
        }
    }
}

#[test]
fn is_never_open_without_authentication() {
    let deployment = Deployment::with(&[]);
    let open = Deployment::with(&[("FunctionUrls", "true")]);
    let kinds =
        ["AWS::Serverless::Function", "AWS::Logs::LogGroup", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::Url"];
    for name in open.names("Resources") {
        let resource = open.get("Resources", &name).unwrap();
        let kind = resource["Type"].as_str().unwrap();
        assert!(kinds.contains(&kind), "{name}: whether a {kind} opens a function, this test does not know");
        if kind == "AWS::Lambda::Url" {
            assert_eq!(resource["Properties"]["AuthType"], "AWS_IAM", "{name}");
            assert_eq!(deployment.get("Resources", &name), None, "{name} is there unless asked for");
        }
    }
    for (function, _) in FUNCTIONS {
        let properties = open.function(&resource(function));
        // From these properties, SAM creates entry points and permissions for everyone.
        for property in ["Events", "FunctionUrlConfig", "EventInvokeConfig", "Role"] {
            assert_eq!(properties.get(property), None, "{function}: {property}");
        }
    }
}

#[test]
fn every_function_has_its_logs_its_url_and_its_outputs() {
    let deployment = Deployment::with(&[("FunctionUrls", "true"), ("LogRetentionDays", "7")]);
    for (function, _) in FUNCTIONS {
        let name = resource(function);
        let short = name.trim_end_matches("Function");
        let part = |section: &str, name: String| {
            deployment.get(section, &name).unwrap_or_else(|| panic!("template.yaml has no {name} in its {section}"))
        };
        let properties = deployment.function(&name);
        assert_eq!(properties["LoggingConfig"]["LogGroup"], format!("Ref {short}Logs"), "{function}");
        assert_eq!(properties["LoggingConfig"]["LogFormat"], "JSON", "{function}");
        let logs = part("Resources", format!("{short}Logs"))["Properties"].take();
        assert_eq!(logs["LogGroupName"], format!("/aws/lambda/stack/{function}"));
        assert_eq!(logs["RetentionInDays"], "7", "{function}");
        let url = part("Resources", format!("{short}Url"))["Properties"].take();
        assert_eq!(url["TargetFunctionArn"], format!("Arn of {name}"));
        assert_eq!(part("Outputs", format!("{name}Arn"))["Value"], format!("Arn of {name}"));
        assert_eq!(part("Outputs", format!("{name}Url"))["Value"], format!("FunctionUrl of {short}Url"));
    }
    assert_eq!(deployment.names("Outputs").len(), 2 * FUNCTIONS.len(), "outputs");
}

#[test]
fn unset_parameters_set_no_variable() {
    let variables = |deployment: &Deployment| deployment.function("GetItemFunction")["Environment"]["Variables"].take();
    assert_eq!(variables(&Deployment::with(&[])), json!({"MAX_RESPONSE_BYTES": 6_291_556}));
    let all = Deployment::with(&[
        ("DynamoDbEndpoint", "http://one"),
        ("StsEndpoint", "http://two"),
        ("SecretsManagerEndpoint", "http://three"),
        ("CaBundle", "/opt/ca.pem"),
        ("MetricsNamespace", "Orders"),
        ("MaxResponseBytes", "262144"),
    ]);
    let expected = json!({
        "MAX_RESPONSE_BYTES": "262144",
        "METRICS_NAMESPACE": "Orders",
        "AWS_ENDPOINT_URL_DYNAMODB": "http://one",
        "AWS_ENDPOINT_URL_STS": "http://two",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://three",
        "AWS_CA_BUNDLE": "/opt/ca.pem",
    });
    assert_eq!(variables(&all), expected);
}

/// `sam local` silently ignores a variable that the template does not have.
#[test]
fn local_variables_are_those_of_the_template() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/env.json");
    let file: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let known = &template()["Globals"]["Function"]["Environment"]["Variables"];
    for (name, value) in file["Parameters"].as_object().unwrap() {
        assert!(known.get(name).is_some(), "events/env.json: template.yaml has no {name}");
        assert!(value.as_str().unwrap().starts_with("http://host.docker.internal:"), "{name}: {value}");
    }
}

#[test]
fn requires_a_table_pattern_and_rejects_a_bare_star_for_roles_and_secrets() {
    let parameters = &template()["Parameters"];
    assert!(parameters["TablePattern"].get("Default").is_none());
    for name in ["AssumableRoles", "ReadableSecrets"] {
        let pattern = parameters[name]["AllowedPattern"].as_str().unwrap();
        assert!(pattern.starts_with("(arn:aws[a-z-]*:") && pattern.ends_with(".+)?"), "{name}: {pattern}");
    }
    for name in ["DynamoDbEndpoint", "StsEndpoint", "SecretsManagerEndpoint"] {
        let pattern = parameters[name]["AllowedPattern"].as_str().unwrap();
        assert!(pattern.starts_with("(https://.+|http://(localhost|127"), "{name}: {pattern}");
    }
}

#[test]
fn lambda_repeats_writes_and_reports_failures_only_if_configured() {
    let (none, asked) = (
        Deployment::with(&[]),
        Deployment::with(&[
            ("WriteRetries", "1"),
            ("FailureDestination", "arn:aws:sqs:us-east-1:123456789012:failed"),
            ("ReservedConcurrency", "5"),
        ]),
    );
    let reads = [
        "plain-records",
        "describe-table",
        "list-tables",
        "get-item",
        "query-items",
        "scan-items",
        "batch-get-items",
        "select-region",
        "select-table",
        "test-connection",
        "transact-get-items",
    ];
    for (function, _) in FUNCTIONS {
        let name = resource(function);
        let invocations = format!("{}Invocations", name.trim_end_matches("Function"));
        let config = |deployment: &Deployment| deployment.get("Resources", &invocations).unwrap()["Properties"].take();
        let retries = if reads.contains(&function) { json!(2) } else { json!(0) };
        assert_eq!(config(&none)["MaximumRetryAttempts"], retries, "{function}");
        assert_eq!(config(&none).get("DestinationConfig"), None, "{function}");
        assert_eq!(none.function(&name).get("ReservedConcurrentExecutions"), None, "{function}");
        if !reads.contains(&function) {
            assert_eq!(config(&asked)["MaximumRetryAttempts"], "1", "{function}");
        }
        let destination = &config(&asked)["DestinationConfig"]["OnFailure"]["Destination"];
        assert_eq!(destination, "arn:aws:sqs:us-east-1:123456789012:failed", "{function}");
        assert_eq!(asked.function(&name)["ReservedConcurrentExecutions"], "5", "{function}");
        let may_tell = granted(&asked, function).into_iter().any(|permission| permission.action == "sqs:SendMessage");
        assert!(may_tell, "{function}");
    }
}

#[test]
fn partiql_can_be_denied_full_table_scans() {
    let denied = |parameters: &[(&str, &str)]| {
        let function = Deployment::with(parameters).function("RawRequestFunction");
        let policies = function["Policies"].as_array().unwrap().clone();
        policies.into_iter().any(|policy| {
            let statement = &policy["Statement"][0];
            statement["Effect"] == "Deny"
                && statement["Action"] == "dynamodb:PartiQLSelect"
                && statement["Condition"]["Bool"]["dynamodb:FullTableScan"] == "true"
        })
    };
    assert!(denied(&[("DenyFullTableScans", "true")]));
    assert!(!denied(&[]));
}

#[test]
fn connections_and_regions_can_be_restricted() {
    let function = Deployment::with(&[("AllowedConnections", "role,secret"), ("AllowedRegions", "eu-west-1")]);
    let variables = function.function("GetItemFunction")["Environment"]["Variables"].take();
    assert_eq!(variables["ALLOWED_CONNECTIONS"], "role,secret");
    assert_eq!(variables["ALLOWED_REGIONS"], "eu-west-1");
}
