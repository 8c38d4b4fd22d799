"""What the page gives away, pasted and run: on this machine, in an account that checks signatures and policies, and at a
function URL. `page.mjs` saves it in TAKEN. FUNCTIONS is the folder of the functions' binaries."""

import base64
import functools
import http.server
import io
import json
import os
import pathlib
import re
import subprocess
import threading
import time
import unittest
import urllib.parse
import zipfile

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import lines
from statemachines import REGION, client, make_table

TAKEN = pathlib.Path(os.environ["TAKEN"])
MINISTACK_URL, LAMBDA_URL = os.environ["MINISTACK_URL"], os.environ["LAMBDA_URL"]
FUNCTION_URL = os.environ["FUNCTION_URL"]
# What is in the tables that the samples name, as the tour has it.
CUSTOMER = {"customerId": {"S": "C-1"}, "name": {"S": "Ann"}, "age": {"N": "32"}, "address": {"M": {"zip": {"S": "0150"}}}}
ORDERS = [{"customerId": {"S": "C-1"}, "orderId": {"N": n}, "status": {"S": "open"}} for n in ["1001", "1002"]]


def taken(name):
    return (TAKEN / name).read_text(encoding="utf-8")


def pasted(text, **environment):
    """Runs a text as a user pastes it into a shell. Returns what it printed."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    own |= {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PAGER": ""}
    done = subprocess.run(
        ["bash", "-c", text], env=own | environment, capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode != 0:
        raise AssertionError(f"{text}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def answer(printed):
    """The function's answer, before what else a command prints, and the rest."""
    payload, end = json.JSONDecoder().raw_decode(printed)
    return payload, printed[end:].strip()


class OnThisMachine(unittest.TestCase):
    names = ["get-item", "query-items", "create-item", "update-item", "raw-request", "test-connection"]

    def run_all(self, ending, check):
        for name in self.names:
            text = taken(f"{name}.{ending}")
            if name == "test-connection":
                self.assertEqual(text.count("<secretAccessKey>"), 1, text)
                text = text.replace("<secretAccessKey>", "local")
            else:
                self.assertNotIn("secretAccessKey", text)
            payload, rest = answer(pasted(text))
            self.assertIn("data", payload, f"{name}: {payload}")
            check(rest)

    def test_the_command_of_the_aws_cli(self):
        self.run_all("aws-cli.sh", lambda rest: self.assertEqual(json.loads(rest)["StatusCode"], 200))

    def test_the_command_of_curl(self):
        self.run_all("curl.sh", lambda rest: self.assertEqual(rest, ""))

    def test_the_event_as_a_file(self):
        command = ["cargo", "run", "--locked", "--quiet", "--", "invoke", "query-items", TAKEN / "query-items.download.json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["data"]["Count"], 2)


class Account:
    """Functions with the policies that were taken away, and nothing else."""

    def __init__(self):
        self.iam, self.service = client("iam", MINISTACK_URL), client("lambda", MINISTACK_URL)
        dynamodb = client("dynamodb", MINISTACK_URL)
        make_table(dynamodb, "Customers", "customerId:S")
        make_table(dynamodb, "Orders", "customerId:S", "orderId:N")
        dynamodb.put_item(TableName="Customers", Item=CUSTOMER)
        for order in ORDERS:
            dynamodb.put_item(TableName="Orders", Item=order)
        self.dynamodb = dynamodb

    def role(self, name, service, policy):
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": f"{service}.amazonaws.com"}}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
        if policy:
            self.iam.put_role_policy(RoleName=name, PolicyName="taken-away", PolicyDocument=policy)
        return made["Role"]["Arn"]

    def function(self, name, policy):
        """The function `name` whose role has this policy."""
        binary = pathlib.Path(os.environ["FUNCTIONS"], name)
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            # The zip takes the file's mode, and Lambda needs 0755.
            file.write(binary, "bootstrap")
        self.service.create_function(
            FunctionName=name,
            Runtime="provided.al2023",
            Handler="bootstrap",
            Timeout=30,
            Role=self.role(f"{name}-role", "lambda", policy),
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"AWS_ENDPOINT_URL": MINISTACK_URL}},
        )

    def user(self, name, policy):
        """The credentials of a user with this policy, as variables."""
        self.iam.create_user(UserName=name)
        if policy:
            self.iam.put_user_policy(UserName=name, PolicyName="taken-away", PolicyDocument=policy)
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


account = functools.cache(Account)
made = set()


def with_function(name):
    if name not in made:
        made.add(name)
        account().function(name, taken(f"{name}.policy.json"))
    return account()


class InAnAccount(unittest.TestCase):
    def run_task(self, name):
        """Runs the state machine that was taken away, with a role that has the caller's policy that was taken away."""
        with_function(name)
        role = account().role(f"{name}-caller", "states", taken(f"{name}.caller-policy.json"))
        states = client("stepfunctions", MINISTACK_URL)
        machine = states.create_state_machine(name=name, definition=taken(f"{name}.task.json"), roleArn=role)
        started = states.start_execution(stateMachineArn=machine["stateMachineArn"])
        for _ in range(600):
            told = states.describe_execution(executionArn=started["executionArn"])
            if told["status"] != "RUNNING":
                break
            time.sleep(0.05)
        self.assertEqual(told["status"], "SUCCEEDED", told)
        return json.loads(told["output"])

    def test_a_read_as_a_step_functions_task(self):
        self.assertEqual(self.run_task("get-item")["data"]["result"]["Item"]["name"], {"S": "Ann"})

    def test_a_query_as_a_step_functions_task(self):
        self.assertEqual(self.run_task("query-items")["data"]["Count"], 2)

    def test_an_upsert_as_a_step_functions_task_keeps_every_digit(self):
        sent = json.loads(taken("create-item.event.json"), parse_float=str)["item"]["balance"]
        self.assertEqual(sent, "12345678901234567890.12")
        self.run_task("create-item")
        item = account().dynamodb.get_item(TableName="Customers", Key={"customerId": {"S": "C-1"}})["Item"]
        self.assertEqual(item["balance"], {"N": sent})
        self.assertEqual(item["tags"], {"SS": ["premium", "verified"]})

    def test_an_update_as_a_step_functions_task(self):
        self.assertEqual(self.run_task("update-item")["data"]["Attributes"]["address"]["city"], "Bergen")

    def test_without_the_policy_the_function_may_not_read(self):
        with_function("get-item")
        account().iam.delete_role_policy(RoleName="get-item-role", PolicyName="taken-away")
        invoked = account().service.invoke(FunctionName="get-item", Payload=taken("get-item.event.json"))
        self.assertEqual(json.load(invoked["Payload"])["errorType"], "AccessDeniedException")
        document = taken("get-item.policy.json")
        account().iam.put_role_policy(RoleName="get-item-role", PolicyName="taken-away", PolicyDocument=document)

    def test_the_commands_with_the_callers_own_keys(self):
        with_function("query-items")
        caller = account().user("caller", taken("query-items.caller-policy.json"))
        for ending in ["curl.sh", "aws-cli.sh"]:
            text = taken(f"query-items-in-account.{ending}")
            self.assertIn(MINISTACK_URL, text)
            self.assertNotIn("local:local", text)
            payload, _ = answer(pasted(text, **caller))
            self.assertEqual(payload["data"]["Count"], 2, payload)


class FunctionUrl(http.server.BaseHTTPRequestHandler):
    """A function URL with `AuthType: AWS_IAM`. It checks the signature with botocore, and hands query-items of
    `cargo run -- serve` an event as Lambda does."""

    key, secret = "AKIAEXAMPLE", "a/secret+of=forty"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        status, text = (200, self.invoke(body)) if self.is_signed(body) else (403, '{"Message": "Forbidden"}')
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def is_signed(self, body):
        given = self.headers["authorization"] or ""
        names = re.search(r"SignedHeaders=([^,]*)", given)
        if not names:
            return False
        headers = {name: self.headers[name] for name in names[1].split(";")}
        url = urllib.parse.urljoin(FUNCTION_URL, self.path)
        request = botocore.awsrequest.AWSRequest("POST", url, headers, body)
        request.context["timestamp"] = self.headers["x-amz-date"]
        signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(self.key, self.secret), "lambda", REGION)
        to_sign = signer.string_to_sign(request, signer.canonical_request(request))
        return given.endswith(f"Signature={signer.signature(to_sign, request)}")

    def invoke(self, body):
        event = json.loads(pathlib.Path("events/envelopes/function-url.json").read_text(encoding="utf-8"))
        event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        invoked = client("lambda", LAMBDA_URL).invoke(FunctionName="query-items", Payload=json.dumps(event))
        return json.load(invoked["Payload"])["body"]

    def log_message(self, *_):
        pass


class ByUrl(unittest.TestCase):
    def test_curl_signs_for_a_function_url(self):
        address = urllib.parse.urlsplit(FUNCTION_URL)
        with http.server.ThreadingHTTPServer((address.hostname, address.port), FunctionUrl) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            text = taken("query-items-by-url.curl.sh")
            keys = {"AWS_ACCESS_KEY_ID": FunctionUrl.key, "AWS_SECRET_ACCESS_KEY": FunctionUrl.secret}
            payload, _ = answer(pasted(text, **keys))
            self.assertEqual(payload["data"]["Count"], 2, payload)
            payload, _ = answer(pasted(text, **keys | {"AWS_SECRET_ACCESS_KEY": "wrong"}))
            self.assertEqual(payload, {"Message": "Forbidden"})
            server.shutdown()


if __name__ == "__main__":
    lines.main()
