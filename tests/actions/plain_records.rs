use serde_json::{Value, json};

use crate::harness::Harness;

const ARN: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-26T00:00:00.000";

/// A record whose new image is this JSON text.
fn record(number: usize, image: &str) -> String {
    format!(
        r#"{{"eventID":"e{number}","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{{"ApproximateCreationDateTime":1795767000,"Keys":{{"id":{{"N":"{number}"}}}},"NewImage":{image},"SequenceNumber":"{number}","SizeBytes":1,"StreamViewType":"NEW_IMAGE"}},"eventSourceARN":"{ARN}"}}"#
    )
}

/// The bytes of the answer.
async fn answer(harness: &Harness, event: &str) -> String {
    let invocation = harness.invoke("plain-records", event).await;
    assert!(invocation.error().is_none(), "{event}: {:?}", invocation.error());
    String::from_utf8(invocation.payload.to_vec()).unwrap()
}

/// The response to an HTTP request with this body.
async fn posted(harness: &Harness, function: &str, body: &str) -> String {
    let request = json!({
        "version": "2.0", "requestContext": {"http": {"method": "POST", "path": "/"}},
        "headers": {"content-type": "application/json"}, "body": body, "isBase64Encoded": false,
    });
    String::from_utf8(harness.invoke(function, request.to_string()).await.payload.to_vec()).unwrap()
}

#[tokio::test]
async fn a_record_becomes_plain_byte_for_byte() {
    let harness = Harness::new().await;
    let image = r#"{"z":{"S":"q\" \\ \n é"},"n":{"N":"12345678901234567890123456789012345678"},"small":{"N":"1E-130"},"exact":{"N":"1.50"},"b":{"B":"aGVsbG8="},"t":{"BOOL":true},"x":{"NULL":true},"m":{"M":{"b":{"N":"2"},"a":{"L":[{"S":""},{"L":[]}]}}},"ss":{"SS":["b","a"]},"ns":{"NS":["2.0","1"]},"bs":{"BS":["aGk=","aG8="]}}"#;
    let plain = r#"[{"eventName":"INSERT","table":"Orders","keys":{"id":7},"newImage":{"z":"q\" \\ \n é","n":12345678901234567890123456789012345678,"small":1E-130,"exact":1.50,"b":"aGVsbG8=","t":true,"x":null,"m":{"b":2,"a":["",[]]},"ss":["b","a"],"ns":[2.0,1],"bs":["aGk=","aG8="]},"sequenceNumber":"7","createdAt":"2026-11-27T08:10:00.000Z","eventID":"e7"}]"#;
    let record = record(7, image);
    let list = format!("[{record}]");
    for event in [
        list.clone(),
        format!(r#"{{"Records":{list}}}"#),
        format!(r#"{{"records":{list}}}"#),
        format!(r#"{{"records":{{"Records":{list}}}}}"#),
        json!({"records": list}).to_string(),
        format!(r#"{{"records":{list},"awsRegion":"","inputFormat":null,"debug":true}}"#),
    ] {
        assert_eq!(answer(&harness, &event).await, plain, "{event}");
    }
    assert!(harness.proxy().take_seen().is_empty());
}

#[tokio::test]
async fn what_the_functions_write_comes_back_as_it_was() {
    let harness = Harness::new().await;
    harness.table("Orders", false).await;
    let item =
        json!({"id": "a", "deep": [{"x": [1.5, null, {"y": {}}]}], "text": "ü\u{1}\"", "n": 0.10, "flag": false});
    harness.put("Orders", item.clone()).await;
    let typed = harness.ok("get-item", json!({"tableName": "Orders", "hashKeyValue": "a"})).await;
    let image = typed["data"]["result"]["Item"].to_string();
    let plain = harness.ok("plain-records", format!("[{}]", record(1, &image))).await;
    assert_eq!(plain[0]["newImage"], item);
}

#[tokio::test]
async fn a_list_keeps_its_order_and_an_empty_one_is_empty() {
    let harness = Harness::new().await;
    for empty in ["[]", " [ ] ", r#"{"Records": []}"#, r#"{"records": []}"#, r#"{"records": "[]"}"#] {
        assert_eq!(answer(&harness, empty).await, "[]", "{empty}");
    }
    let count = 10_000;
    let records: Vec<String> = (0..count).rev().map(|number| record(number, "{}")).collect();
    let plain = harness.ok("plain-records", format!("[{}]", records.join(","))).await;
    let numbers: Vec<u64> =
        plain.as_array().unwrap().iter().map(|record| record["keys"]["id"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (0..count as u64).rev().collect::<Vec<_>>());
}

/// Many small attributes are more values than an event of another function may have.
#[tokio::test]
async fn the_largest_batch_of_the_smallest_attributes_is_answered() {
    let harness = Harness::new().await;
    let attributes: Vec<String> = (0..20_000).map(|number| format!(r#""a{number}":{{"N":"1"}}"#)).collect();
    let record = record(1, &format!("{{{}}}", attributes.join(",")));
    let records = vec![record.as_str(); 6_000_000 / (record.len() + 1)];
    let plain = answer(&harness, &format!("[{}]", records.join(","))).await;
    let plain: Value = serde_json::from_str(&plain).unwrap();
    assert_eq!(plain.as_array().unwrap().len(), records.len());
    assert_eq!(plain[records.len() - 1]["newImage"]["a19999"], 1);
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_path() {
    let harness = Harness::new().await;
    let good = record(1, "{}");
    let with = |wrong: &str| format!("[{good},{good},{good},{wrong}]");
    for (records, message) in [
        (with(&record(1, r#"{"age":{"N":"old"}}"#)), "[3].dynamodb.NewImage.age.N`: `\"old\"` is not a number"),
        (with(&record(1, r#"{"age":{"AGE":"1"}}"#)), "[3].dynamodb.NewImage.age`: "),
        (with(&record(1, r#"{"age":1}"#)), "[3].dynamodb.NewImage.age`: `1` is not a typed value"),
        (with(r#"{"eventSource":"aws:dynamodb"}"#), "[3].dynamodb`: required input is missing"),
        (
            with(r#"{"eventSource":"aws:sqs","messageId":"1","body":"{}"}"#),
            "[3].eventSource`: `\"aws:sqs\"` is not `aws:dynamodb`",
        ),
        (with("7"), "[3]`: `7` is not an object"),
        ("7".to_owned(), "`: `7` is not a list of records of DynamoDB Streams"),
    ] {
        let batch = format!(r#"{{"Records":{records}}}"#);
        harness.refuses("plain-records", batch, "InvalidInput", &[&format!("`Records{message}")]).await;
        let inside = format!(r#"{{"records":{records}}}"#);
        harness.refuses("plain-records", inside, "InvalidInput", &[&format!("`records{message}")]).await;
        if records.starts_with('[') {
            harness.refuses("plain-records", records, "InvalidInput", &[&format!("`Records{message}")]).await;
        }
    }
    // A batch of a queue is refused as a whole: the queue would take an answer as success.
    let queue = json!({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": "[]"}]});
    harness.refuses("plain-records", queue, "InvalidInput", &["`Records[0].eventSource`: "]).await;
    for (event, message) in [
        ("{}", "`records`: required input is missing"),
        (r#"{"records": ""}"#, "`records`: required input is missing"),
        (r#"{"records": [], "Records": []}"#, "the same input as `"),
        (r#"{"records": "[1"}"#, "`records`: the text is not JSON"),
        (r#"{"record": []}"#, "`record`: unknown input; the nearest is `records`"),
        (r#"{"Payload": []}"#, "`Payload`: the event is wrapped once more"),
        (r"[1", "the payload is not JSON"),
    ] {
        harness.refuses("plain-records", event, "InvalidInput", &[message]).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_asks_for_a_smaller_batch() {
    let harness = Harness::with(|builder| builder.env("MAX_RESPONSE_BYTES", "300")).await;
    let one = format!("[{}]", record(1, "{}"));
    harness.ok("plain-records", &one).await;
    let three = format!("[{0},{0},{0}]", record(1, "{}"));
    harness
        .refuses("plain-records", three, "ResponseTooLarge", &["more than the 300 allowed; send fewer records at once"])
        .await;
}

#[tokio::test]
async fn other_functions_say_where_records_go() {
    let harness = Harness::new().await;
    let list = format!("[{}]", record(1, "{}"));
    for function in ["create-item", "get-item", "select-region"] {
        for event in [list.clone(), format!(r#"{{"Records":{list}}}"#)] {
            let parts =
                ["records of DynamoDB Streams (`aws:dynamodb`); the function plain-records makes plain JSON of them"];
            harness.refuses(function, event.clone(), "InvalidInput", &parts).await;
            let response: Value = serde_json::from_str(&posted(&harness, function, &event).await).unwrap();
            assert_eq!(response["statusCode"], 400, "{function} {event}");
            assert!(response["body"].as_str().unwrap().contains(parts[0]), "{function} {event}: {response}");
        }
    }
}

#[tokio::test]
async fn records_may_come_in_an_http_request() {
    let harness = Harness::new().await;
    let list = format!("[{}]", record(1, "{}"));
    let response: Value = serde_json::from_str(&posted(&harness, "plain-records", &list).await).unwrap();
    assert_eq!(response["statusCode"], 200, "{response}");
    assert_eq!(response["body"], answer(&harness, &list).await);
}
