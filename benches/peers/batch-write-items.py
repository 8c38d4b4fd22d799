"""Writes items in the usual way with boto3: `batch_writer`."""

import decimal
import json

import boto3

from runtime import serve
from values import text

dynamodb = boto3.resource("dynamodb")


def handler(event):
    # boto3 takes no floats.
    items = json.loads(json.dumps(event["put"]), parse_float=decimal.Decimal)
    with dynamodb.Table(event["tableName"]).batch_writer() as batch:
        for item in items:
            batch.put_item(Item=item)
    return text({"data": {"Written": len(items)}})


serve(handler)
