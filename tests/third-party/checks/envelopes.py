"""Recorded events against `cargo run -- serve`, whose Lambda API is at LAMBDA_URL: ours, and those of `aws_lambda_events` in
FIXTURES, which are for other functions."""

import json
import os
import pathlib
import unittest
import urllib.request

import lines

OURS = pathlib.Path("events/envelopes")
# In this order: the queue's messages change what the requests find.
FUNCTIONS = {
    "function-url": "get-item",
    "http-api-v2": "get-item",
    "rest-v1": "get-item",
    "rest-v1-base64": "get-item",
    "alb": "get-item",
    "alb-multi-value": "get-item",
    "sqs-standard": "create-item",
    "sqs-fifo": "update-item",
    "sns": "create-item",
    "event-bridge": "create-item",
}
REQUESTS = (
    "alb-lambda-target-request",
    "apigw-request",
    "apigw-console",
    "apigw-restapi",
    "apigw-sam",
    "apigw-v2-request",
)


def invoke(function, event):
    """The answer, and whether it is an error."""
    url = f"{os.environ['LAMBDA_URL']}/2015-03-31/functions/{function}/invocations"
    with urllib.request.urlopen(urllib.request.Request(url, data=event, method="POST"), timeout=60) as response:
        return response.read(), response.headers.get("X-Amz-Function-Error") is not None


def fixtures():
    for path in sorted(pathlib.Path(os.environ["FIXTURES"]).glob("example-*.json")):
        yield path.stem.removeprefix("example-"), path.read_bytes()


class Envelopes(unittest.TestCase):
    def setUp(self):
        self.seen = 0

    def assert_seen(self, least):
        self.assertGreaterEqual(self.seen, least)

    def test_our_recorded_events_are_all_answered(self):
        self.assertEqual({path.stem for path in OURS.iterdir()}, set(FUNCTIONS))
        for name, function in FUNCTIONS.items():
            text = (OURS / f"{name}.json").read_bytes()
            answer, failed = invoke(function, text)
            self.assertFalse(failed, f"{name}: {answer}")
            event, answer = json.loads(text), json.loads(answer)
            if name.startswith("sqs"):
                ids = {record["messageId"] for record in event["Records"]}
                failures = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
                self.assertTrue(set() < failures < ids, f"{name}: {answer}")
            elif name in ("sns", "event-bridge"):
                self.assertEqual(answer["data"]["$metadata"]["httpStatusCode"], 200, name)
            else:
                self.assert_response(name, event, answer)

    def assert_response(self, name, event, answer):
        """What AWS says that it takes from a function behind HTTP:
        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html,
        https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html,
        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html"""
        known = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
        if name.startswith("alb"):
            known.add("statusDescription")
            self.assertEqual(answer["statusDescription"], "200 OK", name)
        elif event.get("version") == "2.0":
            known.add("cookies")
            # The types have it. API Gateway ignores it in this format.
            self.assertEqual(answer.get("multiValueHeaders", {}), {}, name)
        self.assertLessEqual(set(answer), known, name)
        self.assertIs(type(answer["statusCode"]), int, name)
        self.assertEqual((answer["statusCode"], answer.get("isBase64Encoded", False)), (200, False), name)
        self.assertIs(json.loads(answer["body"])["data"]["found"], True, name)
        # A load balancer takes the one or the other, as its target group is set up.
        multi = name == "alb-multi-value"
        headers = answer["multiValueHeaders" if multi else "headers"]
        self.assertEqual(headers["content-type"], ["application/json"] if multi else "application/json", name)
        if name.startswith("alb"):
            self.assertFalse(answer.get("headers" if multi else "multiValueHeaders"), name)

    def test_requests_for_other_functions_get_a_response_with_an_error(self):
        for name, event in fixtures():
            if name.startswith(REQUESTS):
                answer, failed = invoke("get-item", event)
                self.assertFalse(failed, f"{name}: {answer}")
                response = json.loads(answer)
                self.assertIn(response["statusCode"], (400, 405, 415), name)
                self.assertEqual(json.loads(response["body"])["errorType"], "InvalidInput", name)
                self.assertEqual("statusDescription" in response, name.startswith("alb"), name)
                self.seen += 1
        self.assert_seen(14)

    def test_messages_for_other_functions_fail_one_by_one(self):
        for name, event in fixtures():
            if name in ("sqs-event", "sqs-event-obj"):
                answer, failed = invoke("get-item", event)
                self.assertFalse(failed, f"{name}: {answer}")
                ids = [record["messageId"] for record in json.loads(event)["Records"]]
                self.assertEqual(json.loads(answer), {"batchItemFailures": [{"itemIdentifier": id} for id in ids]})
                self.seen += 1
        self.assert_seen(2)

    def test_what_is_delivered_for_other_functions_is_refused_for_what_it_holds(self):
        for name, event in fixtures():
            if name in ("sns-event", "sns-event-obj", "sns-event-pascal-case") or name.startswith("eventbridge"):
                answer, failed = invoke("get-item", event)
                error = json.loads(answer)
                self.assertTrue(failed and error["errorType"] == "InvalidInput", f"{name}: {error}")
                for envelope in ("Records", "detail", "source"):
                    self.assertNotIn(f"`{envelope}`", error["errorMessage"], name)
                self.seen += 1
        self.assert_seen(5)

    def test_records_of_streams_become_plain_records(self):
        for name, event in fixtures():
            if name == "dynamodb-event":
                answer, failed = invoke("plain-records", event)
                self.assertFalse(failed, f"{name}: {answer}")
                records, plain = json.loads(event)["Records"], json.loads(answer)
                self.assertEqual([record["eventID"] for record in records], [record["eventID"] for record in plain])
                self.assertEqual({record["table"] for record in plain}, {"Example-Table"})
                answer, failed = invoke("get-item", event)
                self.assertIn("plain-records", json.loads(answer)["errorMessage"])
                self.seen += 1
        self.assert_seen(1)

    def test_no_event_of_any_other_service_is_taken_for_ours(self):
        for name, event in fixtures():
            answer, failed = invoke("get-item", event)
            answer = json.loads(answer)
            if failed:
                self.assertEqual(answer["errorType"], "InvalidInput", name)
            else:
                self.assertTrue(answer.get("statusCode", 0) >= 400 or answer.get("batchItemFailures"), f"{name}: {answer}")
            self.seen += 1
        self.assert_seen(150)


if __name__ == "__main__":
    lines.main()
