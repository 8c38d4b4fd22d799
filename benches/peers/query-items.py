"""queryItems with one page, in the usual way with boto3."""

import boto3
from boto3.dynamodb.types import TypeSerializer

from runtime import serve
from values import plain, text

client = boto3.client("dynamodb")
serialize = TypeSerializer().serialize


def handler(event):
    answer = client.query(
        TableName=event["tableName"],
        KeyConditionExpression=event["keyConditionExpression"],
        ExpressionAttributeValues={
            name: serialize(value) for name, value in event["expressionAttributeValues"].items()
        },
        ReturnConsumedCapacity="TOTAL",
    )
    if event.get("outputFormat") != "typed":
        answer["Items"] = [plain(item) for item in answer["Items"]]
    return text({"data": answer})


serve(handler)
