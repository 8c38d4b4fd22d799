"""The real `aws lambda invoke` against `sam local start-lambda`, which is at LAMBDA_URL."""

import json
import os
import subprocess
import tempfile
import unittest

import lines

ENVIRONMENT = os.environ | {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
}


def invoke(function, event):
    """What the CLI says of the invocation, and the function's answer."""
    with tempfile.TemporaryDirectory() as folder:
        sent, received = os.path.join(folder, "event"), os.path.join(folder, "answer")
        with open(sent, "w", encoding="utf-8") as file:
            json.dump(event, file)
        command = ["aws", "lambda", "invoke", "--endpoint-url", os.environ["LAMBDA_URL"], "--function-name", function]
        command += ["--payload", f"fileb://{sent}", received]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        with open(received, encoding="utf-8") as file:
            return json.loads(done.stdout), json.load(file)


class SamLocalStartLambda(unittest.TestCase):
    def test_aws_lambda_invoke_gets_the_answer(self):
        said, answer = invoke("GetItemFunction", {"tableName": "Customers", "hashKeyValue": "C-1"})
        self.assertEqual(said["StatusCode"], 200)
        self.assertNotIn("FunctionError", said)
        self.assertIs(answer["data"]["found"], True, answer)
        self.assertEqual(answer["data"]["result"]["Item"]["customerId"], {"S": "C-1"})

    def test_aws_lambda_invoke_gets_the_error_and_its_type(self):
        said, answer = invoke("DescribeTableFunction", {"tableName": "NoSuchTable"})
        self.assertIn("FunctionError", said)
        self.assertEqual(answer["errorType"], "ResourceNotFoundException", answer)
        self.assertIn("NoSuchTable", answer["errorMessage"])

    def test_a_warm_container_goes_on_after_an_error(self):
        event = {"tableName": "Customers", "hashKeyValu": "C-1"}
        said, answer = invoke("GetItemFunction", event)
        self.assertIn("FunctionError", said)
        self.assertEqual(answer["errorType"], "InvalidInput", answer)
        self.assertIn("hashKeyValue", answer["errorMessage"])
        _, answer = invoke("GetItemFunction", {"tableName": "Customers", "hashKeyValue": "C-1"})
        self.assertIs(answer["data"]["found"], True, answer)


if __name__ == "__main__":
    lines.main()
