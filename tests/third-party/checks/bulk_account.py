"""An account on ministack with the functions and the state machines for whole tables, and what they leave in S3.

MINISTACK_URL is the endpoint of `ministack_distributed_map.py` with AUTH=true. FUNCTIONS is the folder of the zips.
"""

import io
import json
import os
import pathlib
import time
import uuid
import zipfile

from bulk_machines import BUCKET, MACHINES, definition
from statemachines import ACCOUNT, REGION, Execution, client, make_table
from statemachines_account import make_role
from statemachines_wire import Wire

TABLES = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/*"
PERMISSIONS = {
    "batch-write-items": [("dynamodb:BatchWriteItem", TABLES), ("dynamodb:DescribeTable", TABLES)],
    "describe-table": [("dynamodb:DescribeTable", TABLES)],
    "query-items": [("dynamodb:Query", TABLES)],
    "scan-items": [("dynamodb:Scan", TABLES)],
}
PARTNER = "222222222222"
PARTNER_ROLE = f"arn:aws:iam::{PARTNER}:role/customers-writer"
EXTERNAL_ID = "words-we-share"
ASSUMES = ("sts:AssumeRole", PARTNER_ROLE)


class BulkAccount:
    def __init__(self, url):
        self.url = url
        self.wire = Wire(url)
        self.dynamodb, self.s3 = client("dynamodb", url), client("s3", url)
        self.states = client("stepfunctions", url)
        self.s3.create_bucket(Bucket=BUCKET)
        iam, service = client("iam", url), client("lambda", url)
        trust = {"Principal": {"Service": "lambda.amazonaws.com"}}
        for name, permissions in PERMISSIONS.items():
            environment = {"AWS_ENDPOINT_URL": url, "AWS_ENDPOINT_URL_DYNAMODB": self.wire.url, "AWS_MAX_ATTEMPTS": "3"}
            service.create_function(
                FunctionName=name,
                Runtime="provided.al2023",
                Handler="bootstrap",
                Timeout=30,
                Role=make_role(iam, f"{name}-role", trust, *permissions, ASSUMES),
                Code={"ZipFile": pathlib.Path(os.environ["FUNCTIONS"], f"{name}.zip").read_bytes()},
                Environment={"Variables": environment},
            )
        trust = {"Principal": {"Service": "states.amazonaws.com"}}
        may = ("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*")
        self.role = make_role(iam, "bulk-machines", trust, may)
        self.machines = {name: self.make(name, definition(name)) for name in MACHINES}
        self.make_partner()

    def make(self, name, text):
        return self.states.create_state_machine(name=name, definition=text, roleArn=self.role)["stateMachineArn"]

    def make_partner(self):
        """Another account with a role that the functions may assume."""
        self.theirs = client("dynamodb", self.url, PARTNER)
        roles = [f"arn:aws:iam::{ACCOUNT}:role/{name}-role" for name in PERMISSIONS]
        trust = {"Principal": {"AWS": roles}, "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}}
        theirs = f"arn:aws:dynamodb:{REGION}:{PARTNER}:table/*"
        actions = ["dynamodb:BatchWriteItem", "dynamodb:DescribeTable", "dynamodb:Scan"]
        make_role(client("iam", self.url, PARTNER), "customers-writer", trust, *((action, theirs) for action in actions))
        self.connection = {"roleArn": PARTNER_ROLE, "externalId": EXTERNAL_ID}

    def python_function(self, name, code):
        """A function of a user's, in Python."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("index.py", code)
        trust = {"Principal": {"Service": "lambda.amazonaws.com"}}
        role = make_role(client("iam", self.url), f"{name}-role", trust, ("logs:PutLogEvents", "*"))
        made = client("lambda", self.url).create_function(
            FunctionName=name, Runtime="python3.11", Handler="index.handler", Role=role, Code={"ZipFile": archive.getvalue()}
        )
        return made["FunctionArn"]

    def table(self, *key, theirs=False):
        name = f"t{uuid.uuid4().hex[:12]}"
        make_table(self.theirs if theirs else self.dynamodb, name, *key)
        return name

    def make_samples(self):
        """What the sample inputs name."""
        for database in (self.dynamodb, self.theirs):
            make_table(database, "Customers", "customerId:S")
        rows = "".join(f"C-{number},{10 + number % 60},{number}.50\n" for number in range(1_000))
        self.put("incoming/customers.csv", "customerId,age,balance\n" + rows)

    def put(self, key, body):
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body if isinstance(body, bytes) else body.encode())
        return key

    def objects(self, prefix):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return {key: self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in keys}

    def lines(self, prefix):
        """The values of the JSON Lines under a prefix."""
        return [json.loads(line) for text in self.objects(prefix).values() for line in text.splitlines()]

    def items(self, table, theirs=False):
        """All items of a table, typed, by their keys."""
        database = self.theirs if theirs else self.dynamodb
        keys = [key["AttributeName"] for key in database.describe_table(TableName=table)["Table"]["KeySchema"]]
        pages = database.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        found = [item for page in pages for item in page["Items"]]
        return {tuple(str(next(iter(item[key].values()))) for key in keys): item for item in found}

    def start(self, machine, given, name=None):
        started = self.states.start_execution(
            stateMachineArn=self.machines.get(machine, machine), name=name or str(uuid.uuid4()), input=json.dumps(given)
        )
        return started["executionArn"]

    def wait(self, arn, seconds=600):
        deadline = time.monotonic() + seconds
        while True:
            told = self.states.describe_execution(executionArn=arn)
            if told["status"] != "RUNNING":
                pages = self.states.get_paginator("get_execution_history").paginate(executionArn=arn)
                return Execution(told, [event for page in pages for event in page["events"]])
            if time.monotonic() > deadline:
                raise TimeoutError(f"{arn} does not end")
            time.sleep(0.05)

    def run(self, machine, given, name=None):
        return self.wait(self.start(machine, given, name))

    def succeeded_batches(self, arn):
        """How many children of an execution's first Map Run have ended well."""
        runs = self.states.list_map_runs(executionArn=arn)["mapRuns"]
        if not runs:
            return 0
        return self.states.describe_map_run(mapRunArn=runs[0]["mapRunArn"])["executionCounts"]["succeeded"]

    def children(self, done):
        """The children of an execution's last Map Run."""
        (*_, run) = self.states.list_map_runs(executionArn=done.arn)["mapRuns"]
        pages = self.states.get_paginator("list_executions").paginate(mapRunArn=run["mapRunArn"])
        return [child for page in pages for child in page["executions"]]
