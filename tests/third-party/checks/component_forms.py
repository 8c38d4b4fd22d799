"""What the forms of the "Amazon DynamoDB" integration component send, and the answers that its page shows. The steps use every
action and both pick-lists, on two tables.

The forms send text only: numbers and booleans as text, structures as text that holds JSON, named values as lists of
pairs, the connection as the component stores it. Items and answers are the page's own where it has one. Types and patterns
stand for what differs from run to run.

The functions are those that are deployed, behind AWS's Runtime Interface Emulator: see `emulator.py` for its variables.
"""

import contextlib
import decimal
import functools
import json
import re
import unittest

import lines
from emulator import Emulator
from shape import AtLeast, differences

CONNECTION = {
    "key": "apiKeySecret",
    "fields": {"accessKeyId": "componentForms", "secretAccessKey": "local"},
}
COMMON = {"awsConnection": CONNECTION, "awsRegion": "us-east-1"}

METADATA = {"httpStatusCode": 200, "requestId": re.compile(r"\S{20,}"), "attempts": 1, "totalRetryDelay": 0}
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def pairs(**named):
    return [{"key": name, "value": value} for name, value in named.items()]


def values(**named):
    """Expression attribute values, which start with a colon."""
    return [{"key": f":{name}", "value": value} for name, value in named.items()]


def capacity(table):
    """The page shows these two members. DynamoDB returns more."""
    return AtLeast(TableName=table, CapacityUnits=decimal.Decimal)


def description(table, status, attributes, key, units):
    """A table as the page shows it. DynamoDB returns more today than when the page was written."""
    throughput = {"ReadCapacityUnits": units, "WriteCapacityUnits": units, "NumberOfDecreasesToday": 0}
    return AtLeast(
        TableName=table,
        TableArn=re.compile(rf"arn:aws:dynamodb:\S+:table/{table}"),
        TableStatus=re.compile(status),
        CreationDateTime=TIME,
        AttributeDefinitions=attributes,
        KeySchema=key,
        TableSizeBytes=int,
        ItemCount=int,
        ProvisionedThroughput=AtLeast(throughput),
    )


USERS_ATTRIBUTES = [{"AttributeName": "userId", "AttributeType": "S"}]
USERS_KEY = [{"AttributeName": "userId", "KeyType": "HASH"}]
# Not in the order of the key: the key schema tells which attribute is which.
ORDERS_ATTRIBUTES = [
    {"AttributeName": "orderId", "AttributeType": "N"},
    {"AttributeName": "userId", "AttributeType": "S"},
]
ORDERS_KEY = [{"AttributeName": "userId", "KeyType": "HASH"}, {"AttributeName": "orderId", "KeyType": "RANGE"}]

JOHN = {
    "userId": {"S": "user-12345"},
    "email": {"S": "john.doe@example.com"},
    "firstName": {"S": "John"},
    "lastName": {"S": "Doe"},
    "age": {"N": "32"},
    "isActive": {"BOOL": True},
    "createdAt": {"S": "2024-01-15T10:30:00.000Z"},
    "lastLogin": {"S": "2024-03-20T14:22:10.000Z"},
    "preferences": {"M": {"theme": {"S": "dark"}, "notifications": {"BOOL": True}}},
    "tags": {"L": [{"S": "premium"}, {"S": "verified"}]},
}

# Each has its name, the function, the form's inputs, and the answer. An answer that is text is an error's type.
STEPS = [
    (
        "create a table",
        "create-table",
        {
            "tableName": "Users",
            "attributeDefinition": json.dumps(USERS_ATTRIBUTES),
            "keySchema": json.dumps(USERS_KEY),
            "billingMode": "PROVISIONED",
            "readCapacityUnits": "5",
            "writeCapacityUnits": "5",
        },
        {
            "data": {
                "$metadata": METADATA,
                "TableDescription": description("Users", "CREATING|ACTIVE", USERS_ATTRIBUTES, USERS_KEY, 5),
            }
        },
    ),
    (
        "create a table that is paid per request although the form has capacity units",
        "create-table",
        {
            "tableName": "Orders",
            "attributeDefinition": json.dumps(ORDERS_ATTRIBUTES),
            "keySchema": json.dumps(ORDERS_KEY),
            "billingMode": "PAY_PER_REQUEST",
            "readCapacityUnits": "6000",
            "writeCapacityUnits": "6000",
        },
        {
            "data": {
                "$metadata": METADATA,
                "TableDescription": description("Orders", "CREATING|ACTIVE", ORDERS_ATTRIBUTES, ORDERS_KEY, 0),
            }
        },
    ),
    (
        "describe a table",
        "describe-table",
        {"tableName": "Users"},
        {
            "data": {
                "$metadata": METADATA,
                "Table": description("Users", "ACTIVE", USERS_ATTRIBUTES, USERS_KEY, 5),
            }
        },
    ),
    (
        "list tables",
        "list-tables",
        {"fetchAll": "false"},
        {"data": {"result": {"$metadata": METADATA, "TableNames": ["Orders", "Users"]}, "found": True}},
    ),
    (
        "list all tables",
        "list-tables",
        {"fetchAll": "true"},
        {"data": {"result": {"$metadata": METADATA, "TableNames": ["Orders", "Users"]}, "found": True}},
    ),
    (
        "pick a table",
        "select-table",
        {},
        {"result": [{"label": "Orders", "key": "Orders"}, {"label": "Users", "key": "Users"}]},
    ),
    (
        "upsert an item of every kind of form input",
        "create-item",
        {
            "tableName": "Users",
            "item": pairs(
                userId="user-12345",
                email="john.doe@example.com",
                firstName="John",
                lastName="Doe",
                age="32",
                isActive="true",
                createdAt="2024-01-15T10:30:00.000Z",
                lastLogin="2024-03-20T14:22:10.000Z",
                preferences='{"theme": "dark", "notifications": true}',
                tags='["premium", "verified"]',
            ),
            "itemTypes": pairs(
                userId="S",
                email="S",
                firstName="S",
                lastName="S",
                age="N",
                isActive="BOOL",
                createdAt="S",
                lastLogin="S",
                preferences="M",
                tags="L",
            ),
            "conditionExpression": "",
            "expressionAttributeValues": [],
            "expressionAttributeValueTypes": [],
        },
        {"data": {"$metadata": METADATA, "ConsumedCapacity": capacity("Users")}},
    ),
    (
        "get an item",
        "get-item",
        {"tableName": "Users", "hashKeyValue": "user-12345", "rangeKeyValue": ""},
        {
            "data": {
                "result": {"$metadata": METADATA, "Item": JOHN, "ConsumedCapacity": capacity("Users")},
                "found": True,
            }
        },
    ),
    (
        "get an item by the other spellings of its key",
        "get-item",
        {"tableName": "Users", "value": "user-12345", "sortKeyValue": ""},
        {
            "data": {
                "result": {"$metadata": METADATA, "Item": JOHN, "ConsumedCapacity": capacity("Users")},
                "found": True,
            }
        },
    ),
    (
        "get an item that is not there",
        "get-item",
        {"tableName": "Users", "hashKeyValue": "nobody"},
        {"data": {"result": {"$metadata": METADATA, "ConsumedCapacity": capacity("Users")}, "found": False}},
    ),
    (
        "upsert with a condition that does not hold",
        "create-item",
        {
            "tableName": "Users",
            "item": pairs(userId="user-12345", age="1"),
            "itemTypes": pairs(userId="S", age="N"),
            "conditionExpression": "age < :limit",
            "expressionAttributeValues": values(limit="18"),
            "expressionAttributeValueTypes": values(limit="N"),
        },
        "ConditionalCheckFailedException",
    ),
    (
        "update an item",
        "update-item",
        {
            "tableName": "Users",
            "value": "user-12345",
            "sortKeyValue": "",
            "query": "SET lastName = :l, updatedAt = :u REMOVE createdAt, lastLogin, preferences, tags",
            "queryParams": values(l="Smith", u="2024-03-20T14:22:10.000Z"),
            "queryParamTypes": values(l="S", u="S"),
            "conditionExpression": "",
        },
        {
            "data": {
                "$metadata": METADATA,
                "Attributes": {
                    "userId": {"S": "user-12345"},
                    "email": {"S": "john.doe@example.com"},
                    "firstName": {"S": "John"},
                    "lastName": {"S": "Smith"},
                    "age": {"N": "32"},
                    "isActive": {"BOOL": True},
                    "updatedAt": {"S": "2024-03-20T14:22:10.000Z"},
                },
                "ConsumedCapacity": capacity("Users"),
            }
        },
    ),
    (
        "update an item of a table with a range key, reserved words and all",
        "update-item",
        {
            "tableName": "Orders",
            "value": "user-12345",
            "sortKeyValue": "1001",
            "query": "SET Status = :s, total = :t, codes = :c",
            "queryParams": values(s="open", t="12345678901234567890.12", c='["b", "a", "b"]'),
            "queryParamTypes": values(s="S", t="N", c="SS"),
        },
        {
            "data": {
                "$metadata": METADATA,
                "Attributes": {
                    "userId": {"S": "user-12345"},
                    "orderId": {"N": "1001"},
                    "Status": {"S": "open"},
                    "total": {"N": "12345678901234567890.12"},
                    # In DynamoDB's order.
                    "codes": {"SS": ["a", "b"]},
                },
                "ConsumedCapacity": capacity("Orders"),
            }
        },
    ),
    (
        "upsert what has binaries and number sets",
        "create-item",
        {
            "tableName": "Orders",
            "item": pairs(userId="user-12345", orderId="1002", photo="aGVsbG8=", scores="[1, 2.5]", total="12.5"),
            "itemTypes": pairs(userId="S", orderId="N", photo="B", scores="NS", total="N"),
        },
        {"data": {"$metadata": METADATA, "ConsumedCapacity": capacity("Orders")}},
    ),
    (
        "get an item of a table with a range key",
        "get-item",
        {"tableName": "Orders", "hashKeyValue": "user-12345", "rangeKeyValue": "1002"},
        {
            "data": {
                "result": {
                    "$metadata": METADATA,
                    "Item": {
                        "userId": {"S": "user-12345"},
                        "orderId": {"N": "1002"},
                        "photo": {"B": "aGVsbG8="},
                        "scores": {"NS": ["1", "2.5"]},
                        "total": {"N": "12.5"},
                    },
                    "ConsumedCapacity": capacity("Orders"),
                },
                "found": True,
            }
        },
    ),
    (
        "get without the range key that the table has",
        "get-item",
        {"tableName": "Orders", "hashKeyValue": "user-12345", "rangeKeyValue": ""},
        "InvalidInput",
    ),
    (
        "query items",
        "query-items",
        {
            "tableName": "Orders",
            "keyConditionExpression": "userId = :u and orderId > :o",
            "filterExpression": "total >= :t",
            "expressionAttributeValues": values(u="user-12345", o="1000", t="10"),
            "expressionAttributeValueTypes": values(u="S", o="N", t="N"),
            "queryParameters": '{"ScanIndexForward": false, "Limit": 10}',
        },
        {
            "data": {
                "$metadata": METADATA,
                "Items": [
                    {
                        "userId": "user-12345",
                        "orderId": 1002,
                        "photo": "aGVsbG8=",
                        "scores": [1, decimal.Decimal("2.5")],
                        "total": decimal.Decimal("12.5"),
                    },
                    {
                        "userId": "user-12345",
                        "orderId": 1001,
                        "Status": "open",
                        "total": decimal.Decimal("12345678901234567890.12"),
                        "codes": ["a", "b"],
                    },
                ],
                "Count": 2,
                "ScannedCount": 2,
                "ConsumedCapacity": capacity("Orders"),
            }
        },
    ),
    (
        "a page of a query says where to go on",
        "query-items",
        {
            "tableName": "Orders",
            "keyConditionExpression": "userId = :u",
            "expressionAttributeValues": values(u="user-12345"),
            "expressionAttributeValueTypes": values(u="S"),
            "queryParameters": '{"Limit": "1", "ProjectionExpression": "orderId"}',
        },
        {
            "data": {
                "$metadata": METADATA,
                "Items": [{"orderId": 1001}],
                "Count": 1,
                "ScannedCount": 1,
                "LastEvaluatedKey": {"userId": {"S": "user-12345"}, "orderId": {"N": "1001"}},
                "ConsumedCapacity": capacity("Orders"),
            }
        },
    ),
    (
        "insert by a statement",
        "raw-request",
        {
            "statement": "INSERT INTO Users value {'userId': ?, 'email': ?, 'firstName': ?, 'lastName': ?}",
            "parameters": '["user-67890", "jane.smith@example.com", "Jane", "Smith"]',
            "queryParameters": "",
        },
        {"data": AtLeast({"$metadata": METADATA, "Items": []})},
    ),
    (
        "select by a statement",
        "raw-request",
        {
            "statement": "SELECT userId, email, firstName, lastName FROM Users WHERE userId = ?",
            "parameters": '["user-67890"]',
            "queryParameters": '{"ConsistentRead": "true"}',
        },
        {
            "data": AtLeast(
                {
                    "$metadata": METADATA,
                    "Items": [
                        {
                            "userId": {"S": "user-67890"},
                            "email": {"S": "jane.smith@example.com"},
                            "firstName": {"S": "Jane"},
                            "lastName": {"S": "Smith"},
                        }
                    ],
                }
            )
        },
    ),
    (
        "delete with a condition that does not hold",
        "delete-item",
        {
            "tableName": "Orders",
            "hashKeyValue": "user-12345",
            "rangeKeyValue": "1001",
            "conditionExpression": "Status = :s",
            "expressionAttributeValues": values(s="shipped"),
            "expressionAttributeValueTypes": values(s="S"),
        },
        "ConditionalCheckFailedException",
    ),
    (
        "delete an item",
        "delete-item",
        {
            "tableName": "Orders",
            "value": "user-12345",
            "sortKeyValue": "1001",
            "conditionExpression": "Status = :s",
            "expressionAttributeValues": values(s="open"),
            "expressionAttributeValueTypes": values(s="S"),
        },
        {"data": {"$metadata": METADATA, "ConsumedCapacity": capacity("Orders")}},
    ),
    (
        "what is deleted is gone",
        "get-item",
        {"tableName": "Orders", "hashKeyValue": "user-12345", "rangeKeyValue": "1001"},
        {"data": {"result": {"$metadata": METADATA, "ConsumedCapacity": capacity("Orders")}, "found": False}},
    ),
    (
        "delete a table",
        "delete-table",
        {"tableName": "Users"},
        {
            "data": {
                "$metadata": METADATA,
                "TableDescription": description("Users", "DELETING|ACTIVE", USERS_ATTRIBUTES, USERS_KEY, 5),
            }
        },
    ),
    (
        "a table that is deleted is no longer described",
        "describe-table",
        {"tableName": "Users"},
        "ResourceNotFoundException",
    ),
    (
        "another account has other tables",
        "list-tables",
        {"awsConnection": CONNECTION | {"fields": CONNECTION["fields"] | {"accessKeyId": "AKIAI44QH8DHBEXAMPLE"}}},
        {"data": {"result": {"$metadata": METADATA, "TableNames": []}, "found": False}},
    ),
]


@functools.cache
def emulator(function):
    return PROCESSES.enter_context(Emulator(function))


def result(answer):
    """Where `$metadata` is."""
    return answer["data"].get("result", answer["data"])


class ComponentForms(unittest.TestCase):
    """Its tests are the steps, in their order; see below."""

    def check(self, function, inputs, expected):
        answer = emulator(function).invoke(COMMON | inputs)
        text = json.dumps(answer, default=str, indent=2, ensure_ascii=False)
        if isinstance(expected, str):
            self.assertEqual(answer.get("errorType"), expected, text)
            self.assertNotIn("\n", answer["errorMessage"])
            return
        wrong = differences(expected, answer)
        if wrong:
            self.fail("\n".join([*wrong, "", text]))
        if "data" in answer:
            self.assertEqual(next(iter(result(answer))), "$metadata", "the first member")

    def check_regions(self):
        choices = emulator("select-region").invoke(COMMON)["result"]
        self.assertIn({"label": "US East (N. Virginia) — us-east-1", "key": "us-east-1"}, choices)
        self.assertEqual([set(choice) for choice in choices], [{"label", "key"}] * len(choices))


def add(number, name, check):
    # Tests run in the order of their names.
    setattr(ComponentForms, f"test_{number:02}_{name.replace(' ', '_')}", check)


for index, (step, *arguments) in enumerate(STEPS):
    add(index + 1, step, lambda self, arguments=arguments: self.check(*arguments))
add(len(STEPS) + 1, "pick a region", ComponentForms.check_regions)


if __name__ == "__main__":
    with contextlib.ExitStack() as PROCESSES:
        lines.main()
