use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    super::{
        Envelope,
        tests::{open, recorded},
    },
    LARGEST_OF_BALANCER, Request,
};
use crate::{answer::Answer, error::Error};

pub(super) fn request(payload: &str) -> Request {
    match open(payload).unwrap() {
        Some(Envelope::Http(request)) => request,
        other => panic!("{other:?}"),
    }
}

/// A request with other members than the recorded one.
pub(super) fn changed(name: &str, change: impl FnOnce(&mut Value)) -> Request {
    let mut payload: Value = serde_json::from_str(&recorded(name)).unwrap();
    change(&mut payload);
    request(&payload.to_string())
}

fn of_type(content_type: &str) -> Request {
    changed("function-url", |payload| payload["headers"]["content-type"] = content_type.into())
}

fn response(request: &Request, result: Result<Answer, Error>) -> Value {
    serde_json::from_str(&request.respond(result)).unwrap()
}

/// The status and `errorMessage` of a request whose body is not read.
pub(super) fn refused(mut request: Request) -> (u64, String) {
    let error = request.take_event().unwrap_err();
    assert_eq!(error.error_type(), "InvalidInput");
    let response = response(&request, Err(error));
    let body: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["errorType"], "InvalidInput");
    (response["statusCode"].as_u64().unwrap(), body["errorMessage"].as_str().unwrap().to_owned())
}

const RECORDED: [&str; 6] = ["function-url", "http-api-v2", "rest-v1", "rest-v1-base64", "alb", "alb-multi-value"];

#[test]
fn the_event_is_in_the_body() {
    for name in RECORDED {
        let event = request(&recorded(name)).take_event().unwrap();
        assert!(event.starts_with(r#"{"tableName": "#), "{name}: {event}");
        assert!(event.contains(r#""hashKeyValue": "C-1""#), "{name}: {event}");
    }
    let body = r#"{"item":{"a":12345678901234567890.10,"ø":"\u0000"}}"#;
    let mut plain = changed("alb", |payload| payload["body"] = body.into());
    assert_eq!(plain.take_event().unwrap(), body);
    let mut encoded = changed("alb", |payload| {
        payload["body"] = STANDARD.encode(body).into();
        payload["isBase64Encoded"] = true.into();
    });
    assert_eq!(encoded.take_event().unwrap(), body);
}

#[test]
fn json_is_known_by_its_type_however_that_is_written() {
    for content_type in [
        "application/json",
        "Application/JSON; charset=utf-8",
        " application/json;charset=UTF-8",
        "application/vnd.api+json",
        "application/problem+json; v=1",
    ] {
        assert!(of_type(content_type).take_event().is_ok(), "{content_type}");
    }
    for name in ["content-type", "Content-Type", "CONTENT-TYPE", "cOnTeNt-tYpE"] {
        let single = |of: &str| changed("function-url", |payload| payload["headers"] = json!({name: of}));
        assert!(single("application/json").take_event().is_ok(), "{name}");
        assert_eq!(refused(single("text/plain")).0, 415, "{name}");
        let list = |of: &[&str]| changed("alb-multi-value", |payload| payload["multiValueHeaders"] = json!({name: of}));
        assert!(list(&["text/plain", "application/json"]).take_event().is_ok(), "{name}");
        assert_eq!(refused(list(&["application/json", "text/plain"])).0, 415, "{name}");
    }
}

/// A page on another site can send a request without a content type, but none with JSON's.
#[test]
fn a_request_without_a_content_type_is_refused() {
    for headers in [json!(null), json!({}), json!({"accept": "text/html"}), json!({"content-type": ""})] {
        for name in RECORDED {
            let request = changed(name, |payload| {
                payload["headers"] = headers.clone();
                payload["multiValueHeaders"] = Value::Null;
            });
            let (status, message) = refused(request);
            assert_eq!(status, 415, "{name} {headers}");
            assert_eq!(message, "the request has no content type; send `content-type: application/json`");
        }
    }
}

#[test]
fn only_a_load_balancer_checks_the_health() {
    for (name, method, expected) in [
        ("alb", "GET", Some(r#"{"status":"ok"}"#)),
        ("alb-multi-value", "GET", Some(r#"{"status":"ok"}"#)),
        ("alb", "HEAD", Some("")),
        ("alb", "POST", None),
        ("alb", "get", None),
        ("rest-v1", "GET", None),
    ] {
        let request = changed(name, |payload| payload["httpMethod"] = method.into());
        assert_eq!(request.is_health_check(), expected.is_some(), "{name} {method}");
        if let Some(body) = expected {
            let response: Value = serde_json::from_str(&request.healthy()).unwrap();
            assert_eq!(response["statusCode"], 200);
            assert_eq!(response["statusDescription"], "200 OK");
            assert_eq!(response["body"], body);
        }
    }
    let url = changed("function-url", |payload| payload["requestContext"]["http"]["method"] = "GET".into());
    assert!(!url.is_health_check());
}

#[test]
fn what_is_not_json_is_refused() {
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/jsonp",
        "image/svg+json",
        "application/xml; application/json",
    ] {
        let (status, message) = refused(of_type(content_type));
        assert_eq!(status, 415);
        assert_eq!(
            message,
            format!("the content type `{content_type}` is not JSON; send `content-type: application/json`")
        );
    }
    let compressed = changed("alb", |payload| payload["headers"]["content-encoding"] = "gzip".into());
    assert_eq!(refused(compressed).0, 415);
    let mut as_it_is = changed("alb", |payload| payload["headers"]["Content-Encoding"] = "Identity".into());
    assert!(as_it_is.take_event().is_ok());
}

#[test]
fn a_method_that_carries_no_body_is_refused() {
    for (name, place) in
        [("function-url", "/requestContext/http/method"), ("rest-v1", "/httpMethod"), ("alb", "/httpMethod")]
    {
        for method in ["GET", "HEAD", "OPTIONS", "TRACE", "post"] {
            let mut request = changed(name, |payload| *payload.pointer_mut(place).unwrap() = method.into());
            let error = request.take_event().unwrap_err();
            assert_eq!(error.to_string(), format!("the method `{method}` carries no event; send it by POST"));
            let response = response(&request, Err(error));
            assert_eq!(response["statusCode"], 405);
            assert_eq!(response["headers"]["allow"], "POST, PUT, PATCH, DELETE");
        }
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let mut request = changed(name, |payload| *payload.pointer_mut(place).unwrap() = method.into());
            assert!(request.take_event().is_ok(), "{name} {method}");
        }
    }
}

#[test]
fn a_body_that_is_missing_or_broken_is_refused() {
    for body in [json!(null), json!("")] {
        let request = changed("rest-v1", |payload| payload["body"] = body);
        assert_eq!(
            refused(request),
            (400, "the request has no body; send a JSON object with the action's inputs".to_owned())
        );
    }
    for (body, message) in [
        ("{}", "the request's body is not the base64 that it is said to be"),
        ("/////w==", "the request's body is not text in UTF-8"),
    ] {
        let request = changed("rest-v1-base64", |payload| payload["body"] = body.into());
        assert_eq!(refused(request), (400, message.to_owned()));
    }
}

#[test]
fn each_sender_gets_its_own_response() {
    let answer = || Answer::from_serialize(&json!({"data": {"ø": "\"\\\u{1}"}})).unwrap();
    let headers = json!({
        "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff",
    });
    for name in RECORDED {
        let mut expected =
            json!({"statusCode": 200, "isBase64Encoded": false, "body": answer().as_ref(), "headers": headers});
        match name {
            "function-url" => expected["cookies"] = json!([]),
            "http-api-v2" => {
                expected["multiValueHeaders"] = json!({});
                expected["cookies"] = json!([]);
            }
            "alb-multi-value" => {
                expected["statusDescription"] = "200 OK".into();
                expected["headers"] = json!({});
                expected["multiValueHeaders"] = json!({
                    "content-type": ["application/json"], "cache-control": ["no-store"], "x-content-type-options": ["nosniff"],
                });
            }
            "alb" => {
                expected["statusDescription"] = "200 OK".into();
                expected["multiValueHeaders"] = json!({});
            }
            _ => expected["multiValueHeaders"] = json!({}),
        }
        assert_eq!(response(&request(&recorded(name)), Ok(answer())), expected, "{name}");
    }
}

#[test]
fn an_error_is_a_status_and_lambdas_own_error_object() {
    let error = Error::Timeout("no \"answer\"".into());
    let response = response(&request(&recorded("alb")), Err(error));
    assert_eq!(response["statusCode"], 504);
    assert_eq!(response["statusDescription"], "504 Gateway Timeout");
    assert_eq!(response["body"], r#"{"errorType":"Timeout","errorMessage":"no \"answer\""}"#);
}

#[test]
fn an_error_is_never_too_large_for_a_load_balancer() {
    let error = Error::Internal("é\"".repeat(400_000));
    let response = request(&recorded("alb")).respond(Err(error));
    assert!(response.len() < 20_000);
    let response: Value = serde_json::from_str(&response).unwrap();
    let body: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    assert!(body["errorMessage"].as_str().unwrap().ends_with('…'));
}

#[test]
fn a_load_balancer_takes_less_than_lambda() {
    let (url, balancer) = (request(&recorded("function-url")), request(&recorded("alb-multi-value")));
    assert_eq!((url.limit(6_000_000), balancer.limit(6_000_000)), (6_000_000, LARGEST_OF_BALANCER));
    assert_eq!((url.limit(1_000), balancer.limit(1_000)), (1_000, 1_000));
    assert_eq!(url.room(100), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever an answer holds: where it has room, its response keeps the limit.
    #[test]
    fn an_answer_that_has_room_fits(text in any::<String>(), quotes in "[\"\\\\]{0,300}", more in 0..64_usize, at in 0..RECORDED.len()) {
        let answer = Answer::from_serialize(&json!({quotes: text})).unwrap();
        let request = request(&recorded(RECORDED[at]));
        // The least limit with room for it, and more.
        let largest = 2 * answer.size() + super::FRAME + more;
        prop_assert!(request.room(largest) >= answer.size());
        let size = request.response_size(&answer);
        prop_assert!(size <= request.limit(largest));
        prop_assert_eq!(size, request.respond(Ok(answer)).len());
    }

    /// Whatever is in a request, it is an event or a refusal with a status.
    #[test]
    fn any_request_is_an_event_or_a_refusal(body in any::<String>(), content_type in any::<String>(), is_base64 in any::<bool>(), at in 0..RECORDED.len()) {
        let mut request = changed(RECORDED[at], |payload| {
            payload["body"] = body.into();
            payload["headers"] = json!({"content-type": content_type});
            payload["isBase64Encoded"] = is_base64.into();
        });
        if let Err(error) = request.take_event() {
            let response = response(&request, Err(error));
            prop_assert!([400, 415].contains(&response["statusCode"].as_u64().unwrap()), "{response}");
        }
    }
}
