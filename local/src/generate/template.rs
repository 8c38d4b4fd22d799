//! The functions in `template.yaml`: their resources, their least privileges, their outputs.

use shared::{
    catalog::{Definition, FUNCTIONS},
    operation::{IamAction, Resource},
};

use super::{agent_tools, camel_case};

const TABLE: &str = r#"!Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TablePattern}""#;
const INDEXES: &str =
    r#"!Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TablePattern}/index/*""#;

/// The parts of `template.yaml`.
pub(super) fn parts() -> Vec<(String, String)> {
    vec![
        ("functions".into(), FUNCTIONS.iter().map(|function| resources(function)).collect::<Vec<_>>().join("\n")),
        ("outputs".into(), FUNCTIONS.iter().map(|function| outputs(function)).collect()),
    ]
}

fn resources(function: &Definition) -> String {
    let Definition { name, action, summary, .. } = function;
    let short = camel_case(name);
    let policies = policies(function);
    // What the parameter `AgentTools` offers to an agent.
    let tag = match (is_tool(function), function.is_write()) {
        (false, _) => "\"false\"",
        (true, false) => "!If [OffersReads, \"true\", \"false\"]",
        (true, true) => "!If [OffersWrites, \"true\", \"false\"]",
    };
    let retries = if function.is_write() { "WriteRetries" } else { "ReadRetries" };
    format!(
        r#"  {short}Function:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: rust-cargolambda
      BuildProperties:
        Binary: {name}
    Properties:
      Description: "{action}: {summary}"
      LoggingConfig:
        LogGroup: !Ref {short}Logs
      ReservedConcurrentExecutions: !If [ReservesConcurrency, !Ref ReservedConcurrency, !Ref AWS::NoValue]
      Tags:
        dynamodb-functions:agent-tool: {tag}
      Policies:
{policies}
  {short}Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub "/aws/lambda/${{AWS::StackName}}/{name}"
      RetentionInDays: !Ref LogRetentionDays
      KmsKeyId: !If [EncryptsLogs, !Ref LogKey, !Ref AWS::NoValue]

  {short}Invocations:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref {short}Function
      Qualifier: $LATEST
      MaximumRetryAttempts: !Ref {retries}
      DestinationConfig: !If
        - TellsOfFailures
        - OnFailure:
            Destination: !Ref FailureDestination
        - !Ref AWS::NoValue

  {short}Url:
    Type: AWS::Lambda::Url
    Condition: HasUrls
    Properties:
      AuthType: AWS_IAM
      TargetFunctionArn: !GetAtt {short}Function.Arn
"#
    )
}

/// Whether the function can be a tool of an agent at all.
fn is_tool(function: &Definition) -> bool {
    agent_tools::offered().any(|offered| offered.name == function.name)
}

/// What the function's own role may do: its operations on the tables, and what connections ask for.
fn policies(function: &Definition) -> String {
    let mut actions = function.iam_actions();
    actions.sort_unstable_by_key(|action| action.name);
    let mut text = String::new();
    let on = |wanted: Resource| -> Vec<IamAction> {
        actions.iter().filter(|action| action.resource == wanted).copied().collect()
    };
    let mut statements = String::new();
    for (resource, comment, arns) in [
        (Resource::Table, "", vec![TABLE]),
        (Resource::TableOrIndex, "            # Only reads use an index.\n", vec![TABLE, INDEXES]),
        (Resource::Any, "            # IAM accepts only * for this action.\n", vec!["\"*\""]),
    ] {
        let actions = on(resource);
        if actions.is_empty() {
            continue;
        }
        statements.push_str(comment);
        statements.push_str("            - Effect: Allow\n              Action:\n");
        for IamAction { name, .. } in &actions {
            statements.push_str(&format!("                - dynamodb:{name}\n"));
        }
        statements.push_str("              Resource:\n");
        for arn in arns {
            statements.push_str(&format!("                - {arn}\n"));
        }
    }
    if !statements.is_empty() {
        text.push_str("        - Statement:\n");
        text.push_str(&statements);
    }
    if actions.iter().any(|action| action.name == "PartiQLSelect") {
        text.push_str(&format!(
            r#"        - !If
          - DeniesFullTableScans
          - Statement:
              - Effect: Deny
                Action: dynamodb:PartiQLSelect
                Resource:
                  - {TABLE}
                  - {INDEXES}
                Condition:
                  Bool:
                    "dynamodb:FullTableScan": "true"
          - !Ref AWS::NoValue
"#
        ));
    }
    if function.has_connection() {
        text.push_str("        - !If [AssumesRoles, !Ref AssumeRolesPolicy, !Ref AWS::NoValue]\n");
        text.push_str("        - !If [ReadsSecrets, !Ref ReadSecretsPolicy, !Ref AWS::NoValue]\n");
    }
    text.push_str("        - !If [TellsOfFailures, !Ref FailureDestinationPolicy, !Ref AWS::NoValue]\n");
    text
}

fn outputs(function: &Definition) -> String {
    let Definition { name, action, summary, .. } = function;
    let short = camel_case(name);
    format!(
        r#"  {short}FunctionArn:
    Description: "{action}: {summary}"
    Value: !GetAtt {short}Function.Arn
  {short}FunctionUrl:
    Condition: HasUrls
    Description: HTTPS endpoint of {short}Function, for callers that sign with IAM
    Value: !GetAtt {short}Url.FunctionUrl
"#
    )
}
