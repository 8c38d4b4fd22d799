//! The permissions that `template.yaml` gives to a function's own role, and the permissions that a request needs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::deployment::Deployment;

/// An action on a resource: `dynamodb:Query` on `arn:aws:dynamodb:us-east-1:123456789012:table/Orders/index/byStatus`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Permission {
    pub(crate) action: String,
    pub(crate) resource: String,
}

/// `get-item` → `GetItemFunction`
pub(crate) fn resource(binary: &str) -> String {
    let words = binary.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect::<String>() + "Function"
}

/// All permissions that the template gives to a function's role.
pub(crate) fn granted(deployment: &Deployment, binary: &str) -> BTreeSet<Permission> {
    let list = |value: &Value| match value {
        Value::Array(values) => values.iter().map(|value| value.as_str().unwrap().to_owned()).collect(),
        value => vec![value.as_str().unwrap_or_else(|| panic!("{binary}: {value}")).to_owned()],
    };
    let function = deployment.function(&resource(binary));
    let policies = function.get("Policies").and_then(Value::as_array).cloned().unwrap_or_default();
    let statements = policies.iter().flat_map(|policy| {
        let document = match policy.as_str() {
            None => policy.clone(),
            // The template's own managed policies are known. Any other policy, given by name or ARN, could grant
            // anything.
            Some(name) => managed_policy(deployment, name).unwrap_or_else(|| panic!("{binary}: {policy} is not known")),
        };
        document["Statement"].as_array().unwrap_or_else(|| panic!("{binary}: {policy} has no statement")).clone()
    });
    let mut granted = BTreeSet::new();
    for statement in statements {
        if statement["Effect"] == "Deny" {
            continue;
        }
        assert_eq!(statement["Effect"], "Allow", "{binary}");
        for action in list(&statement["Action"]) {
            for resource in list(&statement["Resource"]) {
                granted.insert(Permission { action: action.clone(), resource });
            }
        }
    }
    granted
}

/// The document of a managed policy in the template, found by a reference to it.
fn managed_policy(deployment: &Deployment, reference: &str) -> Option<Value> {
    let policy = deployment.get("Resources", reference.strip_prefix("Ref ")?)?;
    assert_eq!(policy["Type"], "AWS::IAM::ManagedPolicy", "{reference}");
    Some(policy["Properties"]["PolicyDocument"].clone())
}

impl Permission {
    /// The table that the permission is about.
    pub(crate) fn table(&self) -> String {
        let (_, table) = self.resource.split_once(":table/").unwrap_or_default();
        table.split('/').next().unwrap_or_default().to_owned()
    }

    /// Whether this permission covers the requested one. As in IAM, a `*` in its resource matches any characters.
    pub(crate) fn covers(&self, asked: &Self) -> bool {
        self.action == asked.action && matches(&self.resource, &asked.resource)
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            (0..=text.len()).any(|from| text.is_char_boundary(from) && matches(rest, &text[from..]))
        }),
    }
}

/// The permissions that IAM requires for this request
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>).
pub(crate) fn needed(operation: &str, body: &Value) -> Vec<Permission> {
    if operation == "ListTables" {
        // IAM accepts no resource for this action.
        return vec![Permission { action: "dynamodb:ListTables".to_owned(), resource: "*".to_owned() }];
    }
    if let "BatchExecuteStatement" | "ExecuteTransaction" = operation {
        let statements = [&body["Statements"], &body["TransactStatements"]].into_iter().filter_map(Value::as_array);
        return statements.flatten().flat_map(|statement| needed("ExecuteStatement", statement)).collect();
    }
    if let "TransactGetItems" | "TransactWriteItems" = operation {
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
        let actions = body["TransactItems"].as_array().into_iter().flatten().filter_map(Value::as_object).flatten();
        return actions
            .flat_map(|(action, body)| match action.as_str() {
                "ConditionCheck" => needed("ConditionCheckItem", body),
                action => needed(&format!("{action}Item"), body),
            })
            .collect();
    }
    if let Some(tables) = body["RequestItems"].as_object() {
        // One call names several tables.
        return tables.keys().flat_map(|table| needed(operation, &json!({"TableName": table}))).collect();
    }
    let mut actions = vec![operation.to_owned()];
    let (mut table, mut index) =
        (body["TableName"].as_str().map(str::to_owned), body["IndexName"].as_str().map(str::to_owned));
    match operation {
        "CreateTable" if body["Tags"].as_array().is_some_and(|tags| !tags.is_empty()) => {
            actions.push("TagResource".to_owned());
        }
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
        "ExecuteStatement" => {
            // DynamoDB itself rejects an invalid statement.
            let Some(statement) = body["Statement"].as_str().and_then(Statement::read) else { return Vec::new() };
            actions = vec![format!("PartiQL{}", statement.verb)];
            (table, index) = (Some(statement.table), statement.index);
        }
        _ => {}
    }
    // A request may name the table by its ARN. Those for tags do so in another member.
    let table = table.or_else(|| body["ResourceArn"].as_str().map(str::to_owned)).unwrap_or_default();
    let table = table.rsplit('/').next().unwrap_or_default();
    let index = index.map(|index| format!("/index/{index}")).unwrap_or_default();
    let resource = format!("arn:aws:dynamodb:us-east-1:123456789012:table/{table}{index}");
    actions
        .into_iter()
        .map(|action| Permission { action: format!("dynamodb:{action}"), resource: resource.clone() })
        .collect()
}

/// The parts of a PartiQL statement that IAM looks at.
struct Statement {
    verb: &'static str,
    table: String,
    index: Option<String>,
}

impl Statement {
    fn read(text: &str) -> Option<Self> {
        let verb = text.split_whitespace().next()?;
        let (verb, before) = [("Select", "from"), ("Insert", "into"), ("Update", "update"), ("Delete", "from")]
            .into_iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(verb))?;
        // `"Orders"."byStatus"`
        let mut names = text
            .split_whitespace()
            .skip_while(|word| !word.eq_ignore_ascii_case(before))
            .nth(1)?
            .split('.')
            .map(|name| name.trim_matches('"').to_owned());
        Some(Self { verb, table: names.next()?, index: names.next() })
    }
}
