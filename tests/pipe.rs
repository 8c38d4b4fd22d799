//! The pipe in `template.yaml`: when it is there, what it does, and what its role may do.

use serde_json::json;

use crate::harness::deployment::Deployment;

#[test]
fn a_pipe_reads_one_stream_and_sends_to_one_queue() {
    const STREAM: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-26T00:00:00.000";
    const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:changes";
    let with =
        |more: &[(&str, &str)]| Deployment::with(&[&[("StreamArn", STREAM), ("StreamQueue", QUEUE)], more].concat());
    for half in [&[][..], &[("StreamArn", STREAM)], &[("StreamQueue", QUEUE)]] {
        for name in ["RecordsPipe", "RecordsPipeRole"] {
            assert_eq!(Deployment::with(half).get("Resources", name), None, "{half:?}");
        }
    }
    let deployment = with(&[]);
    let pipe = deployment.get("Resources", "RecordsPipe").unwrap()["Properties"].take();
    assert_eq!((&pipe["Source"], &pipe["Target"]), (&json!(STREAM), &json!(QUEUE)));
    assert_eq!(pipe["Enrichment"], "Arn of PlainRecordsFunction");
    assert_eq!(pipe["RoleArn"], "Arn of RecordsPipeRole");
    let source = &pipe["SourceParameters"]["DynamoDBStreamParameters"];
    // A record is skipped only where there is a place for it.
    assert_eq!((&source["MaximumRetryAttempts"], source.get("DeadLetterConfig")), (&json!(-1), None));
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
    assert_eq!(source["BatchSize"], 10);

    let role = deployment.get("Resources", "RecordsPipeRole").unwrap()["Properties"].take();
    let trust = &role["AssumeRolePolicyDocument"]["Statement"];
    assert_eq!(trust.as_array().unwrap().len(), 1);
    assert_eq!(trust[0]["Principal"], json!({"Service": "pipes.amazonaws.com"}));
    assert_eq!(trust[0]["Condition"]["StringEquals"]["aws:SourceAccount"], "123456789012");
    assert_eq!(role["ManagedPolicyArns"], json!([]));
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap();
    let granted: Vec<_> = statements.iter().map(|statement| (&statement["Action"], &statement["Resource"])).collect();
    assert_eq!(
        granted,
        [
            (
                &json!([
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams"
                ]),
                &json!(STREAM)
            ),
            (&json!("lambda:InvokeFunction"), &json!("Arn of PlainRecordsFunction")),
            (&json!("sqs:SendMessage"), &json!(QUEUE)),
        ]
    );

    let destination = "arn:aws:sqs:us-east-1:123456789012:failed";
    let told = with(&[("FailureDestination", destination)]);
    let pipe = told.get("Resources", "RecordsPipe").unwrap()["Properties"].take();
    let source = &pipe["SourceParameters"]["DynamoDBStreamParameters"];
    assert_eq!(source["DeadLetterConfig"]["Arn"], destination);
    assert_eq!(source["MaximumRetryAttempts"], 10);
    let role = told.get("Resources", "RecordsPipeRole").unwrap()["Properties"].take();
    assert_eq!(role["ManagedPolicyArns"], json!(["Ref FailureDestinationPolicy"]));
}
