"""The definitions of statemachines/, an interpreter that runs them, and an execution that has ended."""

import json
import pathlib
import re
import time
import uuid

import boto3
import botocore.config

FOLDER = pathlib.Path("statemachines")
REGION = "us-east-1"
ACCOUNT = "123456789012"
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
# What a state may hold (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
STATE_BYTES = 262_144


def files():
    return sorted(FOLDER.glob("*.asl.json"))


def text(machine):
    return (FOLDER / f"{machine}.asl.json").read_text(encoding="utf-8")


def sample(machine):
    """The input beside a definition."""
    return json.loads((FOLDER / f"{machine}.input.json").read_text(encoding="utf-8"))


def function(placeholder):
    """`CreateItemFunctionArn`, as template.yaml calls it → `create-item`, as its binary is called."""
    name = placeholder.removesuffix("FunctionArn")
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


def functions(machine):
    return sorted({function(name) for name in PLACEHOLDER.findall(text(machine))})


def definition(machine):
    """As SAM's DefinitionSubstitutions leave it."""
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"
    return PLACEHOLDER.sub(lambda found: arn + function(found[1]), text(machine))


def client(service, url, key="test", secret="test"):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        # A failed call must show, so none is tried again.
        config=botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=60),
    )


def make_table(dynamodb, name, *key):
    """A table whose key attributes are given as `name:type`."""
    attributes = [attribute.split(":") for attribute in key]
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": t} for n, t in attributes],
        KeySchema=[{"AttributeName": n, "KeyType": k} for (n, _), k in zip(attributes, ["HASH", "RANGE"])],
    )


class Execution:
    """An execution that has ended, with its history."""

    def __init__(self, told, history):
        self.name = told["name"]
        self.arn = told["executionArn"]
        self.status = told["status"]
        self.output = json.loads(told["output"]) if self.status == "SUCCEEDED" else None
        self.error, self.cause = told.get("error"), told.get("cause")
        self.history = history

    def events(self, kind):
        return [event for event in self.history if event["type"] == kind]

    def entered(self):
        """The names of the states, in order."""
        details = (event.get("stateEnteredEventDetails") for event in self.history)
        return [detail["name"] for detail in details if detail]

    def task_errors(self):
        return [event["taskFailedEventDetails"]["error"] for event in self.events("TaskFailed")]

    def task_outputs(self):
        return [json.loads(event["taskSucceededEventDetails"]["output"]) for event in self.events("TaskSucceeded")]

    def payload_sizes(self):
        """The number of bytes of each input and output of a state or a task."""
        for event in self.history:
            for detail in event.values():
                if isinstance(detail, dict):
                    for held in (detail.get("input"), detail.get("output")):
                        if held:
                            # Step Functions counts UTF-8. Interpreters add escapes and blanks of their own.
                            value = json.dumps(json.loads(held), ensure_ascii=False, separators=(",", ":"))
                            yield len(value.encode())

    def everything(self):
        return json.dumps(self.history, default=str) + json.dumps([self.output, self.error, self.cause])


class Interpreter:
    """A Step Functions interpreter."""

    def __init__(self, url, role):
        self.client = client("stepfunctions", url)
        self.role = role
        self.made = {}

    def make(self, name, text):
        made = self.client.create_state_machine(name=name, definition=text, roleArn=self.role)
        self.made[name] = made["stateMachineArn"]

    def run(self, machine, given):
        if machine not in self.made:
            self.make(machine, definition(machine))
        started = self.client.start_execution(
            stateMachineArn=self.made[machine], name=str(uuid.uuid4()), input=json.dumps(given)
        )
        deadline = time.monotonic() + 60
        while True:
            told = self.client.describe_execution(executionArn=started["executionArn"])
            if told["status"] != "RUNNING":
                break
            if time.monotonic() > deadline:
                raise TimeoutError(f"{machine} does not end: {self.history(started['executionArn'])[-3:]}")
            time.sleep(0.05)
        return Execution(told, self.history(started["executionArn"]))

    def history(self, arn):
        pages = self.client.get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]
