"""getItem in the usual way with boto3."""

import boto3
from boto3.dynamodb.types import TypeSerializer

from runtime import serve
from values import plain, text

client = boto3.client("dynamodb")
serialize = TypeSerializer().serialize


def handler(event):
    key = {name: serialize(value) for name, value in event["key"].items()}
    answer = client.get_item(TableName=event["tableName"], Key=key, ReturnConsumedCapacity="TOTAL")
    result = {"$metadata": answer["ResponseMetadata"], "ConsumedCapacity": answer["ConsumedCapacity"]}
    if "Item" in answer:
        result["Item"] = plain(answer["Item"])
    return text({"data": {"result": result, "found": "Item" in answer}})


serve(handler)
