//! `envelopes FOLDER`: in FOLDER are events (`sqs-fifo.event.json`) and what the functions answered to them
//! (`sqs-fifo.answer.json`). Reads both with AWS's types, and prints a line for each.
//!
//! The functions use the same types, but read only the members that they need. Here, each event is read as a whole.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path, process::ExitCode};

use aws_lambda_events::{
    alb::{AlbTargetGroupRequest, AlbTargetGroupResponse},
    apigw::{ApiGatewayProxyRequest, ApiGatewayProxyResponse, ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
    eventbridge::EventBridgeEvent,
    lambda_function_urls::{LambdaFunctionUrlRequest, LambdaFunctionUrlResponse},
    sns::SnsEvent,
    sqs::{SqsBatchResponse, SqsEvent},
};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

type Checked = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let folder = env::args().nth(1).expect("a folder");
    let checks: BTreeMap<&str, fn(&Texts) -> Checked> = BTreeMap::from([
        ("function-url", function_url as fn(&Texts) -> Checked),
        ("http-api-v2", http_api),
        ("rest-v1", rest_api),
        ("rest-v1-base64", rest_api),
        ("alb", balancer),
        ("alb-multi-value", balancer),
        ("sqs-standard", queue),
        ("sqs-fifo", queue),
        ("sns", topic),
        ("event-bridge", bus),
    ]);
    let mut status = ExitCode::SUCCESS;
    for (name, check) in checks {
        match Texts::read(Path::new(&folder), name).and_then(|texts| check(&texts)) {
            Ok(()) => println!("passed: {name} is what AWS's types say"),
            Err(error) => {
                println!("failed: {name} is what AWS's types say ({error})");
                status = ExitCode::FAILURE;
            }
        }
    }
    status
}

struct Texts {
    event: String,
    answer: String,
}

impl Texts {
    fn read(folder: &Path, name: &str) -> Result<Self, Box<dyn Error>> {
        let text = |what| fs::read_to_string(folder.join(format!("{name}.{what}.json")));
        Ok(Self { event: text("event")?, answer: text("answer")? })
    }

    fn event<T: DeserializeOwned>(&self) -> Result<T, Box<dyn Error>> {
        serde_json::from_str(&self.event).map_err(|error| format!("the event: {error}").into())
    }

    fn answer<T: DeserializeOwned>(&self) -> Result<T, Box<dyn Error>> {
        serde_json::from_str(&self.answer).map_err(|error| format!("the answer: {error}").into())
    }
}

fn holds(what: &str, holds: bool) -> Checked {
    if holds { Ok(()) } else { Err(format!("it does not hold that {what}").into()) }
}

fn body_is_an_answer(body: Option<&str>) -> Checked {
    let body: serde_json::Value = serde_json::from_str(body.ok_or("no body")?)?;
    holds("the body is an answer", body["data"]["found"] == true)
}

fn text(body: Option<&Body>) -> Option<&str> {
    match body {
        Some(Body::Text(text)) => Some(text),
        _ => None,
    }
}

fn function_url(texts: &Texts) -> Checked {
    let event: LambdaFunctionUrlRequest = texts.event()?;
    holds("it is a POST", event.request_context.http.method.as_deref() == Some("POST"))?;
    holds("it is JSON", event.headers["content-type"] == "application/json")?;
    let answer: LambdaFunctionUrlResponse = texts.answer()?;
    holds("it is a 200", answer.status_code == 200)?;
    holds("it is JSON", answer.headers["content-type"] == "application/json")?;
    body_is_an_answer(answer.body.as_deref())
}

fn http_api(texts: &Texts) -> Checked {
    let event: ApiGatewayV2httpRequest = texts.event()?;
    holds("it is a POST", event.request_context.http.method == "POST")?;
    holds("it has a body", event.body.is_some())?;
    let answer: ApiGatewayV2httpResponse = texts.answer()?;
    holds("it is a 200", answer.status_code == 200)?;
    holds("it is JSON", answer.headers["content-type"] == "application/json")?;
    body_is_an_answer(text(answer.body.as_ref()))
}

fn rest_api(texts: &Texts) -> Checked {
    let event: ApiGatewayProxyRequest = texts.event()?;
    holds("it is a POST", event.http_method == "POST")?;
    holds("it has a body", event.body.is_some())?;
    let answer: ApiGatewayProxyResponse = texts.answer()?;
    holds("it is a 200", answer.status_code == 200)?;
    holds("it is JSON", answer.headers["content-type"] == "application/json")?;
    body_is_an_answer(text(answer.body.as_ref()))
}

fn balancer(texts: &Texts) -> Checked {
    let event: AlbTargetGroupRequest = texts.event()?;
    holds("it is a POST", event.http_method == "POST")?;
    holds("it has a target group", event.request_context.elb.target_group_arn.is_some())?;
    let answer: AlbTargetGroupResponse = texts.answer()?;
    holds("it is a 200", answer.status_code == 200 && answer.status_description.as_deref() == Some("200 OK"))?;
    let (asked, given) = if event.multi_value_headers.is_empty() {
        (&event.headers, &answer.headers)
    } else {
        (&event.multi_value_headers, &answer.multi_value_headers)
    };
    holds(
        "it has headers as it was asked",
        asked.contains_key("content-type") && given["content-type"] == "application/json",
    )?;
    holds("it has no other headers", answer.headers.is_empty() != answer.multi_value_headers.is_empty())?;
    body_is_an_answer(text(answer.body.as_ref()))
}

fn queue(texts: &Texts) -> Checked {
    let event: SqsEvent = texts.event()?;
    let answer: SqsBatchResponse = texts.answer()?;
    let ids: Vec<_> = event.records.iter().filter_map(|record| record.message_id.as_deref()).collect();
    holds("every message has an id", ids.len() == event.records.len())?;
    holds("some failed", !answer.batch_item_failures.is_empty() && answer.batch_item_failures.len() < ids.len())?;
    let known = |failure: &str| ids.contains(&failure);
    holds(
        "those that failed are known",
        answer.batch_item_failures.iter().all(|failure| known(&failure.item_identifier)),
    )
}

fn topic(texts: &Texts) -> Checked {
    let event: SnsEvent = texts.event()?;
    holds("the message is an event", event.records[0].sns.message.starts_with(r#"{"tableName""#))?;
    holds("it was answered", texts.answer::<serde_json::Value>()?["data"]["$metadata"]["httpStatusCode"] == 200)
}

fn bus(texts: &Texts) -> Checked {
    let event: EventBridgeEvent<Box<RawValue>> = texts.event()?;
    holds("the detail is an event", event.detail.get().contains(r#""tableName""#))?;
    holds("it was answered", texts.answer::<serde_json::Value>()?["data"]["$metadata"]["httpStatusCode"] == 200)
}
