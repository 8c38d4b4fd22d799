"""`sam local invoke` of every function with its sample event, on the tables that `cargo run -- serve` starts with, in the
order of a day's work. SAM is the SAM CLI, SAM_OVERRIDES the parameters that this machine needs.

The command exits with 0 when the function fails. So its output is checked.
"""

import decimal
import json
import os
import re
import subprocess
import unittest

import lines
from shape import AtLeast, differences

METADATA = {"httpStatusCode": 200, "requestId": re.compile(r"\S{20,}"), "attempts": 1, "totalRetryDelay": 0}
ORDERS_KEY = [
    {"AttributeName": "customerId", "KeyType": "HASH"},
    {"AttributeName": "orderId", "KeyType": "RANGE"},
]


def capacity(table):
    return AtLeast(TableName=table, CapacityUnits=decimal.Decimal)


def orders(status):
    return AtLeast(TableName="Orders", TableStatus=re.compile(status), KeySchema=ORDERS_KEY)


ORDER_1002 = {
    "customerId": "C-1",
    "orderId": 1002,
    "status": "open",
    "total": decimal.Decimal("12.5"),
    "flags": ["express", "gift"],
    "note": None,
}
CUSTOMER = {
    "customerId": {"S": "C-1"},
    "name": {"S": "Ann"},
    "age": {"N": "32"},
    "balance": {"N": "12345678901234567890.12"},
    "address": {"M": {"city": {"S": "Oslo"}, "zip": {"S": "0150"}}},
    "tags": {"SS": ["premium", "verified"]},
    "photo": {"B": "bm90IHJlYWxseSBhIHBob3Rv"},
    "closed": {"NULL": True},
}

# Each has the function's binary, and the answer to its sample event.
STEPS = [
    ("list-tables", {"data": {"result": {"$metadata": METADATA, "TableNames": ["Customers", "Orders"]}, "found": True}}),
    (
        "select-table",
        {"result": [{"label": "Customers", "key": "Customers"}, {"label": "Orders", "key": "Orders"}]},
    ),
    ("describe-table", {"data": {"$metadata": METADATA, "Table": orders("ACTIVE")}}),
    (
        "test-connection",
        {
            "data": AtLeast(
                ok=True,
                connection="accessKey",
                region="us-east-1",
                actions=[{"action": "ListTables", "ok": True}, {"action": "DescribeTable", "ok": True}],
            )
        },
    ),
    (
        "update-table",
        {
            "data": AtLeast(
                TableDescription=AtLeast(TableName="Customers", TableStatus="ACTIVE"),
                Changed=["billingMode", "streamSpecification", "createIndexes"],
            )
        },
    ),
    (
        "get-item",
        {
            "data": {
                "result": {"$metadata": METADATA, "Item": CUSTOMER, "ConsumedCapacity": capacity("Customers")},
                "found": True,
            }
        },
    ),
    ("create-item", {"data": {"$metadata": METADATA, "ConsumedCapacity": capacity("Customers")}}),
    (
        "update-item",
        {
            "data": {
                "$metadata": METADATA,
                "Attributes": AtLeast(
                    customerId="C-1", name="Ann B.", age=33, address={"city": "Bergen", "zip": "0150"}, history=["moved"]
                ),
                "ConsumedCapacity": capacity("Customers"),
            }
        },
    ),
    (
        "query-items",
        {
            "data": {
                "$metadata": METADATA,
                "Items": [AtLeast(orderId=1001, total=decimal.Decimal("99.9"), paid=False), ORDER_1002],
                "Count": 2,
                "ScannedCount": 2,
                "ConsumedCapacity": capacity("Orders"),
            }
        },
    ),
    ("raw-request", {"data": AtLeast({"$metadata": METADATA, "Items": [{"orderId": 1002, "status": "open"}]})}),
    (
        "delete-item",
        {"data": {"$metadata": METADATA, "Attributes": ORDER_1002, "ConsumedCapacity": capacity("Orders")}},
    ),
    ("scan-items", {"data": AtLeast(Items=list, Count=int, ScannedCount=int)}),
    ("batch-write-items", {"data": AtLeast(Written=2, Deleted=1, Rejected=[], Unprocessed={"put": [], "delete": []})}),
    ("batch-get-items", {"data": AtLeast(Items=list, NotFound=list, Unprocessed=[])}),
    ("transact-write-items", {"data": AtLeast({"$metadata": METADATA, "ConsumedCapacity": list})}),
    ("transact-get-items", {"data": AtLeast({"$metadata": METADATA, "Items": list})}),
    ("batch-statements", {"data": AtLeast(Responses=list)}),
    ("plain-records", [AtLeast(table="Orders", keys=dict, sequenceNumber=str)] * 3),
    # `create-table` makes the table that this one deletes.
    ("delete-table", {"data": {"$metadata": METADATA, "TableDescription": orders("DELETING|ACTIVE")}}),
    ("create-table", {"data": {"$metadata": METADATA, "TableDescription": orders("ACTIVE")}}),
]


def logical_id(binary):
    return "".join(word.capitalize() for word in binary.split("-")) + "Function"


def invoke(binary, event):
    """The command of docs/deploy.md, but for the image: the one that is made here cannot be pulled."""
    command = [os.environ["SAM"], "local", "invoke", logical_id(binary), "-e", event]
    command += ["--env-vars", "events/env.json", "--skip-pull-image"]
    if os.environ["SAM_OVERRIDES"]:
        command += ["--parameter-overrides", os.environ["SAM_OVERRIDES"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0 or not done.stdout.strip():
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout, parse_float=decimal.Decimal)


class SamLocalInvoke(unittest.TestCase):
    """Its tests are the steps, in their order; see below."""

    def check(self, binary, expected):
        answer = invoke(binary, f"events/{binary}.json")
        wrong = differences(expected, answer)
        if wrong:
            self.fail("\n".join([*wrong, "", json.dumps(answer, default=str, indent=2, ensure_ascii=False)]))

    def check_regions(self):
        choices = invoke("select-region", "events/select-region.json")["result"]
        self.assertIn({"label": "US East (N. Virginia) — us-east-1", "key": "us-east-1"}, choices)

    def check_that_none_is_left_out(self):
        binaries = {name.removesuffix(".rs") for name in os.listdir("functions/src/bin")}
        self.assertEqual({binary for binary, _ in STEPS} | {"select-region"}, binaries)

    def check_error(self):
        # This event is for another function.
        answer = invoke("get-item", "events/create-item.json")
        self.assertEqual(answer["errorType"], "InvalidInput", answer)


def add(number, name, check):
    # Tests run in the order of their names.
    setattr(SamLocalInvoke, f"test_{number:02}_{name}", check)


for index, (step, shape) in enumerate(STEPS):
    add(index, f"sam_local_invoke_{logical_id(step)}", lambda self, step=step, shape=shape: self.check(step, shape))
add(len(STEPS), "sam_local_invoke_SelectRegionFunction", SamLocalInvoke.check_regions)
add(len(STEPS) + 1, "sam_local_invoke_of_a_function_that_fails", SamLocalInvoke.check_error)
add(len(STEPS) + 2, "every_function_is_invoked", SamLocalInvoke.check_that_none_is_left_out)


if __name__ == "__main__":
    lines.main()
