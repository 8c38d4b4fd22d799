//! The IAM policies that a call needs.

use std::collections::BTreeSet;

use shared::{Json, catalog::Definition, operation::Resource};

use super::{Target, connection, given, object, target::partition, text, texts_of};

/// Whom the policy is for.
pub(super) fn note(event: &[(String, Json)]) -> String {
    let connection = connection(event);
    let whom = if let Some(role) = given(connection, "roleArn") {
        format!("For the role `{role}`, which the connection assumes.")
    } else if given(connection, "secretId").is_some() {
        "For the identity in the secret. The function's role needs the statement about the secret.".to_owned()
    } else if connection.is_empty() {
        "For the function's role.".to_owned()
    } else {
        "For the user of the access key.".to_owned()
    };
    format!("{whom} The functions of `template.yaml` have it for the tables of `TablePattern`.")
}

/// What the identity that signs may do: the operations of the function, on the tables of the event. `None` if the function
/// calls nothing.
pub(super) fn document(definition: &Definition, event: &[(String, Json)], target: &Target) -> Option<Json> {
    let connection = connection(event);
    let region = given(event, "awsRegion").unwrap_or_else(|| target.region());
    let account = match given(connection, "roleArn") {
        Some(arn) => arn.split(':').nth(4).filter(|account| !account.is_empty()).unwrap_or("*"),
        None if connection.is_empty() => target.account(),
        None => "*",
    };
    let arn_of = |name: &str| match name {
        arn if arn.starts_with("arn:") => arn.to_owned(),
        name => format!("arn:{}:dynamodb:{region}:{account}:table/{name}", partition(region)),
    };
    let tables: Vec<String> = tables(event).into_iter().map(arn_of).collect();
    let with_indexes = tables.iter().flat_map(|table| [table.clone(), format!("{table}/index/*")]).collect();
    let mut statements = Vec::new();
    for (wanted, resources) in
        [(Resource::Table, tables), (Resource::TableOrIndex, with_indexes), (Resource::Any, vec!["*".to_owned()])]
    {
        let mut actions: Vec<String> = definition
            .iam_actions()
            .into_iter()
            .filter(|action| action.resource == wanted)
            .map(|action| format!("dynamodb:{}", action.name))
            .collect();
        actions.sort_unstable();
        if !actions.is_empty() {
            statements.push(statement(actions, resources));
        }
    }
    if let Some(secret) = given(connection, "secretId") {
        let region = given(connection, "secretRegion").unwrap_or(region);
        let arn = if secret.starts_with("arn:") {
            secret.to_owned()
        } else {
            // Secrets Manager adds a hyphen and six characters to the name.
            let account = target.account();
            format!("arn:{}:secretsmanager:{region}:{account}:secret:{secret}-??????", partition(region))
        };
        statements.push(statement(vec!["secretsmanager:GetSecretValue".to_owned()], vec![arn]));
    }
    (!statements.is_empty()).then(|| policy(statements))
}

/// The tables that the event names: for itself, or for the parts of a batch or a transaction. All tables if it names none.
fn tables(event: &[(String, Json)]) -> BTreeSet<&str> {
    if let Some(table) = given(event, "tableName") {
        return [table].into();
    }
    let mut tables = BTreeSet::new();
    let parts = event.iter().filter_map(|(_, value)| match value {
        Json::Array(parts) => Some(parts),
        _ => None,
    });
    for part in parts.flatten() {
        let Json::Object(part) = part else { continue };
        // A part of a transaction is inside of its kind: `{"put": {…}}`.
        let inside = match &part[..] {
            [(_, Json::Object(inside))] => inside,
            _ => part,
        };
        tables.extend(given(inside, "tableName"));
    }
    if tables.is_empty() {
        tables.insert("*");
    }
    tables
}

/// What the caller of the function may do.
pub(super) fn of_caller(target: &Target) -> Json {
    let mut actions = vec!["lambda:InvokeFunction".to_owned()];
    if !target.url.is_empty() {
        actions.push("lambda:InvokeFunctionUrl".to_owned());
    }
    policy(vec![statement(actions, vec![target.arn()])])
}

fn policy(statements: Vec<Json>) -> Json {
    object([("Version", text("2012-10-17")), ("Statement", Json::Array(statements))])
}

fn statement(actions: Vec<String>, resources: Vec<String>) -> Json {
    object([("Effect", text("Allow")), ("Action", texts_of(actions)), ("Resource", texts_of(resources))])
}

#[cfg(test)]
mod tests {
    use shared::catalog;

    use super::*;

    fn document_of(function: &str, event: &str) -> String {
        let Ok(Json::Object(event)) = Json::parse(event) else { panic!("{event}") };
        let target = Target {
            function: "arn:aws:lambda:us-east-1:123456789012:function:f".to_owned(),
            endpoint: String::new(),
            url: String::new(),
            is_local: true,
        };
        document(catalog::function(function).unwrap(), &event, &target)
            .map_or_else(String::new, |policy| policy.to_string())
    }

    #[test]
    fn a_function_that_calls_nothing_needs_no_policy() {
        assert_eq!(document_of("select-region", "{}"), "");
    }

    #[test]
    fn the_statement_names_the_operations_and_the_table() {
        assert_eq!(
            document_of("query-items", r#"{"tableName": "Orders", "awsRegion": "cn-north-1"}"#),
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:Query"],"Resource":["#
                .to_owned()
                + r#""arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Orders","#
                + r#""arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Orders/index/*"]}]}"#
        );
        let list = document_of("list-tables", "{}");
        assert!(list.contains(r#""Action":["dynamodb:ListTables"],"Resource":["*"]"#), "{list}");
    }

    #[test]
    fn a_transaction_names_its_tables_in_its_parts() {
        let event = r#"{"actions": [{"put": {"tableName": "A", "item": {}}}, {"check": {"tableName": "B"}}]}"#;
        let document = document_of("transact-write-items", event);
        let tables = r#":table/A","arn:aws:dynamodb:us-east-1:123456789012:table/B"]"#;
        assert!(document.contains(tables), "{document}");
        assert!(document_of("raw-request", r#"{"statement": "s"}"#).contains(":table/*"));
    }

    #[test]
    fn a_role_in_another_account_has_that_accounts_table() {
        let event = r#"{"tableName": "T", "connection": {"roleArn": "arn:aws:iam::222222222222:role/r"}}"#;
        let document = document_of("get-item", event);
        assert!(document.contains("arn:aws:dynamodb:us-east-1:222222222222:table/T"), "{document}");
        let event = r#"{"tableName": "T", "connection": {"secretId": "orders"}}"#;
        let document = document_of("get-item", event);
        assert!(document.contains(":123456789012:secret:orders-??????"), "{document}");
    }
}
