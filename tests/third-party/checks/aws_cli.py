"""`aws lambda invoke` against `cargo run -- serve`: LAMBDA_URL and DYNAMODB_URL are its endpoints, READY_MADE is the
command that it prints."""

import base64
import json
import os
import subprocess
import tempfile
import time
import unittest

import lines

# The credentials that `serve` gives its functions, because each access key has a database of its own.
ENVIRONMENT = os.environ | {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
}
TABLE = "CliTable"


class Answer:
    """What the CLI printed, and the payload in the output file."""

    def __init__(self, command, payload_file=None):
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
        self.status, self.error = done.returncode, done.stderr
        self.response = json.loads(done.stdout) if done.stdout.strip() else None
        self.text = None
        if payload_file and os.path.exists(payload_file):
            with open(payload_file, encoding="utf-8") as file:
                self.text = file.read()

    @property
    def payload(self):
        return json.loads(self.text)


def invoke(function, payload, *options):
    """Sends a text as it is, and every other payload as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        sent, received = os.path.join(folder, "event"), os.path.join(folder, "answer")
        with open(sent, "w", encoding="utf-8") as file:
            file.write(payload if isinstance(payload, str) else json.dumps(payload))
        command = ["aws", "lambda", "invoke", "--endpoint-url", os.environ["LAMBDA_URL"], "--function-name", function]
        return Answer([*command, "--payload", f"fileb://{sent}", *options, received], received)


def dynamodb(*arguments):
    """Calls the same database by the CLI, without a function."""
    return Answer(["aws", "dynamodb", *arguments, "--endpoint-url", os.environ["DYNAMODB_URL"], "--output", "json"])


class AwsCli(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        made = dynamodb(
            "create-table",
            *("--table-name", TABLE, "--billing-mode", "PAY_PER_REQUEST"),
            *("--attribute-definitions", "AttributeName=id,AttributeType=S"),
            *("--key-schema", "AttributeName=id,KeyType=HASH"),
        )
        if made.status != 0:
            raise RuntimeError(made.error)

    def put(self, item):
        put = dynamodb("put-item", "--table-name", TABLE, "--item", json.dumps(item))
        self.assertEqual(put.status, 0, put.error)

    def get(self, key):
        got = dynamodb("get-item", "--table-name", TABLE, "--key", json.dumps({"id": {"S": key}}))
        self.assertEqual(got.status, 0, got.error)
        # The CLI prints nothing when there is no item.
        return got.response

    def assert_refused(self, answer, code):
        self.assertNotEqual(answer.status, 0)
        self.assertIn(f"({code}) when calling the Invoke operation", answer.error)
        self.assertIsNone(answer.response)

    def test_the_command_that_serve_prints_works_as_it_stands(self):
        done = subprocess.run(
            ["bash", "-c", os.environ["READY_MADE"]], capture_output=True, text=True, timeout=60, check=False
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        # Standard output has the payload first, and then the CLI's own answer.
        payload, end = json.JSONDecoder().raw_decode(done.stdout)
        response = json.loads(done.stdout[end:])
        self.assertTrue(payload["data"]["found"], done.stdout)
        self.assertEqual(response, {"StatusCode": 200, "ExecutedVersion": "$LATEST"})

    def test_a_success_is_the_answer_of_the_function(self):
        item = {"id": {"S": "success"}, "n": {"N": "12345678901234567890.12"}, "set": {"SS": ["a", "b"]}}
        self.put(item)
        for function in ["get-item", "getItem", "arn:aws:lambda:us-east-1:123456789012:function:get-item"]:
            answer = invoke(function, {"tableName": TABLE, "hashKeyValue": "success"})
            self.assertEqual(answer.status, 0, answer.error)
            self.assertEqual(answer.response, {"StatusCode": 200, "ExecutedVersion": "$LATEST"})
            data = answer.payload["data"]
            self.assertTrue(data["found"])
            self.assertEqual(data["result"]["Item"], item)
            self.assertEqual(data["result"]["$metadata"]["httpStatusCode"], 200)

    def test_what_a_function_writes_is_what_the_cli_reads(self):
        event = {"tableName": TABLE, "item": {"id": "written", "n": 1, "m": {"x": [True, None]}}}
        answer = invoke("create-item", event)
        self.assertEqual(answer.status, 0, answer.error)
        self.assertNotIn("FunctionError", answer.response)
        self.assertEqual(
            self.get("written")["Item"],
            {"id": {"S": "written"}, "n": {"N": "1"}, "m": {"M": {"x": {"L": [{"BOOL": True}, {"NULL": True}]}}}},
        )

    def test_errors_are_function_errors_with_their_type(self):
        for function, event, error in [
            ("get-item", {"hashKeyValue": "x"}, "InvalidInput"),
            ("get-item", {"tableName": TABLE, "hashKeyValu": "x"}, "InvalidInput"),
            ("get-item", [], "InvalidInput"),
            ("describe-table", {"tableName": "NoSuchTable"}, "ResourceNotFoundException"),
            ("list-tables", {"connection": {"accessKeyId": "half"}}, "InvalidConnection"),
        ]:
            answer = invoke(function, event)
            self.assertEqual(answer.status, 0, answer.error)
            expected = {"StatusCode": 200, "FunctionError": "Unhandled", "ExecutedVersion": "$LATEST"}
            self.assertEqual(answer.response, expected)
            self.assertEqual(answer.payload["errorType"], error, answer.text)
            self.assertTrue(answer.payload["errorMessage"])
            self.assertNotIn("\n", answer.payload["errorMessage"])

    def test_log_type_tail_returns_the_log(self):
        answer = invoke("list-tables", {}, "--log-type", "Tail")
        self.assertEqual(answer.status, 0, answer.error)
        log = base64.b64decode(answer.response["LogResult"]).decode()
        for line in ["START RequestId: ", "END RequestId: ", "REPORT RequestId: "]:
            self.assertIn(line, log)
        self.assertNotIn("LogResult", invoke("list-tables", {}).response)

    def test_an_event_is_accepted_at_once_and_done_later(self):
        event = {"tableName": TABLE, "item": {"id": "later"}}
        answer = invoke("create-item", event, "--invocation-type", "Event")
        self.assertEqual(answer.status, 0, answer.error)
        self.assertEqual(answer.response, {"StatusCode": 202})
        self.assertEqual(answer.text, "")
        deadline = time.monotonic() + 20
        while not self.get("later"):
            self.assertLess(time.monotonic(), deadline, "the item never came")

    def test_a_dry_run_does_nothing(self):
        event = {"tableName": TABLE, "item": {"id": "never"}}
        answer = invoke("create-item", event, "--invocation-type", "DryRun")
        self.assertEqual(answer.status, 0, answer.error)
        self.assertEqual(answer.response, {"StatusCode": 204})
        self.assertEqual(answer.text, "")
        self.assertIsNone(self.get("never"))

    def test_an_unknown_function_is_not_found(self):
        for kind in ["RequestResponse", "Event", "DryRun"]:
            answer = invoke("no-such-function", {}, "--invocation-type", kind)
            self.assert_refused(answer, "ResourceNotFoundException")

    def test_a_payload_that_is_not_json_is_refused(self):
        for payload in ["{", "what", "{} {}"]:
            self.assert_refused(invoke("list-tables", payload), "InvalidRequestContentException")

    def test_a_payload_above_six_megabytes_is_refused(self):
        largest = 6 * 1024 * 1024
        text = json.dumps("x" * (largest - 2))
        self.assertEqual(len(text), largest)
        self.assertEqual(invoke("list-tables", text).payload["errorType"], "InvalidInput")
        self.assert_refused(invoke("list-tables", text + " "), "RequestTooLargeException")


if __name__ == "__main__":
    lines.main()
