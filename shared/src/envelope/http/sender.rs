//! Who turned an HTTP request into JSON, and turns the response back: each in the types that `aws_lambda_events` has for it.

use aws_lambda_events::{
    alb::{AlbTargetGroupRequest, AlbTargetGroupResponse},
    apigw::{ApiGatewayProxyRequest, ApiGatewayProxyResponse, ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
    lambda_function_urls::{LambdaFunctionUrlRequest, LambdaFunctionUrlResponse},
};
use http::{HeaderMap, StatusCode};

use super::FRAME;
use crate::{
    envelope::{
        selection::{self, Member},
        to_text,
    },
    input::Members,
};

/// The sender of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    FunctionUrl,
    /// An API of Amazon API Gateway, payload format 2.0.
    HttpApi,
    /// An API of Amazon API Gateway, payload format 1.0.
    RestApi,
    /// An Application Load Balancer. `lists`: its target group has `lambda.multi_value_headers.enabled`, and takes headers as
    /// lists only.
    Balancer {
        lists: bool,
    },
}

/// A request, as far as it is read.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) method: String,
    pub(super) content_type: Option<String>,
    pub(super) content_encoding: Option<String>,
    pub(super) body: Option<String>,
    pub(super) is_base64: bool,
}

const HEADERS: [Member; 2] = [Member::metadata("content-type"), Member::metadata("content-encoding")];

/// What the types for payload format 2.0 are read from: function URLs and HTTP APIs share it
/// (<https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads>).
const FORMAT_2: [Member; 4] = [
    Member::object("requestContext", &[Member::object("http", &[METHOD_2]), Member::unread("timeEpoch", "0")]),
    Member::headers("headers", &HEADERS),
    Member::event("body"),
    Member::metadata("isBase64Encoded").or("false"),
];
const METHOD_2: Member = Member::metadata("method").or(r#""""#);

/// What the type for payload format 1.0 is read from.
const FORMAT_1: [Member; 6] = [
    Member::metadata("httpMethod"),
    Member::object("requestContext", &[Member::unread("httpMethod", r#""""#)]),
    Member::headers("headers", &HEADERS),
    Member::headers("multiValueHeaders", &HEADERS),
    Member::event("body"),
    Member::metadata("isBase64Encoded"),
];

/// What the type for load balancers is read from.
const BALANCER: [Member; 6] = [
    Member::metadata("httpMethod").or(r#""""#),
    Member::object("requestContext", &[Member::object("elb", &[])]),
    Member::headers("headers", &HEADERS),
    Member::headers("multiValueHeaders", &HEADERS),
    Member::event("body"),
    Member::metadata("isBase64Encoded"),
];

impl Sender {
    /// The sender of a payload. `None`: it is not an HTTP request.
    pub(super) fn of(payload: &Members<'_>) -> Option<Self> {
        let context = payload.get("requestContext")?;
        let [http, elb, domain] = selection::select(context, ["http", "elb", "domainName"])?;
        if http.is_some() {
            // https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html: `<url-id>.lambda-url.<region>.on.aws`
            let is_url = domain.is_some_and(|domain| domain.get().contains(".lambda-url."));
            Some(if is_url { Self::FunctionUrl } else { Self::HttpApi })
        } else if elb.is_some() {
            Some(Self::Balancer { lists: is(payload, "multiValueHeaders", '{') })
        } else {
            is(payload, "httpMethod", '"').then_some(Self::RestApi)
        }
    }

    /// Reads a request.
    pub(super) fn read(self, payload: &Members<'_>) -> Result<Received, serde_json::Error> {
        Ok(match self {
            Self::FunctionUrl => {
                let request: LambdaFunctionUrlRequest = selection::read(payload, &FORMAT_2)?;
                Received {
                    method: request.request_context.http.method.unwrap_or_default(),
                    body: request.body,
                    is_base64: request.is_base64_encoded,
                    ..Received::with_headers(&request.headers, &HeaderMap::new())
                }
            }
            Self::HttpApi => {
                let request: ApiGatewayV2httpRequest = selection::read(payload, &FORMAT_2)?;
                Received {
                    method: request.request_context.http.method.to_string(),
                    body: request.body,
                    is_base64: request.is_base64_encoded,
                    ..Received::with_headers(&request.headers, &HeaderMap::new())
                }
            }
            Self::RestApi => {
                let request: ApiGatewayProxyRequest = selection::read(payload, &FORMAT_1)?;
                Received {
                    method: request.http_method.to_string(),
                    body: request.body,
                    is_base64: request.is_base64_encoded,
                    ..Received::with_headers(&request.headers, &request.multi_value_headers)
                }
            }
            Self::Balancer { .. } => {
                let request: AlbTargetGroupRequest = selection::read(payload, &BALANCER)?;
                Received {
                    method: request.http_method.to_string(),
                    body: request.body,
                    is_base64: request.is_base64_encoded,
                    ..Received::with_headers(&request.headers, &request.multi_value_headers)
                }
            }
        })
    }

    /// Writes a response, as JSON text.
    pub(super) fn write(self, status: StatusCode, headers: HeaderMap, body: String) -> String {
        let room = FRAME + body.len() + body.len() / 4;
        let status_code = i64::from(status.as_u16());
        match self {
            Self::FunctionUrl => {
                let mut response = LambdaFunctionUrlResponse::default();
                response.status_code = status_code;
                response.headers = headers;
                response.body = Some(body);
                to_text(&response, room)
            }
            Self::HttpApi => {
                let mut response = ApiGatewayV2httpResponse::default();
                response.status_code = status_code;
                response.headers = headers;
                response.body = Some(Body::Text(body));
                to_text(&response, room)
            }
            Self::RestApi => {
                let mut response = ApiGatewayProxyResponse::default();
                response.status_code = status_code;
                response.headers = headers;
                response.body = Some(Body::Text(body));
                to_text(&response, room)
            }
            Self::Balancer { lists } => {
                let mut response = AlbTargetGroupResponse::default();
                response.status_code = status_code;
                response.status_description = Some(status.to_string());
                *if lists { &mut response.multi_value_headers } else { &mut response.headers } = headers;
                response.body = Some(Body::Text(body));
                to_text(&response, room)
            }
        }
    }
}

impl Received {
    /// The headers of a request, from single values and lists. Of several values, the last one counts.
    fn with_headers(single: &HeaderMap, lists: &HeaderMap) -> Self {
        let header = |name: &str| {
            let value = lists.get_all(name).iter().next_back().or_else(|| single.get_all(name).iter().next_back())?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned()).filter(|value| !value.trim().is_empty())
        };
        Self {
            method: String::new(),
            content_type: header("content-type"),
            content_encoding: header("content-encoding"),
            body: None,
            is_base64: false,
        }
    }
}

/// Whether a member's JSON text begins with this character.
fn is(payload: &Members<'_>, name: &str, first: char) -> bool {
    payload.get(name).is_some_and(|text| text.get().starts_with(first))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{changed, refused, request};

    /// What AWS sends, and what it leaves out, does not fail a request if the functions don't need it.
    #[test]
    fn what_is_not_needed_is_not_read() {
        let needed = json!({"content-type": "application/json"});
        for context in [
            json!({"http": {"method": "POST"}}),
            json!({"http": {"method": "POST"}, "domainName": "a.lambda-url.eu-west-1.on.aws"}),
            json!({"http": {"method": "POST"}, "authorizer": {"lambda": {"a": [1, 0.5]}}, "timeEpoch": "now"}),
            json!({"elb": {}}),
            json!({"elb": {"targetGroupArn": 1}}),
            json!({}),
            json!({"identity": null, "authorizer": [], "httpMethod": 1}),
        ] {
            let mut least = json!({"requestContext": context, "httpMethod": "POST", "headers": needed, "body": "{}"});
            assert_eq!(request(&least.to_string()).take_event().unwrap(), "{}", "{least}");
            for (name, value) in [
                ("headers", json!({"content-type": "application/json", "a@b": "x", "c": "\u{0}", "d": 1, "é": null})),
                ("queryStringParameters", json!(1)),
                ("multiValueQueryStringParameters", json!([])),
                ("pathParameters", json!({"a": 1})),
                ("stageVariables", json!("x")),
                ("cookies", json!({})),
                ("multiValueHeaders", json!(null)),
                ("isBase64Encoded", json!(null)),
            ] {
                least[name] = value;
                assert_eq!(request(&least.to_string()).take_event().unwrap(), "{}", "{least}");
            }
        }
    }

    #[test]
    fn a_request_that_aws_does_not_send_is_answered_by_a_response() {
        for (member, value) in [
            ("/body", json!({})),
            ("/isBase64Encoded", json!("yes")),
            ("/headers", json!({"content-type": 1})),
            ("/headers", json!({"content-type": "\u{1}"})),
            ("/headers", json!({"content-type": "a".repeat(70_000)})),
            ("/headers", json!("content-type: application/json")),
            ("/requestContext/http", json!([])),
            ("/requestContext/http", json!({"method": "PO ST"})),
        ] {
            let request = changed("http-api-v2", |payload| *payload.pointer_mut(member).unwrap() = value);
            let (status, message) = refused(request);
            assert_eq!(status, 400);
            assert!(
                message.starts_with("the HTTP request is not as AWS sends it: ") && message.len() < 150,
                "{message}"
            );
        }
    }
}
